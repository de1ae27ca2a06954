//! Who asks, from where, and under which request.

use std::{net::IpAddr, sync::Arc};

use super::permissions::Permissions;

/// The one who asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is.
    pub who: Who,
    /// The request it asks by, as in `X-Request-Id`.
    pub request_id: Arc<str>,
    /// Where it asks from, after trusted proxies were looked through.
    pub address: IpAddr,
}

/// Who it is that asks.
#[derive(Clone, Debug)]
pub enum Who {
    /// Nobody that we know.
    Guest,
    /// A user, by a session.
    User(Arc<SignedIn>),
    /// Whoever runs this instance, by its command line.
    Operator,
}

/// A signed-in user with the rights of this moment.
#[derive(Debug)]
pub struct SignedIn {
    /// The user's id.
    pub user: String,
    /// The session's id.
    pub session: String,
    /// The session's key for CSRF tokens.
    pub csrf_key: String,
    /// True until a password that somebody else has set is changed.
    pub must_change_password: bool,
    /// Names of the roles, sorted.
    pub roles: Vec<String>,
    /// What the roles allow.
    pub permissions: Permissions,
}

impl SignedIn {
    /// A user as if it were signed in, to say what it might do. It has no session.
    pub fn imagined(user: String, roles: Vec<String>, permissions: Permissions) -> Self {
        Self {
            user,
            session: String::new(),
            csrf_key: String::new(),
            must_change_password: false,
            roles,
            permissions,
        }
    }

    /// Bytes that it takes in memory, about.
    pub fn size(&self) -> usize {
        let texts = self.roles.iter().chain(self.permissions.as_slice());
        let texts: usize = texts.map(|text| text.len() + size_of::<String>()).sum();
        size_of::<Self>() + self.user.len() + self.session.len() + self.csrf_key.len() + texts
    }
}

impl Caller {
    /// The user, if it is one.
    pub fn user(&self) -> Option<&SignedIn> {
        match &self.who {
            Who::User(user) => Some(user),
            Who::Guest | Who::Operator => None,
        }
    }

    /// Somebody else, as if the request were theirs.
    #[must_use]
    pub fn posing_as(&self, who: Who) -> Self {
        Self {
            who,
            ..self.clone()
        }
    }

    /// As events and audit entries name the user `id`.
    pub fn name_of(id: &str) -> String {
        format!("user:{id}")
    }

    /// As events and audit entries name it: `user:<id>`, `operator` or `guest`.
    pub fn actor(&self) -> String {
        match &self.who {
            Who::User(user) => Self::name_of(&user.user),
            Who::Operator => "operator".to_owned(),
            Who::Guest => "guest".to_owned(),
        }
    }
}

//! What commands have done to an instance. A task is written once: it runs in whichever process
//! has the data directory, be that the command itself or the server that it asks.

use std::future::Future;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use super::App;
use crate::{
    access::Caller,
    base::{
        Result,
        json::Object,
        secret::{ExposeSecret, SecretString},
    },
    engine::{Expected, Standing},
    features::auth::Admin,
};

/// One thing that the operator can have done.
pub trait Task: Serialize + DeserializeOwned + 'static {
    /// Where the server takes it, by `POST` on its socket.
    const PATH: &'static str;
    /// True if it makes the instance where there is none.
    const MAKES_INSTANCE: bool = false;
    /// True if it may take longer than anybody can say.
    const IS_LONG: bool = false;
    /// What comes back.
    type Answer: Serialize + DeserializeOwned;

    /// Does it.
    ///
    /// # Errors
    /// Those of the service behind it.
    fn run(self, app: &App, operator: &Caller) -> impl Future<Output = Result<Self::Answer>>;
}

/// Makes an administrator.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateAdmin {
    /// The address to sign in with.
    pub email: String,
    /// The name to show.
    pub display_name: String,
    /// The password.
    #[serde(serialize_with = "expose")]
    pub password: SecretString,
}

impl Task for CreateAdmin {
    const PATH: &'static str = "/api/operator/admins/create";
    const MAKES_INSTANCE: bool = true;
    type Answer = ();

    async fn run(self, app: &App, operator: &Caller) -> Result<()> {
        let account = json!({ "email": self.email, "displayName": self.display_name }).to_string();
        let account = Object::parse(account.as_bytes())?;
        let made = app
            .auth
            .create_admin(operator, self.password, &account, false);
        made.await.map(|_| ())
    }
}

/// Lists the administrators.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ListAdmins {}

impl Task for ListAdmins {
    const PATH: &'static str = "/api/operator/admins/list";
    type Answer = Vec<Admin>;

    async fn run(self, app: &App, operator: &Caller) -> Result<Vec<Admin>> {
        app.auth.admins(operator).await
    }
}

/// Sets the password of an account, and ends its sessions.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// The address of the account.
    pub email: String,
    /// The new password.
    #[serde(serialize_with = "expose")]
    pub password: SecretString,
}

impl Task for SetPassword {
    const PATH: &'static str = "/api/operator/admins/password";
    type Answer = ();

    async fn run(self, app: &App, operator: &Caller) -> Result<()> {
        let set = app.auth.set_password(operator, &self.email, self.password);
        set.await
    }
}

/// Disables an account, and ends its sessions.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Disable {
    /// The address of the account.
    pub email: String,
}

impl Task for Disable {
    const PATH: &'static str = "/api/operator/admins/disable";
    type Answer = ();

    async fn run(self, app: &App, operator: &Caller) -> Result<()> {
        let id = app.auth.id_of(operator, &self.email).await?;
        let disabled = Standing::Disabled;
        let done = app
            .users
            .set_standing(operator, &id, disabled, Expected::Any, None);
        done.await.map(|_| ())
    }
}

/// Lets an account be signed in to again that too many wrong passwords have locked.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The address of the account.
    pub email: String,
}

impl Task for Unlock {
    const PATH: &'static str = "/api/operator/admins/unlock";
    type Answer = ();

    async fn run(self, app: &App, operator: &Caller) -> Result<()> {
        let id = app.auth.id_of(operator, &self.email).await?;
        app.users.unlock(operator, &id, None).await.map(|_| ())
    }
}

/// Makes access tokens by a new key from now on.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RotateKeys {}

impl Task for RotateKeys {
    const PATH: &'static str = "/api/operator/keys/rotate";
    /// The id of the new key.
    type Answer = String;

    async fn run(self, app: &App, operator: &Caller) -> Result<String> {
        app.auth.rotate_keys(operator).await
    }
}

/// A password has to reach the process that hashes it.
fn expose<S: serde::Serializer>(secret: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose_secret())
}

//! Permissions: `{collection}:{action}` and `system:{resource}:{action}`, with wildcards.

use crate::base::{Error, Result};

/// What somebody may do: the permissions of all their roles together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions(Vec<String>);

impl Permissions {
    /// Adds those of a role, as they are stored: a JSON list of texts.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if it is no such list, which Stead never stores.
    pub fn add(&mut self, stored: &str) -> Result<()> {
        let more: Vec<String> = serde_json::from_str(stored).map_err(Error::internal)?;
        for permission in more {
            if !self.0.contains(&permission) {
                self.0.push(permission);
            }
        }
        Ok(())
    }

    /// True if `wanted`, such as `posts:create`, is among them. `write` is asked for by naming
    /// each of `create` and `update`.
    pub fn allow(&self, wanted: &str) -> bool {
        self.0.iter().any(|held| covers(held, wanted))
    }

    /// True if these hold all that `others` hold, so that nobody gives what it does not have.
    pub fn include(&self, others: &Self) -> bool {
        others
            .0
            .iter()
            .all(|other| self.0.iter().any(|held| held == "*" || held == other))
    }

    /// As they are shown.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// `*` covers everything. `*:read` covers every collection but `users`, and nothing of the system.
fn covers(held: &str, wanted: &str) -> bool {
    if held == "*" {
        return true;
    }
    let Some((resource, action)) = held.rsplit_once(':') else {
        return false;
    };
    let Some((wanted_resource, wanted_action)) = wanted.rsplit_once(':') else {
        return false;
    };
    let is_system = wanted_resource == "system" || wanted_resource.starts_with("system:");
    let resource_fits = match resource {
        "*" => !is_system && wanted_resource != "users",
        "system" if action == "*" => is_system,
        resource => resource == wanted_resource,
    };
    let action_fits = match action {
        "*" => true,
        "write" => matches!(wanted_action, "write" | "create" | "update"),
        action => action == wanted_action,
    };
    resource_fits && action_fits
}

#[cfg(test)]
mod tests {
    use super::{Permissions, covers};

    #[test]
    fn wildcards_reach_as_far_as_they_say() {
        let cases = [
            ("*", "users:delete", true),
            ("*", "system:collections:write", true),
            ("*:read", "posts:read", true),
            ("*:read", "posts:create", false),
            ("*:read", "users:read", false),
            ("*:read", "system:collections:read", false),
            ("*:write", "posts:create", true),
            ("*:write", "posts:update", true),
            ("*:write", "posts:delete", false),
            ("*:write", "users:create", false),
            ("posts:*", "posts:purge", true),
            ("posts:*", "comments:read", false),
            ("users:read", "users:read", true),
            ("system:*", "system:collections:write", true),
            ("system:collections:read", "system:collections:read", true),
            ("system:collections:read", "system:collections:write", false),
            ("posts", "posts:read", false),
            ("", "posts:read", false),
        ];
        for (held, wanted, expected) in cases {
            assert_eq!(covers(held, wanted), expected, "{held} covers {wanted}");
        }
    }

    #[test]
    fn nobody_gives_what_it_does_not_have() {
        let of = |stored: &str| {
            let mut permissions = Permissions::default();
            permissions.add(stored).unwrap();
            permissions
        };
        assert!(of(r#"["*"]"#).include(&of(r#"["*:read","*:write"]"#)));
        assert!(of(r#"["*:read","*:write"]"#).include(&of(r#"["*:read"]"#)));
        assert!(!of(r#"["*:read"]"#).include(&of(r#"["*"]"#)));
    }
}

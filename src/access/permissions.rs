//! Permissions: `{collection}:{action}` and `system:{resource}:{action}`, with wildcards.

use crate::base::{Error, Result};

/// The permission to do everything.
pub const ALL: &str = "*";

/// What `write` means for records.
const WRITE: &[&str] = &["create", "update"];

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

    /// True if `wanted`, such as `posts:create`, is among them. `posts:write` asks for all that it
    /// means, however it is held: by one permission, or by `create` and `update` apart.
    ///
    /// What is wanted may hold wildcards itself: `*:read` is only there if it is held as a whole,
    /// and not by one permission for each collection of today.
    pub fn allow(&self, wanted: &str) -> bool {
        let is_held = |wanted: &str| self.0.iter().any(|held| covers(held, wanted));
        let by_parts = |resource: &str| {
            let part = |action: &&str| is_held(&format!("{resource}:{action}"));
            !is_of_system(resource) && WRITE.iter().all(part)
        };
        is_held(wanted) || wanted.strip_suffix(":write").is_some_and(by_parts)
    }

    /// True if these hold all that `others` hold, so that nobody gives what it does not have.
    pub fn include(&self, others: &Self) -> bool {
        others.0.iter().all(|other| self.allow(other))
    }

    /// True for who may do everything, also what comes with later versions.
    pub fn are_all(&self) -> bool {
        self.allow(ALL)
    }

    /// As they are shown.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// `*` covers everything. `*:read` covers every collection but `users`, and nothing of the system.
fn covers(held: &str, wanted: &str) -> bool {
    // What an SQL shell has put there may have no form at all, and is still held by who has it.
    if held == ALL || held == wanted {
        return true;
    }
    let Some((resource, action)) = held.rsplit_once(':') else {
        return false;
    };
    let Some((wanted_resource, wanted_action)) = wanted.rsplit_once(':') else {
        return false;
    };
    let is_system = is_of_system(wanted_resource);
    let resource_fits = match resource {
        "*" => !is_system && wanted_resource != "users",
        "system" if action == "*" => is_system,
        resource => resource == wanted_resource,
    };
    let action_fits = match action {
        "*" => true,
        "write" => wanted_action == "write" || WRITE.contains(&wanted_action),
        action => action == wanted_action,
    };
    resource_fits && action_fits
}

fn is_of_system(resource: &str) -> bool {
    resource == "system" || resource.starts_with("system:")
}

impl From<Vec<String>> for Permissions {
    /// Those of a role.
    fn from(permissions: Vec<String>) -> Self {
        Self(permissions)
    }
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
            ("posts", "posts", true),
        ];
        for (held, wanted, expected) in cases {
            assert_eq!(covers(held, wanted), expected, "{held} covers {wanted}");
        }
    }

    fn of(held: &[&str]) -> Permissions {
        let held: Vec<String> = held.iter().map(|&held| held.to_owned()).collect();
        Permissions::from(held)
    }

    #[test]
    fn write_is_held_where_all_is_held_that_it_means() {
        for held in [
            &["posts:write"][..],
            &["posts:create", "posts:update"],
            &["posts:create", "*:update"],
            &["*:write"],
            &["posts:*"],
            &["*"],
        ] {
            assert!(of(held).allow("posts:write"), "{held:?}");
        }
        for held in [
            &["posts:create"][..],
            &["posts:update", "posts:delete"],
            &["posts:create", "notes:update"],
            &["system:*"],
        ] {
            assert!(!of(held).allow("posts:write"), "{held:?}");
        }
        assert!(of(&["users:create", "users:update"]).allow("users:write"));
        assert!(!of(&["*:create", "*:update"]).allow("users:write"));
        assert!(!of(&["system:roles:create", "system:roles:update"]).allow("system:roles:write"));
    }

    #[test]
    fn bypass_is_held_by_name_by_star_and_never_by_another_action() {
        for held in ["posts:bypass", "*:bypass", "posts:*", "*:*", "*"] {
            assert!(of(&[held]).allow("posts:bypass"), "{held}");
        }
        for held in [
            "posts:write",
            "*:write",
            "notes:bypass",
            "notes:*",
            "system:*",
        ] {
            assert!(!of(&[held]).allow("posts:bypass"), "{held}");
        }
        assert!(!of(&["*:bypass", "*:*"]).allow("users:bypass"));
        assert!(of(&["users:bypass"]).allow("users:bypass"));
    }

    #[test]
    fn nobody_gives_what_it_does_not_have() {
        let cases: &[(&[&str], &[&str], bool)] = &[
            (&["*"], &["*:read", "*:write", "system:*", "users:*"], true),
            (&["*:read", "*:write"], &["*:read"], true),
            (&["*:read"], &["*"], false),
            (&["*:read"], &["posts:read"], true),
            (&["*:read"], &["users:read"], false),
            (&["posts:read"], &["*:read"], false),
            (&["posts:*"], &["posts:write", "posts:bypass"], true),
            (&["posts:read", "posts:write"], &["posts:*"], false),
            (&["posts:create", "posts:update"], &["posts:write"], true),
            (&["*:create", "*:update"], &["*:write"], true),
            (&["posts:write"], &["posts:create"], true),
            (&["*:*"], &["*"], false),
            (&["*:*"], &["*:bypass", "posts:*"], true),
            (&["*:*"], &["system:roles:read"], false),
            (&["*:*"], &["system:*"], false),
            (&["system:*"], &["system:roles:write"], true),
            (
                &["system:roles:read", "system:roles:write"],
                &["system:*"],
                false,
            ),
            (&[], &[], true),
        ];
        for (own, given, expected) in cases {
            assert_eq!(of(own).include(&of(given)), *expected, "{own:?} {given:?}");
        }
    }
}

//! What a permission may look like when it is stored. What it then allows is for `permissions`.

use super::permissions::ALL;
use crate::{
    base::{Issue, IssueCode},
    schema::Schema,
};

/// What can be allowed for the records of a collection; `*` is all of it.
const ACTIONS: &[&str] = &[
    "read", "create", "update", "write", "delete", "restore", "purge", "bypass", "*",
];

/// What `/api/system` has permissions for. A feature that asks for a permission has its word here.
const RESOURCES: &[&str] = &["collections", "keys", "roles", "settings", "status"];

/// Those of [`RESOURCES`] of which nothing can be changed over the API.
const READ_ONLY: &[&str] = &["settings", "status"];

/// What can be allowed for each of [`RESOURCES`].
const SYSTEM_ACTIONS: &[&str] = &["read", "write"];

/// All that is wrong with a permission that stands at `place`: one of `*`, `system:*`,
/// `system:{resource}:{action}`, or `{collection}:{action}` with the name of a table of `schema` or
/// `*`.
pub fn faults(place: &str, permission: &str, schema: &Schema) -> Vec<Issue> {
    if [ALL, "system:*"].contains(&permission) {
        return Vec::new();
    }
    let parts: Vec<&str> = permission.split(':').collect();
    match parts[..] {
        ["system", resource, action] => [
            not_among(place, "resource", resource, RESOURCES),
            not_among(place, "action", action, system_actions(resource)),
        ],
        [collection, action] if collection != "system" => [
            no_such_collection(place, collection, schema),
            not_among(place, "action", action, ACTIONS),
        ],
        _ => [Some(unreadable(place)), None],
    }
    .into_iter()
    .flatten()
    .collect()
}

/// What every permission matches, as a regular expression.
pub fn pattern() -> String {
    let or = |words: &[&str]| words.join("|").replace('*', "\\*");
    let of_system = RESOURCES
        .iter()
        .map(|resource| format!("{resource}:({})", or(system_actions(resource))));
    format!(
        "^(\\*|system:\\*|system:({})|(\\*|[a-z][a-z0-9_]*):({}))$",
        of_system.collect::<Vec<_>>().join("|"),
        or(ACTIONS)
    )
}

/// What can be allowed for a resource of `/api/system`.
fn system_actions(resource: &str) -> &'static [&'static str] {
    match READ_ONLY.contains(&resource) {
        true => &["read"],
        false => SYSTEM_ACTIONS,
    }
}

/// The collection that a permission names, if it names one.
pub fn collection_of(permission: &str) -> Option<&str> {
    let (collection, _) = permission.split_once(':')?;
    (!["*", "system"].contains(&collection)).then_some(collection)
}

fn unreadable(place: &str) -> Issue {
    let message = "Must be {collection}:{action}, system:{resource}:{read or write}, system:* or *";
    Issue::new(place, IssueCode::InvalidFormat, message)
}

fn not_among(place: &str, what: &str, word: &str, words: &[&str]) -> Option<Issue> {
    if words.contains(&word) {
        return None;
    }
    let message = format!("There is no {what} {word}; there are {}", words.join(", "));
    let issue = Issue::new(place, IssueCode::NotAnOption, message);
    Some(issue.with(what, word).with("options", words))
}

fn no_such_collection(place: &str, name: &str, schema: &Schema) -> Option<Issue> {
    if name == "*" || schema.by_name(name).is_some() {
        return None;
    }
    let message = match schema.by_path(name) {
        Some(meant) => format!("There is no collection {name}; write {}", meant.name),
        None => format!("There is no collection {name}"),
    };
    let issue = Issue::new(place, IssueCode::NotAnOption, message);
    Some(issue.with("collection", name))
}

#[cfg(test)]
mod tests {
    use super::{collection_of, faults};
    use crate::{
        base::IssueCode,
        schema::{Collection, Schema},
    };

    fn schema() -> Schema {
        let collection = |name: &str| {
            let text =
                format!(r#"{{ "name": "{name}", "fields": [{{ "name": "a", "type": "text" }}] }}"#);
            Collection::parse(
                &serde_json::from_str::<Box<_>>(&text).unwrap(),
                &Schema::default(),
            )
            .unwrap()
        };
        Schema::new(vec![collection("posts"), collection("order_items")])
    }

    #[test]
    fn every_form_is_taken() {
        let schema = schema();
        for permission in [
            "*",
            "*:*",
            "*:read",
            "*:bypass",
            "posts:*",
            "posts:read",
            "posts:create",
            "posts:update",
            "posts:write",
            "posts:delete",
            "posts:restore",
            "posts:purge",
            "posts:bypass",
            "order_items:read",
            "system:*",
            "system:collections:read",
            "system:roles:write",
        ] {
            assert_eq!(faults("_", permission, &schema), [], "{permission}");
        }
    }

    #[test]
    fn what_has_no_form_of_a_permission_is_refused() {
        let schema = schema();
        for permission in [
            "",
            "posts",
            "**",
            "system",
            "system:read",
            "a:b:c",
            "system:a:b:c",
            " *",
        ] {
            let found = faults("permissions[2]", permission, &schema);
            let [fault] = &found[..] else {
                panic!("{permission}: {found:?}");
            };
            assert_eq!(fault.code, IssueCode::InvalidFormat, "{permission}");
            assert_eq!(fault.field, "permissions[2]");
        }
    }

    #[test]
    fn all_faults_of_a_permission_are_told() {
        let schema = schema();
        for (permission, expected) in [
            ("pages:read", &["There is no collection pages"][..]),
            (
                "order-items:read",
                &["There is no collection order-items; write order_items"],
            ),
            (
                "posts:reed",
                &[
                    "There is no action reed; there are read, create, update, write, delete, \
                   restore, purge, bypass, *",
                ],
            ),
            (
                "system:role:*",
                &[
                    "There is no resource role; there are collections, keys, roles, settings, status",
                    "There is no action *; there are read, write",
                ],
            ),
        ] {
            let found = faults("_", permission, &schema);
            let found: Vec<&str> = found.iter().map(|fault| fault.message.as_str()).collect();
            assert_eq!(found, expected, "{permission}");
        }
        assert_eq!(faults("_", "pages:", &schema).len(), 2);
    }

    #[test]
    fn a_permission_names_one_collection_or_none() {
        assert_eq!(collection_of("posts:read"), Some("posts"));
        for permission in ["*", "*:read", "system:*", "system:roles:read"] {
            assert_eq!(collection_of(permission), None, "{permission}");
        }
    }
}

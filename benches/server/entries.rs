//! Collections under rules, and a user who is bound by them: half of all entries are Bob's.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{
    Server,
    caller::{Account, Caller, PASSWORD},
    notes,
};
use crate::{
    Result,
    driver::{Driver, Until},
    plan::CONNECTIONS,
};

/// Where the entries are that only their authors see.
pub const OWNED: &str = "/api/v1/entries";

/// Where the entries are that are seen by whose diary they are in.
pub const RELATED: &str = "/api/v1/pages";

/// Where the letters are that only their authors see: by a text, which brings no index, so that
/// making one is making a note, and the rule.
pub const LETTERS: &str = "/api/v1/letters";

/// A user without any role.
pub const BOB: Account = Account {
    email: "bob@example.com",
    password: "another battery staple",
};

/// Makes the collections and the user, and fills them with so many entries each.
pub fn fill(server: &Server, admin: &mut Caller, rows: u64) -> Result<()> {
    let relation = |name, to| json!({ "name": name, "type": "relation", "collection": to });
    let rules = |rule: &str| {
        let operations = ["list", "view", "create", "update"];
        operations
            .map(|operation| (operation.to_owned(), rule.into()))
            .into_iter()
            .collect()
    };
    let define = |name: &str, field: Value, rules: serde_json::Map<String, Value>| {
        let mut definition = notes::definition(name);
        if let Some(fields) = definition["fields"].as_array_mut() {
            fields.push(field);
        }
        definition["rules"] = rules.into();
        definition.to_string()
    };
    let diaries = define(
        "diaries",
        relation("author_id", "users"),
        serde_json::Map::new(),
    );
    let entries = relation("author_id", "users");
    let entries = define("entries", entries, rules("authorId == auth.id"));
    let pages = relation("diary_id", "diaries");
    let pages = define("pages", pages, rules("diary.authorId == auth.id"));
    let author = json!({ "name": "author", "type": "text" });
    let letters = define("letters", author, rules("author == auth.id"));
    for definition in [diaries, entries, pages, letters] {
        admin.ask("POST", "/api/system/collections", definition.as_bytes())?;
    }
    let user = json!({ "email": BOB.email, "password": PASSWORD, "displayName": "Bob" });
    let user = admin.ask("POST", "/api/v1/users", user.to_string().as_bytes())?;
    let bob = id(&user)?;
    choose_password(server.address)?;
    let authors = [bob, admin.user_id.clone()];
    let mut diaries = Vec::new();
    for author in &authors {
        let diary = notes::related(0, "authorId", author);
        diaries.push(id(&admin.ask(
            "POST",
            "/api/v1/diaries",
            diary.as_bytes(),
        )?)?);
    }
    create(server, admin, OWNED, "authorId", &authors, rows)?;
    create(server, admin, RELATED, "diaryId", &diaries, rows)
}

/// The ids of the newest entries that Bob sees.
pub fn ids(bob: &mut Caller) -> Result<Vec<String>> {
    let list = bob.ask("GET", &format!("{OWNED}?pageSize=100"), b"")?;
    let list: Value = serde_json::from_slice(&list)?;
    let items = list["data"]["items"].as_array().into_iter().flatten();
    let ids: Vec<_> = items
        .filter_map(|item| item["id"].as_str().map(str::to_owned))
        .collect();
    match ids.is_empty() {
        true => Err("Bob sees no entries".into()),
        false => Ok(ids),
    }
}

/// Who was made by an admin chooses a password of his own before anything else.
fn choose_password(address: SocketAddr) -> Result<()> {
    let first = Account {
        password: PASSWORD,
        ..BOB
    };
    let chosen = json!({ "currentPassword": PASSWORD, "newPassword": BOB.password });
    let mut bob = Caller::sign_in_as(address, &first)?;
    bob.ask("POST", "/api/auth/password", chosen.to_string().as_bytes())?;
    Ok(())
}

fn create(
    server: &Server,
    admin: &Caller,
    path: &str,
    relation: &str,
    targets: &[String],
    rows: u64,
) -> Result<()> {
    let mut driver = Driver::connect(server.address, CONNECTIONS)?;
    let outcome = driver.run(Until::Answers(rows), |number, buffer| {
        let target = &targets[number as usize % targets.len()];
        let body = notes::related(number, relation, target);
        admin.write(buffer, "POST", path, body.as_bytes());
    })?;
    match outcome.refusal {
        Some(refusal) => Err(format!("an entry was refused: {refusal}").into()),
        None => Ok(()),
    }
}

fn id(answer: &[u8]) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer)?;
    let id = answer["data"]["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| "what was made has no id".into())
}

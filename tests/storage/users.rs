//! `users` is a collection as any other: its table, made by a migration, is the one that its
//! definition asks for, and what signing in needs besides.

use std::collections::BTreeMap;

use rusqlite::Connection;
use stead::schema::Collection;

use super::{migrated, schema, texts};

/// Columns that are no fields: signing in needs them.
const HIDDEN: &[&str] = &["email_verified_at", "must_change_password", "password_hash"];

fn definition(conn: &Connection) -> Collection {
    let stored = "SELECT definition FROM _revisions WHERE collection = 'users'";
    Collection::from_stored(&texts(conn, stored)[0], 1).unwrap()
}

/// What the definition alone would make.
fn defined(users: &Collection) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    for statement in users.ddl() {
        conn.execute_batch(statement.text()).unwrap();
    }
    conn
}

/// Everything about `users`, by its name, without comments, one space between words.
fn parts(conn: &Connection) -> BTreeMap<String, String> {
    let of_users = schema(conn)
        .into_iter()
        .filter(|[_, _, table, _]| table == "users");
    let parts = of_users.filter(|[_, _, _, sql]| !sql.is_empty());
    parts.map(|[_, name, _, sql]| (name, plain(&sql))).collect()
}

fn plain(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ").replace("( ", "(").replace(" )", ")")
}

/// The columns of a `CREATE TABLE`, by their names.
fn columns(create: &str) -> BTreeMap<String, String> {
    let (start, end) = (create.find('(').unwrap() + 1, create.rfind(')').unwrap());
    let (mut columns, mut depth, mut column) = (BTreeMap::new(), 0, String::new());
    for letter in create[start..end].chars().chain([',']) {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                let name = column.trim().split('"').nth(1).unwrap().to_owned();
                columns.insert(name, column.trim().to_owned());
                column.clear();
                continue;
            }
            _ => {}
        }
        column.push(letter);
    }
    columns
}

#[test]
fn the_columns_of_users_are_those_of_the_definition() {
    let conn = migrated();
    let defined = columns(&parts(&defined(&definition(&conn)))["users"]);
    let mut made = columns(&parts(&conn)["users"]);
    for hidden in HIDDEN {
        made.remove(*hidden).expect("a column for signing in");
    }
    // An address is one person's however it is written.
    let email = made.get_mut("email").unwrap();
    assert!(email.contains(" COLLATE NOCASE"), "{email}");
    *email = email.replace(" COLLATE NOCASE", "");
    for (name, column) in &defined {
        assert_eq!(made.get(name), Some(column), "{name}");
    }
    assert_eq!(made.len(), defined.len(), "{:?}", made.keys());
}

#[test]
fn the_indexes_and_the_trigger_of_users_are_those_of_the_definition() {
    let conn = migrated();
    let (mut made, mut defined) = (parts(&conn), parts(&defined(&definition(&conn))));
    made.remove("users");
    defined.remove("users");
    assert_eq!(made, defined);
}

#[test]
fn every_check_of_users_has_words_for_clients() {
    let conn = migrated();
    let users = definition(&conn);
    let create = &parts(&conn)["users"];
    let names: Vec<&str> = create
        .split("CONSTRAINT \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in &names {
        let is_hidden = HIDDEN.iter().any(|column| name.contains(column));
        assert!(
            is_hidden || users.constraint_issue(name).is_some(),
            "{name}"
        );
    }
    assert_eq!(
        create.matches(" CHECK (").count(),
        names.len(),
        "each has a name"
    );
}

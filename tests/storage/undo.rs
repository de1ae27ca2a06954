//! Each migration has a script that takes it back.

use rusqlite::Connection;

use super::{migrated, migrations, schema, scripts};

fn undo_scripts() -> Vec<(u32, String, String)> {
    scripts(
        concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/undo"),
        |stem| {
            let (number, what) = stem.split_once('_')?;
            Some((number.parse().ok()?, what.to_owned()))
        },
    )
}

/// Takes all back, the last first.
fn undo(conn: &Connection) {
    for (number, what, script) in undo_scripts().into_iter().rev() {
        conn.execute_batch(&script)
            .unwrap_or_else(|error| panic!("{number}_{what}: {error}"));
    }
}

#[test]
fn each_migration_has_its_undo_script_and_a_number_of_its_own() {
    let names = |scripts: Vec<(u32, String, String)>| -> Vec<(u32, String)> {
        scripts.into_iter().map(|(n, what, _)| (n, what)).collect()
    };
    let (up, down) = (names(migrations()), names(undo_scripts()));
    assert_eq!(up, down);
    let numbers: Vec<u32> = up.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.first(), Some(&1));
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
}

#[test]
fn down_leaves_nothing_and_up_again_gives_the_same() {
    let conn = migrated();
    let first = schema(&conn);
    assert!(!first.is_empty());
    undo(&conn);
    assert_eq!(schema(&conn), Vec::<[String; 4]>::new());
    for (_, _, script) in migrations() {
        conn.execute_batch(&script).unwrap();
    }
    assert_eq!(schema(&conn), first);
}

#[test]
fn each_undo_script_leads_back_to_exactly_the_schema_before_it() {
    let conn = Connection::open_in_memory().unwrap();
    let mut before = vec![schema(&conn)];
    for (_, _, script) in migrations() {
        conn.execute_batch(&script).unwrap();
        before.push(schema(&conn));
    }
    for (number, what, script) in undo_scripts().into_iter().rev() {
        before.pop();
        conn.execute_batch(&script).unwrap();
        assert_eq!(Some(&schema(&conn)), before.last(), "{number}_{what}");
    }
}

#[test]
fn what_people_have_put_in_does_not_stop_an_undo() {
    let conn = migrated();
    conn.execute_batch(
        "INSERT INTO users (id, email, display_name, password_hash, created_at, updated_at)
           VALUES ('01JHK3X5Z8Q4V6W7Y9ABCDEFGH', 'ann@example.com', 'Ann', 'x', '', '');
         INSERT INTO _user_roles SELECT id, 'admin', '' FROM users;
         INSERT INTO _sessions
           (id, user_id, csrf_key, address, last_used_at, expires_at, created_at, updated_at)
           SELECT 's', id, 'k', '::1', '', '', '', '' FROM users;
         INSERT INTO _sign_in_prefixes SELECT id, '::/64', '' FROM users;
         INSERT INTO _refresh_tokens (hash, session_id, generation, expires_at, created_at)
           VALUES ('h', 's', 1, '', '');",
    )
    .unwrap();
    undo(&conn);
    assert_eq!(schema(&conn), Vec::<[String; 4]>::new());
}

//! What is an expression becomes a statement that SQLite takes, for a guest and for a user, as a
//! rule and as a filter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stead::{
    db::Value,
    rules::{Asker, Names, Purpose, Verdict, check, fails, holds},
};

#[path = "site.rs"]
mod site;

thread_local! {
    static SITE: site::Site = site::Site::new();
}

fuzz_target!(|source: &str| {
    SITE.with(|site| {
        let posts = site.schema.by_name("posts").unwrap();
        for purpose in [Purpose::Change, Purpose::Filter(&site.book)] {
            let Ok(checked) = check(source, &site.schema, posts, purpose) else {
                continue;
            };
            let (now, roles) = (Value::from("2026-01-15T10:30:00.000Z"), ["editor".to_owned()]);
            for user in [None, Some("01JHK3X5Z8Q4V6W7Y9ABCDEFGH")] {
                let asker = Asker {
                    user,
                    roles: &roles,
                    can: &|permission| permission.len() % 2 == 0,
                    now: &now,
                };
                let names = Names {
                    previous: Some("posts".to_owned()),
                    ..Names::table("posts")
                };
                for compile in [holds, fails] {
                    if let Verdict::When(sql) = compile(&checked.condition, &asker, &names) {
                        let statement = format!("SELECT id FROM posts WHERE {}", sql.text());
                        let statement = site.conn.prepare(&statement).unwrap();
                        assert_eq!(statement.parameter_count(), sql.args().len());
                    }
                }
            }
        }
    });
});

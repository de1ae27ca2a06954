//! Heaps of words, and any text at all: nothing panics, and what is taken SQLite takes too.

use std::cell::OnceCell;

use proptest::prelude::*;
use serde_json::json;

use super::{Asker, Book, Names, Purpose, Site, check, fails, holds, id};
use crate::{db::Value, rules::parts};

const WORDS: &[&str] = &[
    "title",
    "done",
    "meta",
    "meta.a",
    "total",
    "countOf",
    "score",
    "starts",
    "day",
    "status",
    "author",
    "author.name",
    "authorId",
    "comments",
    "postsViaAuthor",
    "c",
    "c.body",
    "c.done",
    "auth",
    "auth.id",
    "auth.roles",
    "auth.team",
    "previous",
    "previous.title",
    "now()",
    "id",
    ".",
    ".exists(c,",
    ".all(c,",
    ".size()",
    ".lower()",
    ".contains(",
    ".startsWith(",
    ".endsWith(",
    ".getHours()",
    "auth.can(",
    "timestamp(",
    "(",
    ")",
    "[",
    "]",
    ",",
    "!",
    "&&",
    "||",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    " in ",
    "-",
    "1",
    "0.5",
    "1e999",
    "1e-999999999999999999",
    "99999999999999999999",
    "'x'",
    "\"a:b\"",
    "'2026-01-15'",
    "null",
    "true",
    "false",
    "//",
    "\n",
    "=",
    "%",
    "'\\u0041'",
    "r'\\'",
    "\u{e9}",
];

/// Whole atoms, so that more of what comes out is taken.
const ATOMS: &[&str] = &[
    "done",
    "title == 'x'",
    "meta.a == 1",
    "total < 0.001",
    "author.name == null",
    "auth != null",
    "comments.exists(c, c.done)",
    "title in [title]",
    "'a' in auth.roles",
    "countOf in meta",
    "comments.size() > 1",
    "starts < now()",
    "previous.done",
    "auth.can('a:b')",
    "true",
    "title",
];

thread_local! {
    static SITE: OnceCell<Site> = const { OnceCell::new() };
}

fn site() -> Site {
    Site::with_rules(&json!({
        "posts.title": "authorId == auth.id", "users": { "view": "id == auth.id || verified" },
        "comments": { "view": "done" }, "comments.body": "author.name == 'x'",
    }))
}

/// Takes an expression all the way to SQLite, as a rule and as a filter.
fn survives(source: &str) -> Result<(), TestCaseError> {
    SITE.with(|cell| {
        let site = cell.get_or_init(site);
        let book = Book::of_schema(&site.schema);
        let posts = site.schema.by_name("posts").unwrap();
        for purpose in [Purpose::Change, Purpose::Rule, Purpose::Filter(&book)] {
            let checked = match check(source, &site.schema, posts, purpose) {
                Ok(checked) => checked,
                Err(fault) => {
                    prop_assert!(source.get(fault.span.clone()).is_some(), "{fault}");
                    continue;
                }
            };
            let (user, now) = (id('A', 1), Value::from(super::AT));
            for user in [Some(&*user), None] {
                let asker = Asker {
                    user,
                    roles: &site.roles,
                    can: &|_| false,
                    now: &now,
                };
                let names = Names {
                    previous: Some("old".to_owned()),
                    ..Names::table("posts")
                };
                let mut all = vec![
                    holds(&checked.condition, &asker, &names),
                    fails(&checked.condition, &asker, &names),
                ];
                all.extend(
                    parts(source, &checked, &asker, &names)
                        .into_iter()
                        .map(|part| part.holds),
                );
                for verdict in all {
                    let sql = verdict.into_sql();
                    let text = format!("SELECT 1 FROM posts, posts AS old WHERE {}", sql.text());
                    let prepared = site.conn.prepare(&text);
                    prop_assert_eq!(
                        prepared.map(|query| query.parameter_count()),
                        Ok(sql.args().len()),
                        "{}",
                        text
                    );
                }
            }
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(source in any::<String>()) {
        survives(&source)?;
    }

    #[test]
    fn a_heap_of_words_survives(words in prop::collection::vec(prop::sample::select(WORDS), 0..12)) {
        survives(&words.concat())?;
        survives(&words.join(" "))?;
    }

    #[test]
    fn a_heap_of_atoms_survives(parts in prop::collection::vec(
        (prop::sample::select(&["!", "", "!!", "("][..]), prop::sample::select(ATOMS), prop::sample::select(&["&&", "||", ")||", "=="][..])),
        1..8,
    )) {
        let source: String = parts.iter().map(|(before, atom, sign)| format!("{before}{atom}{sign}")).collect();
        survives(&format!("{source}done"))?;
    }
}

//! The largest expressions, and those beyond: none overflows a stack, and SQLite takes each that
//! is taken.

use std::fmt::Write;

use serde_json::json;

use super::{Asker, Book, Checked, Names, Purpose, Site, fails, holds, id};
use crate::{
    db::Value,
    rules::{MAX_DEPTH, MAX_LENGTH},
};

/// Asks SQLite to prepare both sides of an expression about posts.
fn is_prepared(site: &Site, checked: &Checked) {
    let now = Value::from(super::AT);
    for user in [site.user.as_deref(), None] {
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
        for verdict in [
            holds(&checked.condition, &asker, &names),
            fails(&checked.condition, &asker, &names),
        ] {
            let sql = verdict.into_sql();
            let text = format!("SELECT 1 FROM posts, posts AS old WHERE {}", sql.text());
            if let Err(error) = site.conn.prepare(&text) {
                panic!("{}: {error}", text.get(..2_000).unwrap_or(&text));
            }
            assert!(sql.args().len() < 32_000);
        }
    }
}

/// `part` as often as an expression may hold it, with `sign` between.
fn many(part: &str, sign: &str, nodes: usize) -> String {
    let count = (500 / nodes).min(MAX_LENGTH / (part.len() + sign.len()));
    vec![part; count].join(sign)
}

#[test]
fn the_largest_expressions_are_taken_by_sqlite() {
    let site = Site::new();
    let far = "author.team.lead.team.name";
    let deep = format!(
        "{}done && title == 'a'{}",
        "!(".repeat(MAX_DEPTH / 2 - 1),
        ")".repeat(MAX_DEPTH / 2 - 1)
    );
    let mut numbers = "countOf in [0".to_owned();
    (1..500).for_each(|number| write!(numbers, ",{number}").unwrap());
    numbers.push(']');
    let nested = "comments.exists(a, a.author.postsViaAuthor.all(b, b.comments.exists(c, c.done || b.done)))";
    for source in [
        many("done", "||", 1),
        many("!done", " && ", 2),
        many("title == 'a'", "||", 3),
        many(&format!("{far} == 'a'"), "&&", 8),
        many(
            &format!("{far}.lower().endsWith(previous.{far}.lower())"),
            "||",
            15,
        ),
        many("comments.exists(c, c.done)", "&&", 6),
        many("!comments.all(c, c.authorId == auth.id)", "||", 9),
        many(nested, "||", 17),
        many(
            "meta.a.b.c.size() > auth.team.lead.team.users.size()",
            "||",
            13,
        ),
        many("1 in meta.a", "&&", 5),
        deep,
        format!("!({numbers}])").replace("]]", "]"),
        format!("title.contains('{}')", "x".repeat(MAX_LENGTH - 20)),
        format!("meta.{}a == 1", "a.".repeat(MAX_DEPTH - 2)),
        format!("title{}.size() == 1", ".lower()".repeat(MAX_DEPTH - 1)),
    ] {
        assert!(source.len() <= MAX_LENGTH, "{source}");
        is_prepared(&site, &site.rule("posts", &source));
    }
}

#[test]
fn what_is_too_much_is_told_without_a_deep_stack() {
    let site = Site::new();
    let tiny = std::thread::Builder::new().stack_size(512 * 1024);
    let told = tiny.spawn(move || {
        for source in [
            format!("a{}", ".a".repeat(500)),
            format!("meta{} == 1", ".a".repeat(500)),
            format!("title{} == ''", ".lower()".repeat(400)),
            format!("{}done", "!".repeat(MAX_DEPTH + 1)),
            format!(
                "{}done{}",
                "(".repeat(MAX_DEPTH + 1),
                ")".repeat(MAX_DEPTH + 1)
            ),
            format!(
                "title in {}1{}",
                "[".repeat(MAX_DEPTH + 1),
                "]".repeat(MAX_DEPTH + 1)
            ),
            vec!["title"; 250].join(" == "),
        ] {
            site.check("posts", &source, Purpose::Rule).unwrap_err();
        }
        let deepest = "!(".repeat(MAX_DEPTH / 2 - 1);
        is_prepared(
            &site,
            &site.rule(
                "posts",
                &format!("{deepest}done{}", ")".repeat(MAX_DEPTH / 2 - 1)),
            ),
        );
    });
    told.unwrap().join().unwrap();
}

/// Rules that are as long as they may be, joined to a filter that follows them wherever it can.
#[test]
fn a_filter_is_refused_where_the_rules_that_are_joined_to_it_are_too_much() {
    let long = many(&format!("authorId == '{}'", id('A', 1)), "||", 3);
    let site = Site::with_rules(&json!({
        "posts": { "view": &long }, "comments": { "view": &long },
        "users": { "view": many("name.endsWith(team.lead.name)", "||", 5) },
        "posts.title": &long, "teams": { "view": "true" },
    }));
    let book = Book::of_schema(&site.schema);
    let mut taken = 0;
    for count in [1, 2, 3, 5, 8, 13, 21, 34, 55] {
        for part in [
            "title == 'a'",
            "author.name == 'a'",
            "comments.exists(c, c.author.team.name.endsWith(c.post.author.name))",
            "title.endsWith(author.name) && author.postsViaAuthor.size() > 0",
        ] {
            match site.check(
                "posts",
                &vec![part; count].join("||"),
                Purpose::Filter(&book),
            ) {
                Ok(checked) => {
                    taken += 1;
                    is_prepared(&site, &checked);
                }
                Err(fault) => {
                    let told = ["Asks for too much", "Must have at most"];
                    assert!(
                        told.iter().any(|told| fault.message.starts_with(told)),
                        "{fault}"
                    );
                }
            }
        }
    }
    assert!(taken >= 6, "{taken}");
}

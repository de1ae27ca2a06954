//! The parts of an expression, each with what it is for a record.

use rusqlite::params_from_iter;
use serde_json::json;

use super::{Names, Site, id};
use crate::{
    db::Sql,
    rules::{Book, Checked, parts},
};

/// Every part with what it is for the first post.
fn explained(site: &Site, source: &str, checked: &Checked) -> Vec<(String, Option<bool>)> {
    let parts = site.asked(|asker| parts(source, checked, asker, &Names::table("posts")));
    let texts: Vec<_> = parts.iter().map(|part| part.expression.clone()).collect();
    let mut sql = Sql::new("SELECT ");
    sql.join(parts, ", ", |sql, part| {
        sql.append(part.value());
    });
    sql.push(" FROM posts");
    let values = site
        .conn
        .query_row(sql.text(), params_from_iter(sql.args()), |row| {
            (0..texts.len())
                .map(|i| row.get(i))
                .collect::<Result<Vec<_>, _>>()
        });
    texts.into_iter().zip(values.unwrap()).collect()
}

fn site() -> Site {
    let rules = json!({ "posts": { "view": "done || authorId == auth.id" } });
    Site::with_rules(&rules)
        .add(
            "posts",
            'P',
            1,
            &json!({ "title": "a", "author_id": id('A', 1), "meta": { "a": 1 } }),
        )
        .add(
            "comments",
            'C',
            1,
            &json!({ "post_id": id('P', 1), "body": "x" }),
        )
}

fn says(site: &Site, source: &str, expected: &[(&str, Option<bool>)]) {
    let found = explained(site, source, &site.rule("posts", source));
    let expected: Vec<_> = expected
        .iter()
        .map(|(text, value)| ((*text).to_owned(), *value))
        .collect();
    assert_eq!(found, expected, "{source}");
}

#[test]
fn a_part_is_what_stands_under_and_or_and_not() {
    let source = "title == 'a' && !(done || (meta.a in [1, 'x'])) ||\n comments.exists(c, c.done && c.body == 'x')";
    let expected = [
        ("title == 'a'", Some(true)),
        ("done", Some(false)),
        ("(meta.a in [1, 'x'])", Some(true)),
        ("comments.exists(c, c.done && c.body == 'x')", Some(false)),
    ];
    says(&site(), source, &expected);
}

#[test]
fn what_hangs_on_a_guest_is_told_as_unknown() {
    let source =
        "auth != null && auth.can('posts:read') || !(authorId != auth.id) || title != null";
    let of_guest = [
        ("auth != null", Some(false)),
        ("auth.can('posts:read')", None),
        ("(authorId != auth.id)", None),
        ("title != null", Some(true)),
    ];
    says(&site().guest(), source, &of_guest);
    let of_user = [
        ("auth != null", Some(true)),
        ("auth.can('posts:read')", Some(false)),
        ("(authorId != auth.id)", Some(false)),
        ("title != null", Some(true)),
    ];
    says(&site(), source, &of_user);
}

#[test]
fn what_lets_pass_by_itself_is_a_part_too() {
    let site = site();
    let book = Book::of_schema(&site.schema);
    let rules = book.of("posts").unwrap();
    let found = explained(&site, "done || authorId == auth.id", &rules.view);
    let expected = [
        ("auth.can(\"posts:bypass\")", Some(false)),
        ("done", Some(false)),
        ("authorId == auth.id", Some(true)),
    ];
    assert_eq!(
        found,
        expected.map(|(text, value)| (text.to_owned(), value))
    );
    let found = explained(&site, "", &rules.create);
    assert_eq!(
        found,
        [("auth.can(\"posts:create\")".to_owned(), Some(false))]
    );
}

//! Relations, records that point here, `auth`, `previous`, guests, and what must not be read.

use rusqlite::params_from_iter;
use serde_json::json;

use super::{AT, Site, id};
use crate::{
    db::Sql,
    rules::{Names, holds},
};

/// Posts 1 to 4: of Ann, of Bob who is deleted, of nobody, of one who is gone for good. Ann is in
/// team 1, which she leads; the post of Ann has two comments and a deleted one.
fn fill(site: Site) -> Site {
    write(people(site))
}

fn people(site: Site) -> Site {
    site.add(
        "teams",
        'T',
        1,
        &json!({ "name": "red", "lead_id": id('A', 1) }),
    )
    .add(
        "teams",
        'T',
        2,
        &json!({ "name": "blue", "parent_id": id('T', 1) }),
    )
    .add(
        "users",
        'A',
        1,
        &json!({ "name": "Ann", "team_id": id('T', 1), "version": 2 }),
    )
    .add(
        "users",
        'A',
        2,
        &json!({ "name": "Bob", "team_id": id('T', 1), "deleted_at": AT }),
    )
    .add("users", 'A', 3, &json!({ "name": "Cem" }))
}

/// What they wrote.
fn write(site: Site) -> Site {
    site.add(
        "posts",
        'P',
        1,
        &json!({ "title": "a", "author_id": id('A', 1), "editor_id": id('A', 3) }),
    )
    .add(
        "posts",
        'P',
        2,
        &json!({ "title": "b", "author_id": id('A', 2) }),
    )
    .add("posts", 'P', 3, &json!({ "title": "c" }))
    .add(
        "posts",
        'P',
        4,
        &json!({ "author_id": id('A', 9), "editor_id": id('A', 1) }),
    )
    .add(
        "comments",
        'C',
        1,
        &json!({ "body": "x", "done": true, "post_id": id('P', 1), "author_id": id('A', 3) }),
    )
    .add(
        "comments",
        'C',
        2,
        &json!({ "body": "y", "done": false, "post_id": id('P', 1) }),
    )
    .add(
        "comments",
        'C',
        3,
        &json!({ "body": "z", "post_id": id('P', 1), "deleted_at": AT }),
    )
    .add(
        "comments",
        'C',
        4,
        &json!({ "done": true, "post_id": id('P', 2) }),
    )
}

fn expect(site: &Site, table: &str, rows: &[(&str, &str)]) {
    let found: Vec<_> = rows
        .iter()
        .map(|(rule, _)| (*rule, site.says(table, rule)))
        .collect();
    let expected: Vec<_> = rows
        .iter()
        .map(|(rule, says)| (*rule, (*says).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn relations_end_where_a_record_is_deleted_or_absent() {
    let rows = [
        ("author.name == 'Ann'", "+---"),
        ("author.name != 'Ann'", "-+++"),
        ("author == null", "-+++"),
        ("author != null", "+---"),
        ("authorId == null", "--+-"),
        ("author.name == null", "-+++"),
        ("author.name < 'B'", "+---"),
        ("!(author.name < 'B')", "-+++"),
        ("author.team.name == 'red'", "+---"),
        ("author.team.lead.team.name == 'red'", "+---"),
        ("author.verified", "+---"),
        ("!author.verified", "-+++"),
        ("'Ann' in author.roles", "+---"),
        ("author.id == auth.id", "+---"),
    ];
    expect(&fill(Site::new()), "posts", &rows);
}

#[test]
fn records_that_point_here_are_asked_by_their_collections_name() {
    let rows = [
        ("comments.exists(c, c.done)", "++--"),
        ("comments.exists(c, c.body == 'z')", "----"),
        ("!comments.exists(c, c.done)", "--++"),
        ("comments.all(c, c.done)", "-+++"),
        ("!comments.all(c, c.done)", "+---"),
        ("comments.size() == 2", "+---"),
        ("comments.size() == 0", "--++"),
        ("commentsViaPost.exists(c, c.author.name == 'Cem')", "+---"),
        ("comments.exists(c, c.post.id == id)", "++--"),
        (
            "comments.exists(c, c.author.postsViaEditor.exists(p, p.id == id))",
            "+---",
        ),
        ("author.team.users.exists(u, u.name == 'Ann')", "+---"),
        ("author.team.users.size() == 1", "+---"),
        ("author.team.users.all(u, u.id == auth.id)", "++++"),
    ];
    expect(&fill(Site::new()), "posts", &rows);
    let rows = [
        ("postsViaAuthor.exists(p, p.title == 'a')", "+--"),
        ("postsViaEditor.size() == 1", "+-+"),
        (
            "commentsViaAuthor.exists(c, c.post.author.name == 'Ann')",
            "--+",
        ),
    ];
    expect(&fill(Site::new()), "users", &rows);
    let rows = [
        ("teams.exists(t, t.name == 'blue')", "+-"),
        ("parent.teams.size() == 1", "-+"),
    ];
    expect(&fill(Site::new()), "teams", &rows);
}

#[test]
fn the_account_of_who_asks_is_reached_by_dots() {
    let rows = [
        ("authorId == auth.id", "+---"),
        ("authorId != auth.id", "-+++"),
        ("author.teamId == auth.teamId", "+---"),
        ("auth.team.name == 'red'", "++++"),
        ("auth.verified", "++++"),
        ("auth.name == title", "----"),
        ("auth.postsViaEditor.exists(p, p.id == id)", "---+"),
        ("auth.commentsViaAuthor.size() == 0", "++++"),
    ];
    expect(&fill(Site::new()), "posts", &rows);
}

#[test]
fn whatever_hangs_on_a_guest_is_unknown() {
    let rows = [
        ("auth == null", "++++"),
        ("auth != null", "----"),
        ("authorId == auth.id", "????"),
        ("!(authorId == auth.id)", "????"),
        ("authorId != auth.id", "????"),
        ("auth.id == null", "????"),
        ("auth.verified", "????"),
        ("!auth.verified", "????"),
        ("auth.version == 1.5", "????"),
        ("auth.version != 1.5", "????"),
        ("!(auth.name in [])", "????"),
        ("auth.can('posts:write')", "????"),
        ("!auth.can('posts:write')", "????"),
        ("!('editor' in auth.roles)", "????"),
        ("auth.team.name.lower() != 'red'", "????"),
        ("auth.commentsViaAuthor.size() == 0", "????"),
        ("auth.commentsViaAuthor.all(c, true)", "????"),
        ("!auth.commentsViaAuthor.exists(c, true)", "????"),
        ("title == 'a' || auth.id == id", "+???"),
        ("title == 'a' && auth.id == id", "?---"),
        ("comments.exists(c, c.authorId == auth.id)", "??--"),
        ("!comments.exists(c, c.authorId == auth.id)", "??++"),
        ("comments.all(c, c.authorId != auth.id)", "??++"),
        (
            "comments.exists(c, c.body == 'x' || c.authorId == auth.id)",
            "+?--",
        ),
        (
            "comments.all(c, c.body == 'x' && c.authorId == auth.id)",
            "--++",
        ),
    ];
    expect(&fill(Site::new()).guest(), "posts", &rows);
}

#[test]
fn a_change_is_judged_by_what_was_before_and_what_is_after() {
    let site = fill(Site::new());
    let rule = site.rule(
        "posts",
        "previous.author.name == 'Ann' && title != previous.title",
    );
    assert!(rule.needs.previous && rule.needs.tables.contains("users") && !rule.needs.now);
    let names = Names {
        previous: Some("old".to_owned()),
        ..Names::table("posts")
    };
    let verdict = site.asked(|asker| holds(&rule.condition, asker, &names));
    let mut sql = Sql::new(
        "SELECT group_concat(substr(\"posts\".id, -1), '') FROM posts, posts AS old WHERE ",
    );
    sql.append(verdict.into_sql());
    let args = params_from_iter(sql.args());
    let found: String = site
        .conn
        .query_row(sql.text(), args, |row| row.get(0))
        .unwrap();
    assert_eq!(found, "234");
}

#[test]
fn a_filter_sees_no_record_that_may_not_be_seen() {
    let site = fill(Site::with_rules(&json!({
        "users": { "view": "id == auth.id" },
        "comments": { "view": "done" },
    })));
    let rows = [
        ("author.name == 'Ann'", "+---"),
        ("editor.name == 'Cem'", "----"),
        ("editor == null", "+++-"),
        ("comments.size() == 1", "++--"),
        ("comments.exists(c, c.body == 'y')", "----"),
        ("comments.all(c, c.body == 'x')", "+-++"),
        ("comments.exists(c, c.author == null)", "++--"),
        // Nobody has said who may see teams, so that it takes a permission.
        ("author.team == null", "++++"),
    ];
    for (filter, expected) in rows {
        assert_eq!(site.filters("posts", filter), expected, "{filter}");
    }
}

#[test]
fn a_field_that_may_not_be_read_is_unknown_to_filters() {
    let site = fill(Site::with_rules(&json!({
        "posts": { "view": "true" },
        "posts.title": "authorId == auth.id",
        "users": { "view": "true" },
        "users.name": "id == auth.id",
        "comments": { "view": "true" },
        "comments.body": "done",
        "posts.editor_id": "title == 'a'",
    })));
    let rows = [
        ("title == 'a'", "+???"),
        ("title != 'a'", "-???"),
        ("!(title == 'b')", "+???"),
        ("title == null || true", "++++"),
        ("title.size() > 0", "+???"),
        ("author.name == 'Ann'", "+???"),
        ("author.name != 'Ann'", "-???"),
        ("editor.name == 'Cem'", "????"),
        ("editor == null", "-???"),
        ("editor.postsViaEditor.size() == 1", "+???"),
        ("editor.postsViaEditor.exists(p, true)", "+???"),
        ("!editor.postsViaEditor.exists(p, true)", "-???"),
        ("editor.postsViaEditor.all(p, p.id == id)", "+???"),
        ("comments.exists(c, c.body == 'y')", "?---"),
        ("!comments.exists(c, c.body == 'y')", "?+++"),
        ("comments.exists(c, c.body == 'x')", "+---"),
        ("comments.all(c, c.body == 'x')", "?-++"),
    ];
    for (filter, expected) in rows {
        assert_eq!(site.filters("posts", filter), expected, "{filter}");
    }
}

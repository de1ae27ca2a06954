//! What is refused, where, and why.

use serde_json::json;

use super::{Site, schema_with};
use crate::rules::{Book, Purpose, book::faults};

fn told(site: &Site, source: &str, purpose: Purpose<'_>) -> String {
    match site.check("posts", source, purpose) {
        Ok(_) => "is taken".to_owned(),
        Err(fault) => format!("{}:{} {}", fault.line, fault.column, fault.message),
    }
}

#[test]
fn a_fault_says_where_it_is_and_what_was_expected() {
    let site = Site::new();
    let mut wrong = Vec::new();
    for &(source, expected) in RULES {
        let found = told(&site, source, Purpose::Rule);
        if found != expected {
            wrong.push(format!("({source:?}, {found:?}),"));
        }
    }
    let book = Book::of_schema(&site.schema);
    for &(source, expected) in FILTERS {
        let found = told(&site, source, Purpose::Filter(&book));
        if found != expected {
            wrong.push(format!("({source:?}, {found:?}),"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const RULES: &[(&str, &str)] = &[
    (
        "title",
        "1:1 Expected a condition; compare this with a value",
    ),
    (
        "1",
        "1:1 Expected a condition; a value says neither yes nor no",
    ),
    (
        r#""x""#,
        "1:1 Expected a condition; a value says neither yes nor no",
    ),
    (
        "null",
        "1:1 Expected a condition; a value says neither yes nor no",
    ),
    (
        "[1]",
        "1:1 Expected a condition; a value says neither yes nor no",
    ),
    (
        "auth",
        "1:1 Write auth != null to ask for somebody signed in",
    ),
    (
        "author",
        "1:1 Expected a condition; compare a field of this with a value",
    ),
    (
        "comments",
        "1:1 These are records; write .exists(x, ...), or .size()",
    ),
    ("auth.roles", r#"1:1 Write "..." in auth.roles"#),
    (
        "nothing == 1",
        "1:1 `posts` has no field `nothing`; it has id, title, other, status, total, countOf, score, done, starts, day, meta, colors, sizes, authorId, editorId, createdAt, updatedAt, version",
    ),
    (
        "author.nothing == 1",
        "1:1 `users` has no field `nothing`; it has id, name, email, teamId, verified, roles, createdAt, updatedAt, version",
    ),
    (
        "title.nothing == 1",
        "1:1 Nothing called `nothing` is in there",
    ),
    (
        "auth.nothing == 1",
        "1:1 `users` has no field `nothing`; it has id, name, email, teamId, verified, roles, createdAt, updatedAt, version",
    ),
    (
        "deletedAt == null",
        "1:1 `posts` has no field `deletedAt`; it has id, title, other, status, total, countOf, score, done, starts, day, meta, colors, sizes, authorId, editorId, createdAt, updatedAt, version",
    ),
    ("title == 1", r#"1:10 Expected a text, such as "red""#),
    ("title == true", r#"1:10 Expected a text, such as "red""#),
    (
        "title == countOf",
        r#"1:1 A text, such as "red" cannot be compared with a number"#,
    ),
    ("done < true", "1:8 true and false have no order"),
    ("meta.a < true", "1:10 true and false have no order"),
    ("meta.a < done", "1:1 true and false have no order"),
    (
        "title < null",
        "1:1 null has no order; compare it by == or !=",
    ),
    (
        r#""a" == "a""#,
        "1:1 Both sides are constants; one must be a field",
    ),
    (
        "null == null",
        "1:1 Both sides are constants; one must be a field",
    ),
    (
        "title == title == title",
        "1:1 A condition has no value to compare; join conditions by && and ||",
    ),
    (
        r#"(title == "a") == done"#,
        "1:1 A condition has no value to compare; join conditions by && and ||",
    ),
    (
        "total == score",
        "1:1 A decimal is exact, and cannot be compared with a field that is not",
    ),
    (
        "total == meta.a",
        "1:1 A decimal cannot be compared with JSON",
    ),
    ("meta.a == meta.b", "1:1 Two JSON values cannot be compared"),
    (
        "total in meta.a",
        "1:10 A decimal cannot be compared with JSON",
    ),
    (
        "meta.a in meta.b",
        "1:11 Two JSON values cannot be compared",
    ),
    (
        r#"status == "gone""#,
        "1:11 `status`: Must be one of: draft, live",
    ),
    (
        r#"authorId == "me""#,
        "1:13 `authorId`: Must be an id: a ULID of 26 characters, upper case",
    ),
    (
        r#"authorId in ["me"]"#,
        "1:14 `authorId`: Must be an id: a ULID of 26 characters, upper case",
    ),
    (
        r#"starts == "yesterday""#,
        r#"1:11 Expected an instant, such as "2026-01-15T10:30:00Z" or "2026-01-15""#,
    ),
    (
        r#"day == "2026-02-30""#,
        r#"1:8 Expected a day, such as "2026-01-15""#,
    ),
    (r#"countOf == "five""#, "1:12 Expected a number"),
    (r#"timestamp("x") == starts"#, "1:1 This is no instant"),
    (
        "timestamp(title) == starts",
        "1:1 There is no function `timestamp` that fits here",
    ),
    (
        r#"title in "abc""#,
        r#"1:10 Expected a list: ["a", "b"], auth.roles, a multiselect, or a JSON array"#,
    ),
    (
        "title in [null]",
        "1:11 Expected a value; ask for null by == null",
    ),
    ("title in [1]", r#"1:11 Expected a text, such as "red""#),
    (
        "title in author",
        r#"1:10 Expected a list: ["a", "b"], auth.roles, a multiselect, or a JSON array"#,
    ),
    (
        r#""x" in comments"#,
        "1:8 Records are no list; write .exists(x, x.id == ...)",
    ),
    (
        r#"author == "x""#,
        "1:1 This is a record; compare its id, or another field of it",
    ),
    (
        "author == auth",
        "1:1 This is a record; compare its id, or another field of it",
    ),
    (
        "comments == null",
        "1:1 These are records; write .exists(x, ...), or .size()",
    ),
    (
        r#"auth.roles == "admin""#,
        r#"1:1 Write "..." in auth.roles"#,
    ),
    (
        r#"previous.title == """#,
        "1:1 `previous` is known in update rules alone",
    ),
    ("now == starts", "1:1 Write now()"),
    (
        "now(1) == starts",
        "1:1 There is no function `now` that fits here",
    ),
    (
        r#"title.upper() == "A""#,
        "1:1 There is no function `upper` that fits here",
    ),
    (
        r#"title.lower("x") == "A""#,
        "1:1 There is no function `lower` that fits here",
    ),
    (
        "title.contains()",
        "1:1 Expected one text in the parentheses",
    ),
    ("title.contains(1)", "1:16 Expected a field that is a text"),
    (
        "title.contains(null)",
        "1:16 Expected a field that is a text",
    ),
    (
        r#""abc".contains(title)"#,
        "1:1 Expected a field that is a text",
    ),
    (
        r#"countOf.contains("1")"#,
        "1:1 Expected a field that is a text",
    ),
    (
        r#"title.contains("a") == true"#,
        "1:1 This is a condition already, and is not compared",
    ),
    (
        r#""gold" in colors"#,
        "1:1 `colors`: Must be one of: red, green, blue",
    ),
    ("1 in colors", "1:1 The list has no values of this type"),
    (
        r#"colors == "red""#,
        r#"1:11 Expected a list; write "red" in it, or .size()"#,
    ),
    ("colors < colors", "1:1 Lists have no order"),
    ("colors == meta", "1:1 A list cannot be compared with JSON"),
    (
        "colors in meta.a",
        "1:11 A list cannot be compared with JSON",
    ),
    ("colors == sizes", "1:1 These lists have other options"),
    (
        "colors",
        "1:1 Expected a condition; compare this with a value",
    ),
    (
        "countOf.size() == 1",
        "1:1 Only texts, lists, JSON and records that point here have a size",
    ),
    (
        "countOf.getHours() == 1",
        "1:1 Expected an instant, such as now()",
    ),
    (
        "day.getFullYear() == 2026",
        "1:1 Expected an instant, such as now()",
    ),
    (
        r#"comments.body == "x""#,
        "1:1 These are many; write .exists(x, x.field == ...)",
    ),
    (
        "comments.exists(c)",
        "1:1 Expected a name and a condition: .exists(x, x.done)",
    ),
    (
        r#"comments.exists("c", true)"#,
        "1:17 Expected a name for each record, such as x",
    ),
    (
        "comments.exists(auth, true)",
        "1:17 `auth` means something else here",
    ),
    (
        "comments.exists(c, c.post.comments.exists(c, true))",
        "1:43 `c` means something else here",
    ),
    (
        "comments.exists(c, c)",
        "1:20 Expected a condition; compare a field of this with a value",
    ),
    (
        "comments.exists(c, true) && c.done",
        "1:29 `posts` has no field `c`; it has id, title, other, status, total, countOf, score, done, starts, day, meta, colors, sizes, authorId, editorId, createdAt, updatedAt, version",
    ),
    (
        "title.exists(c, true)",
        "1:1 Expected records that point here, by their collection's name",
    ),
    (
        "author.posts.exists(p, true)",
        "1:1 Several relations point here; write `postsViaAuthor` or `postsViaEditor`",
    ),
    (
        r#"author.team.lead.team.lead.name == "x""#,
        "1:1 Must follow at most 4 relations",
    ),
    (
        r#"comments.exists(c, c.author.team.lead.team.name == "x")"#,
        "1:20 Must follow at most 4 relations",
    ),
    (
        "auth.can(title)",
        r#"1:1 Expected a permission, such as auth.can("posts:write")"#,
    ),
    (
        r#"auth.can("posts")"#,
        r#"1:1 Expected a permission, such as auth.can("posts:write")"#,
    ),
    (
        r#"author.can("posts:read")"#,
        r#"1:1 Only auth.can("...") in a rule asks for a permission"#,
    ),
    (
        r#"can("posts:read")"#,
        "1:1 There is no function `can` that fits here",
    ),
    (
        r#"title + "x" == """#,
        "1:7 There is no arithmetic in this language",
    ),
    (
        "title == 'a' ? true : false",
        "1:14 There is no `? :`; write a && b || !a && c",
    ),
];

const FILTERS: &[(&str, &str)] = &[
    ("auth != null", "1:1 `auth` is known in rules alone"),
    ("auth.id == authorId", "1:1 `auth` is known in rules alone"),
    (
        r#"auth.can("a:b")"#,
        r#"1:1 Only auth.can("...") in a rule asks for a permission"#,
    ),
    (
        "now() > starts",
        "1:1 `now()` is known in rules alone; write an instant",
    ),
    ("now == starts", "1:1 Write now()"),
    (
        r#"previous.title == """#,
        "1:1 `previous` is known in update rules alone",
    ),
    (
        "status in auth.roles",
        "1:11 `auth` is known in rules alone",
    ),
];

#[test]
fn a_fault_of_a_filter_names_no_field_that_may_not_be_read() {
    let mut site = Site::new();
    site.schema = schema_with(&json!({ "users.email": "false" }));
    let book = Book::of_schema(&site.schema);
    let found = told(&site, "author.mail == ''", Purpose::Filter(&book));
    assert!(found.contains("it has id, name, teamId, "), "{found}");
}

#[test]
fn the_faults_of_a_definition_are_told_by_their_places_once() {
    let rules = json!({ "posts": { "view": "titel == ''", "delete": "x" }, "posts.title": "1" });
    let schema = schema_with(&rules);
    let issues = faults(&schema, schema.by_name("posts").unwrap());
    let places: Vec<_> = issues.iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(places, ["rules.view", "rules.delete", "fields[0].readRule"]);
}

#[test]
fn a_rule_that_is_not_understood_lets_nobody_in() {
    let mut site = Site::new().add("posts", 'P', 1, &json!({}));
    site.schema = schema_with(&json!({ "posts": { "view": "titel == ''" } }));
    let book = Book::of_schema(&site.schema);
    let view = &book.of("posts").unwrap().view;
    assert_eq!(site.answers("posts", view), "-");
    site.permissions = vec!["posts:bypass"];
    assert_eq!(site.answers("posts", view), "+");
    assert_eq!(site.guest().answers("posts", view), "?");
}

//! `fields`: what an answer leaves out, and the tag of what is left.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const LIST: &str = "/api/v1/notes";

fn notes() -> (TestApp, Client, Json) {
    let app = TestApp::start();
    app.define(json!({
        "name": "notes",
        "rules": { "list": "true", "view": "true" },
        "fields": [
            { "name": "title", "type": "text" },
            { "name": "body_text", "type": "text" },
            { "name": "meta", "type": "json" },
            { "name": "secret", "type": "text", "readRule": "auth.can(\"notes:update\")" },
        ],
    }));
    let admin = app.admin();
    let body = json!({ "title": "a", "bodyText": "long", "meta": { "fields": 1 }, "secret": "s" });
    let made = admin.post(LIST, &body).created();
    (app, admin, made)
}

#[test]
fn a_list_has_the_fields_that_were_asked_for() {
    let (_app, admin, made) = notes();
    for (fields, expected) in [
        ("id,title", json!({ "id": made["id"], "title": "a" })),
        ("bodyText", json!({ "bodyText": "long" })),
        (
            "meta,version",
            json!({ "meta": { "fields": 1 }, "version": 1 }),
        ),
        ("version,title", json!({ "title": "a", "version": 1 })),
    ] {
        for paging in [
            "page=1",
            "cursor=",
            "sort=-secret,title&cursor=&count=exact",
        ] {
            let list = admin.get(&format!("{LIST}?fields={fields}&{paging}")).ok();
            assert_eq!(list["items"], json!([expected]), "{fields} {paging}");
        }
    }
}

#[test]
fn a_record_has_the_fields_that_were_asked_for() {
    let (_app, admin, made) = notes();
    let reply = admin.get(&format!("{}?fields=title,meta", path_of("notes", &made)));
    assert_eq!(reply.ok(), json!({ "title": "a", "meta": { "fields": 1 } }));
    let user = admin.get("/api/auth/me").ok();
    let one = admin.get(&format!(
        "{}?fields=email,verified",
        path_of("users", &user)
    ));
    assert_eq!(
        one.ok(),
        json!({ "email": "ann@example.com", "verified": false })
    );
}

#[test]
fn what_the_caller_may_not_read_is_left_out_by_name_too() {
    let (app, admin, made) = notes();
    let guest = app.guest();
    for path in [path_of("notes", &made), LIST.to_owned()] {
        let shown = |client: &Client| {
            let data = client.get(&format!("{path}?fields=title,secret")).ok();
            data.get("items")
                .map_or(data.clone(), |items| items[0].clone())
        };
        assert_eq!(shown(&guest), json!({ "title": "a" }), "{path}");
        assert_eq!(
            shown(&admin),
            json!({ "title": "a", "secret": "s" }),
            "{path}"
        );
    }
    assert_eq!(
        guest.get(&format!("{LIST}?fields=secret")).ok()["items"],
        json!([{}])
    );
}

#[test]
fn fields_that_are_not_there_are_refused_by_name() {
    let (app, admin, made) = notes();
    for fields in [
        "",
        "nope",
        "title,",
        "title,title",
        "body_text",
        "deletedAt",
        "_row",
        "meta.fields",
    ] {
        for path in [LIST.to_owned(), path_of("notes", &made)] {
            let reply = admin.get(&format!("{path}?fields={fields}"));
            reply.faults(Code::InvalidInput, &["fields"]);
        }
    }
    // Whether it is there is told to nobody who may not see the record.
    let stranger = app.guest().get("/api/v1/users?fields=nope");
    stranger.error(Code::Unauthorized);
}

#[test]
fn a_deleted_record_tells_when_it_was_deleted_if_that_is_asked_for() {
    let (_app, admin, made) = notes();
    admin.delete(&path_of("notes", &made)).no_content();
    for paging in ["page=1", "cursor=&sort=deletedAt"] {
        let list = admin
            .get(&format!(
                "{LIST}?trashed=only&fields=title,deletedAt&{paging}"
            ))
            .ok();
        let item = &list["items"][0];
        assert_eq!(item.as_object().unwrap().len(), 2, "{item}");
        assert_eq!(item["deletedAt"], "2026-01-15T10:30:00.000Z");
    }
}

#[test]
fn the_tag_of_some_fields_is_not_that_of_others() {
    let (_app, admin, made) = notes();
    let path = path_of("notes", &made);
    let paths = [
        path.clone(),
        format!("{path}?fields=title"),
        format!("{path}?fields=meta"),
    ];
    let tags = paths.clone().map(|path| admin.get(&path).etag());
    for (i, path) in paths.iter().enumerate() {
        for (j, tag) in tags.iter().enumerate() {
            let reply = admin.with("If-None-Match", tag).get(path);
            assert_eq!(
                reply.status(),
                if i == j { 304 } else { 200 },
                "{path} {tag}"
            );
        }
    }
    // All of them name one version, by which a change can be bound.
    for (title, tag) in ["x", "y"].iter().zip(&tags) {
        let reply = admin
            .with("If-Match", tag)
            .patch(&path, &json!({ "title": title }));
        assert_eq!(reply.status(), if *title == "x" { 200 } else { 412 });
    }
}

#[test]
fn a_change_takes_no_fields() {
    let (_app, admin, made) = notes();
    let path = format!("{}?fields=title", path_of("notes", &made));
    let change = json!({ "title": "b" });
    admin
        .patch(&path, &change)
        .faults(Code::InvalidInput, &["fields"]);
    admin
        .post(&format!("{LIST}?fields=title"), &change)
        .faults(Code::InvalidInput, &["fields"]);
}

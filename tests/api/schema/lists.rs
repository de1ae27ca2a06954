//! Changing lists of options and of relations, and what becomes one.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, ITEMS, field, items, planned, refused, send, text, values, whole};
use crate::support::app::TestApp;

fn colors(options: &[&str]) -> Json {
    json!({ "name": "a", "type": "multiselect", "options": options })
}

/// Items with lists of tags: the first has both, the second one, the third none.
fn tagged() -> (TestApp, [Json; 2]) {
    let app = TestApp::start();
    app.collection("tags", json!([text("name")]));
    let admin = app.admin();
    let tag = |name: &str| {
        let made = admin.post("/api/v1/tags", &json!({ "name": name }));
        made.created()["id"].clone()
    };
    let tags = ["x", "y"].map(tag);
    app.collection(
        "items",
        json!([text("note"), { "name": "tag_ids", "type": "relations", "collection": "tags" }]),
    );
    for list in [json!(tags), json!([tags[1]]), json!([])] {
        admin.post(ITEMS, &json!({ "tagIds": list })).created();
    }
    (app, tags)
}

/// How many records have a tag on their list, by the join table of a field.
fn found(app: &TestApp, path: &str, name: &str, tag: &Json) -> Json {
    let tag = tag.as_str().unwrap();
    let list = app.admin().get(&format!("{path}?{name}[contains]={tag}"));
    list.ok()["pagination"]["totalItems"].clone()
}

#[test]
fn options_that_are_held_stay() {
    let records = [
        json!({ "a": ["red", "blue"] }),
        json!({ "a": ["red"] }),
        json!({}),
    ];
    let app = items(&json!([colors(&["red", "blue"])]), &records);
    let body = field(colors(&["red", "green"]));
    let plan = planned(&app, &body);
    let obstacle = &plan["obstacles"][0];
    assert_eq!(
        (&obstacle["count"], &obstacle["code"]),
        (&json!(1), &json!("NOT_AN_OPTION"))
    );
    assert_eq!(obstacle["samples"][0]["value"], json!(["red", "blue"]));
    let mut forced = body;
    forced["allowDestructive"] = json!(true);
    refused(&app, &forced, Code::Unprocessable);
}

#[test]
fn lists_follow_the_order_of_their_options() {
    let records = [
        json!({ "a": ["red", "blue"] }),
        json!({ "a": [] }),
        json!({}),
    ];
    let app = items(&json!([colors(&["red", "blue"])]), &records);
    send(&app, &field(colors(&["blue", "green", "red"]))).ok();
    let expected = [json!(["blue", "red"]), json!([]), json!(null)];
    assert_eq!(values(&app, "a"), expected);
    let made = json!({ "a": ["red", "green"] });
    let made = app.admin().post(ITEMS, &made).created();
    assert_eq!(made["a"], json!(["green", "red"]));
}

#[test]
fn one_option_becomes_a_list_and_a_list_of_one_an_option() {
    let select = json!({ "name": "a", "type": "select", "options": ["red", "blue"] });
    let app = items(&json!([select]), &[json!({ "a": "red" }), json!({})]);
    send(&app, &field(colors(&["blue", "red"]))).ok();
    assert_eq!(values(&app, "a"), [json!(["red"]), json!(null)]);
    let admin = app.admin();
    admin
        .post(ITEMS, &json!({ "a": ["red", "blue"] }))
        .created();
    admin.post(ITEMS, &json!({ "a": [] })).created();
    let mut body = field(&select);
    let plan = planned(&app, &body);
    let loss = &plan["losses"][0];
    assert_eq!(loss["count"], 1, "{plan}");
    assert_eq!(loss["samples"][0]["value"], json!(["blue", "red"]));
    refused(&app, &body, Code::Unprocessable);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    assert_eq!(
        values(&app, "a"),
        [json!("red"), json!(null), json!(null), json!(null)]
    );
}

#[test]
fn texts_become_lists_where_all_they_say_is_an_option() {
    let texts = [
        "red",
        "[\"red\",\"blue\"]",
        "pink",
        "[\"red\",\"red\"]",
        "[1",
    ];
    let app = items(&json!([text("a")]), &texts.map(|text| json!({ "a": text })));
    let mut sent = colors(&["blue", "red"]);
    sent["max"] = Json::Null;
    let mut body = field(sent);
    assert_eq!(planned(&app, &body)["losses"][0]["count"], 3);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    let none = || json!(null);
    let expected = [
        json!(["red"]),
        json!(["blue", "red"]),
        none(),
        none(),
        none(),
    ];
    assert_eq!(values(&app, "a"), expected);
    let back = json!({ "name": "a", "type": "text", "options": null });
    send(&app, &field(back)).ok();
    assert_eq!(values(&app, "a")[1], "[\"blue\",\"red\"]");
}

#[test]
fn a_list_of_relations_is_added_and_dropped_with_its_pairs() {
    let (app, tags) = tagged();
    let added = json!({ "name": "more_ids", "type": "relations", "collection": "tags" });
    send(&app, &field(added)).ok();
    assert_eq!(values(&app, "moreIds"), [json!([]), json!([]), json!([])]);
    let made = json!({ "moreIds": [tags[0]] });
    app.admin().post(ITEMS, &made).created();
    assert_eq!(found(&app, ITEMS, "moreIds", &tags[0]), 1);
    let mut body = field(json!({ "name": "tag_ids", "drop": true }));
    let plan = planned(&app, &body);
    assert_eq!(plan["losses"][0]["count"], 2, "{plan}");
    refused(&app, &body, Code::Unprocessable);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    let left = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'items_tag_ids%'";
    assert_eq!(app.count(left), 0);
}

#[test]
fn a_list_keeps_its_pairs_under_every_name() {
    let (app, tags) = tagged();
    let body = json!({ "name": "wares", "fields": [
        { "name": "label_ids", "renamedFrom": "tag_ids" } ] });
    assert_eq!(planned(&app, &body)["losses"], json!([]));
    let admin = app.admin();
    admin.patch(DEFINITION, &body).ok();
    whole(&app);
    let wares = "/api/v1/wares";
    assert_eq!(found(&app, wares, "labelIds", &tags[1]), 2);
    let rename = json!({ "name": "labels" });
    admin.patch("/api/system/collections/tags", &rename).ok();
    whole(&app);
    admin
        .post(wares, &json!({ "labelIds": [tags[1]] }))
        .created();
    assert_eq!(found(&app, wares, "labelIds", &tags[1]), 3);
    // What is taken over into another table keeps them, too.
    let rebuilt = json!({ "fields": [{ "name": "note", "type": "json", "max": null }] });
    admin.patch("/api/system/collections/wares", &rebuilt).ok();
    whole(&app);
    assert_eq!(found(&app, wares, "labelIds", &tags[1]), 3);
    let tag = format!("/api/v1/labels/{}", tags[1].as_str().unwrap());
    admin.delete(&tag).no_content();
    let list = admin.get(&format!("{wares}?sort=createdAt,id")).ok();
    assert_eq!(list["items"][0]["labelIds"], json!([tags[0]]));
}

#[test]
fn a_relation_becomes_a_list_and_a_list_of_one_a_relation() {
    let (app, tags) = tagged();
    let sent = json!({ "name": "tag_id", "renamedFrom": "tag_ids", "type": "relation" });
    let mut body = field(sent);
    assert_eq!(planned(&app, &body)["losses"][0]["count"], 1);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    assert_eq!(
        values(&app, "tagId"),
        [json!(null), tags[1].clone(), json!(null)]
    );
    let sent = json!({ "name": "tag_ids", "renamedFrom": "tag_id", "type": "relations",
        "onDelete": null });
    send(&app, &field(sent)).ok();
    assert_eq!(
        values(&app, "tagIds"),
        [json!([]), json!([tags[1]]), json!([])]
    );
    assert_eq!(found(&app, ITEMS, "tagIds", &tags[1]), 1);
}

#[test]
fn a_list_that_points_elsewhere_loses_what_is_not_there() {
    let (app, _) = tagged();
    app.collection("labels", json!([text("name")]));
    let mut body = field(json!({ "name": "tag_ids", "collection": "labels" }));
    assert_eq!(planned(&app, &body)["losses"][0]["count"], 2);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    assert_eq!(values(&app, "tagIds"), [json!([]), json!([]), json!([])]);
}

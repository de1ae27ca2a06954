//! The contract: the document says all that the server does, to whom it may say it, and the page
//! shows it.
//!
//! That answers are as it says, every story checks (`tests/support/contract.rs`).

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{app::TestApp, client::Client, contract::fits};

const DOCUMENT: &str = "/api/openapi.json";

fn document(client: &Client) -> Json {
    let reply = client.get(DOCUMENT);
    assert_eq!(reply.status(), 200);
    reply.json()
}

fn names(document: &Json, place: &str) -> Vec<String> {
    let members = document.pointer(place).unwrap().as_object().unwrap();
    members.keys().cloned().collect()
}

/// Posts of which everybody sees those that are published, and their comments.
fn blog() -> TestApp {
    let app = TestApp::start();
    app.define(json!({
        "name": "posts",
        "history": true,
        "fields": [
            { "name": "title", "type": "text", "required": true, "max": 20, "searchable": true },
            { "name": "salary", "type": "text", "readRule": "auth.can(\"posts:bypass\")" },
            { "name": "total", "type": "decimal", "min": "0" },
            { "name": "slug", "type": "text", "unique": true, "collation": "nocase" },
            { "name": "tags", "type": "multiselect", "options": ["red", "blue"] },
            { "name": "friend_ids", "type": "relations", "collection": "posts" },
        ],
        "rules": { "list": "title != ''", "view": "title != ''" },
    }));
    app.collection(
        "comments",
        json!([
            { "name": "post_id", "type": "relation", "collection": "posts", "required": true },
            { "name": "text", "type": "text" },
        ]),
    );
    app
}

/// Every route of the server below `/api` and `/health`, as method and template.
fn routes() -> Vec<(String, String)> {
    let routes = stead::server::routes().list().into_iter().map(|route| {
        let mut words = route.split(' ').map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap())
    });
    let is_ours = |path: &str| path.starts_with("/api") || path.starts_with("/health");
    routes.filter(|(_, path)| is_ours(path)).collect()
}

/// The routes that take a documented path: a name in it stands for what a route has braces for.
fn route_of<'a>(routes: &'a [(String, String)], method: &str, path: &str) -> &'a str {
    let route = routes
        .iter()
        .find(|(known, template)| known == method && fits(template, path));
    &route
        .unwrap_or_else(|| panic!("there is no route {method} {path}"))
        .1
}

#[test]
fn every_route_is_documented_and_every_documented_one_is_there() {
    let document = document(&blog().admin());
    let routes = routes();
    let mut documented = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "parameters")
        {
            let method = method.to_uppercase();
            let route = route_of(&routes, &method, path).to_owned();
            documented.push((method, route));
        }
    }
    for route in &routes {
        assert!(documented.contains(route), "{route:?} is not documented");
    }
}

#[test]
fn the_document_is_openapi_3_1() {
    let document = document(&blog().admin());
    let schema = include_str!("../vendor/openapi-3.1-schema.json");
    let schema: Json = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&document)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    jsonschema::draft202012::meta::validate(&document["components"]["schemas"]["Post"]).unwrap();
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document(&blog().admin());
    let mut seen = 0;
    references(&document, &mut |place| {
        seen += 1;
        let found = document.pointer(place.strip_prefix('#').unwrap());
        assert!(found.is_some(), "{place}");
    });
    assert!(seen > 100, "{seen}");
}

fn references(value: &Json, look: &mut impl FnMut(&str)) {
    match value {
        Json::Object(members) => {
            if let Some(place) = members.get("$ref").and_then(Json::as_str) {
                look(place);
            }
            members.values().for_each(|value| references(value, look));
        }
        Json::Array(items) => items.iter().for_each(|value| references(value, look)),
        _ => {}
    }
}

#[test]
fn names_come_from_the_singular() {
    let app = TestApp::start();
    let fields = json!([{ "name": "text", "type": "text" }]);
    app.define(json!({ "name": "people", "singular": "person", "fields": fields }));
    app.define(json!({ "name": "order_items", "fields": fields }));
    let document = document(&app.admin());
    let person = &document["paths"]["/api/v1/people/{id}"];
    assert_eq!(person["get"]["operationId"], "getPerson");
    let items = &document["paths"]["/api/v1/order-items"];
    assert_eq!(items["get"]["operationId"], "listOrderItems");
    let schemas = &document["components"]["schemas"];
    assert!(schemas["OrderItemCreate"].is_object() && schemas["Person"].is_object());
}

#[test]
fn no_two_operations_or_schemas_share_a_name() {
    let app = TestApp::start();
    let fields = json!([{ "name": "text", "type": "text" }]);
    for name in [
        "roles",
        "collections",
        "system_roles",
        "posts",
        "post_creates",
    ] {
        app.define(json!({ "name": name, "fields": fields }));
    }
    let document = document(&app.admin());
    let mut ids = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        let operations = item.as_object().unwrap().values();
        ids.extend(operations.filter_map(|operation| operation["operationId"].as_str()));
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    let role = &document["components"]["schemas"]["SystemRole"]["properties"];
    assert!(
        role["permissions"].is_object(),
        "Stead's own keep their names"
    );
    assert!(document["components"]["schemas"]["SystemRole_"].is_object());
}

#[test]
fn the_document_has_a_tag_that_changes_with_the_definitions() {
    let app = blog();
    let admin = app.admin();
    let first = admin.get(DOCUMENT).etag();
    assert_eq!(admin.get(DOCUMENT).etag(), first);
    let again = admin.with("If-None-Match", &first).get(DOCUMENT);
    assert_eq!((again.status(), again.response.body.len()), (304, 0));
    app.collection("tags", json!([{ "name": "tag", "type": "text" }]));
    let changed = admin.with("If-None-Match", &first).get(DOCUMENT);
    assert_eq!(changed.status(), 200);
    assert_eq!(changed.header("cache-control"), Some("private, no-cache"));
}

#[test]
fn it_names_what_the_caller_may_use_and_nothing_else() {
    let app = blog();
    let guest = document(&app.guest());
    let paths = names(&guest, "/paths");
    assert!(paths.contains(&"/api/v1/posts".to_owned()));
    assert!(
        paths.iter().all(|path| !path.contains("comments")),
        "{paths:?}"
    );
    let text = guest.to_string();
    assert!(
        !text.contains("salary") && !text.contains("omment"),
        "{text}"
    );
    assert!(document(&app.admin()).to_string().contains("salary"));
    let viewer = document(&app.viewer()).to_string();
    assert!(viewer.contains("/api/v1/comments") && !viewer.contains("salary.gte"));
}

#[test]
fn guests_are_told_what_they_may_do_without_signing_in() {
    let document = document(&blog().guest());
    let posts = &document["paths"]["/api/v1/posts"];
    let is_open = |operation: &Json| {
        let kinds = operation["security"].as_array().unwrap();
        kinds.contains(&json!({}))
    };
    assert!(is_open(&posts["get"]) && !is_open(&posts["post"]));
}

#[test]
fn values_are_described_as_they_are_shown_and_as_they_are_sent() {
    let document = document(&blog().admin());
    let schemas = &document["components"]["schemas"];
    let total = |schema: &str| schemas[schema]["properties"]["total"].clone();
    assert_eq!(total("Post")["pattern"], "^-?[0-9]+\\.[0-9]{2}$");
    assert_eq!(
        total("PostCreate")["type"],
        json!(["string", "number", "null"])
    );
    let added = &total("PostUpdate")["anyOf"][1];
    assert_eq!(added["required"], json!(["$inc"]));
    let title = &schemas["PostCreate"]["properties"]["title"];
    assert_eq!(
        (&title["minLength"], &title["maxLength"]),
        (&json!(1), &json!(20))
    );
    assert_eq!(schemas["PostCreate"]["required"], json!(["title"]));
    assert_eq!(schemas["Post"]["required"].as_array().unwrap().len(), 9);
}

#[test]
fn links_lead_to_operations_that_there_are() {
    let document = document(&blog().admin());
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let operations: Vec<&Json> = operations
        .filter(|one| one["operationId"].is_string())
        .collect();
    let mut seen = 0;
    for answer in operations
        .iter()
        .flat_map(|one| one["responses"].as_object().unwrap().values())
    {
        for link in answer["links"].as_object().into_iter().flatten() {
            let id = &link.1["operationId"];
            assert!(
                operations.iter().any(|one| one["operationId"] == *id),
                "{id}"
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn lists_have_a_form_of_their_own_and_descriptions_are_told() {
    let app = TestApp::start();
    app.define(
        json!({ "name": "posts", "description": "What was written", "fields": [
        { "name": "tags", "type": "multiselect", "options": ["red", "blue"], "required": true },
        { "name": "friend_ids", "type": "relations", "collection": "posts" },
        { "name": "title", "type": "text", "description": "In big letters", "unique": true },
        { "name": "note", "type": "text", "hidden": true },
    ] }),
    );
    let document = document(&app.admin());
    let post = &document["components"]["schemas"]["Post"];
    assert_eq!(post["description"], "What was written");
    let fields = &post["properties"];
    assert_eq!(fields["tags"]["items"]["enum"], json!(["red", "blue"]));
    assert_eq!(
        (&fields["tags"]["minItems"], &fields["friendIds"]["type"]),
        (&json!(1), &json!("array"))
    );
    let words = "In big letters; No two records have the same";
    assert_eq!(fields["title"]["description"], words);
    assert!(!post["required"].to_string().contains("note"));
    let on = &document["components"]["parameters"]["Post.on"]["schema"];
    assert_eq!(on["enum"], json!(["title"]));
    let viewer = self::document(&app.viewer());
    let seen = &viewer["components"]["schemas"]["Post"]["properties"];
    assert!(seen["title"].is_object() && seen["note"].is_null());
}

/// For each type, each operator that is documented is taken, and each other is refused.
#[test]
fn the_operators_of_a_field_are_those_that_lists_take() {
    let app = TestApp::start();
    let kinds = [
        "text",
        "integer",
        "number",
        "decimal",
        "boolean",
        "datetime",
        "date",
        "json",
        "multiselect",
    ];
    let fields: Vec<Json> = kinds
        .iter()
        .map(|kind| match *kind {
            "multiselect" => json!({ "name": "a_multiselect", "type": kind, "options": ["1"] }),
            _ => json!({ "name": format!("a_{kind}"), "type": kind }),
        })
        .collect();
    app.collection("things", json!(fields));
    let admin = app.admin();
    let document = document(&admin);
    let operators = [
        "eq",
        "ne",
        "gt",
        "gte",
        "lt",
        "lte",
        "in",
        "contains",
        "startsWith",
        "isNull",
    ];
    for kind in kinds {
        let field = format!("a{}{}", kind[..1].to_uppercase(), &kind[1..]);
        for operator in operators {
            let value = match (kind, operator) {
                (_, "isNull") | ("boolean", _) => "true",
                ("datetime" | "date", _) => "2026-01-15",
                _ => "1",
            };
            let name = format!("/components/parameters/Thing.{field}.{operator}");
            let is_documented = document.pointer(&name).is_some();
            let reply = admin.get(&format!("/api/v1/things?{field}[{operator}]={value}"));
            let expected = if is_documented { 200 } else { 400 };
            assert_eq!(reply.status(), expected, "{field}[{operator}]");
        }
    }
}

#[test]
fn where_several_relations_lead_to_a_parent_one_has_to_be_chosen() {
    let app = TestApp::start();
    let to_users = |name: &str| json!({ "name": name, "type": "relation", "collection": "users" });
    app.collection("letters", json!([to_users("from_id"), to_users("to_id")]));
    let document = document(&app.admin());
    let via = &document["components"]["parameters"]["Letter.via.User"];
    assert_eq!(
        (&via["required"], &via["schema"]),
        (&json!(true), &json!({ "enum": ["fromId", "toId"] }))
    );
}

#[test]
fn a_parameter_of_the_document_is_refused() {
    let reply = TestApp::start().guest().get("/api/openapi.json?pretty=1");
    reply.faults(Code::InvalidInput, &["pretty"]);
}

#[test]
fn the_page_shows_the_document_under_a_strict_policy() {
    let app = TestApp::start();
    let page = app.guest().get("/api/docs");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let opener = page.header("cross-origin-opener-policy");
    assert_eq!(opener, Some("same-origin"));
    let html = page.response.text();
    assert!(
        html.contains("docs/docs.js") && !html.contains("<script>"),
        "{html}"
    );
    for (file, media) in [("docs.js", "text/javascript"), ("docs.css", "text/css")] {
        let reply = app.guest().get(&format!("/api/docs/{file}"));
        let found = reply.header("content-type").unwrap();
        assert!(reply.status() == 200 && found.starts_with(media), "{found}");
        assert!(!reply.response.text().contains("innerHTML"));
    }
    app.guest()
        .get("/api/docs/index.html")
        .error(Code::NotFound);
    app.guest().get("/api/docs/other.js").error(Code::NotFound);
}

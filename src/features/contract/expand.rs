//! From the shorthand of the parts to OpenAPI.

use serde_json::{Map, Value as Json, json};

use super::{
    document::{Document, Error},
    parameters,
    shared::{response_name, security},
};
use crate::schema::json_schema::add;

/// Headers of every answer under `/api`.
const HEADERS: &[(&str, &str)] = &[
    ("X-Request-Id", "RequestId"),
    ("X-RateLimit-Limit", "RateLimitLimit"),
    ("X-RateLimit-Remaining", "RateLimitRemaining"),
    ("X-RateLimit-Reset", "RateLimitReset"),
];

/// Headers that are named otherwise than in `components`.
const SPELT: &[(&str, &str)] = &[
    ("SetCookie", "Set-Cookie"),
    ("IdempotencyReplayed", "Idempotency-Replayed"),
];

/// The schema of this name.
pub fn reference(name: &str) -> Json {
    to("schemas", name)
}

/// What is in `components` under this kind and name.
pub fn to(kind: &str, name: &str) -> Json {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// A schema in which texts stand for those of their name.
pub fn schema(short: Json) -> Json {
    match short {
        Json::String(name) => reference(&name),
        Json::Object(members) => members
            .into_iter()
            .map(keyword)
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

fn keyword((key, value): (String, Json)) -> (String, Json) {
    let value = match (key.as_str(), value) {
        ("properties", Json::Object(properties)) => {
            let properties = properties.into_iter();
            let whole = properties.map(|(name, short)| (name, schema(short)));
            whole.collect::<Map<_, _>>().into()
        }
        ("items" | "additionalProperties" | "schema", short) => schema(short),
        ("anyOf" | "oneOf", Json::Array(choices)) => choices.into_iter().map(schema).collect(),
        (_, other) => other,
    };
    (key, value)
}

/// The operations of a path, under their tag.
///
/// # Errors
/// Where a part is not of the shorthand's form.
pub fn path(document: &mut Document, tag: &str, path: &str, short: Json) -> Result<(), Error> {
    let Json::Object(members) = short else {
        return Err(Error(format!("{path} is no object")));
    };
    let mut item = Map::new();
    for (key, value) in members {
        let value = match (key.as_str(), value) {
            ("parameters", Json::Array(names)) => all_parameters(names),
            (method, Json::Object(operation)) => {
                operation_of(document, (tag, path, method), operation)?
            }
            _ => return Err(Error(format!("{path} has {key}"))),
        };
        item.insert(key, value);
    }
    document.add_path(path, item)
}

fn all_parameters(names: Vec<Json>) -> Json {
    let whole = names.into_iter().map(|name| match name {
        Json::String(name) => to("parameters", &name),
        other => other,
    });
    whole.collect()
}

fn operation_of(
    document: &mut Document,
    (tag, path, method): (&str, &str, &str),
    mut short: Map<String, Json>,
) -> Result<Json, Error> {
    let kind = take_text(&mut short, "security").unwrap_or_else(|| "caller".to_owned());
    let mut named = take_list(&mut short, "parameters");
    for kind in parameters::KINDS {
        if let Some(table) = take_text(&mut short, kind) {
            named.extend(document.asked_of(kind, &table)?);
        }
    }
    let body = short.remove("body");
    let is_optional = short.remove("bodyIsOptional").is_some();
    let body_media = take_list(&mut short, "bodyMedia");
    let has_body = body.is_some() || !body_media.is_empty();
    let mut statuses = implied(path, &kind, has_body);
    for status in take_list(&mut short, "errors") {
        statuses.extend(status.as_u64());
    }
    let mut responses = Map::new();
    for status in statuses {
        let name = response_name(status)?;
        responses.insert(status.to_string(), to("responses", &name));
    }
    let Some(Json::Object(answers)) = short.remove("answers") else {
        return Err(Error(format!("{method} {path} has no answers")));
    };
    for (status, answer) in answers {
        responses.insert(status, response(path, answer));
    }
    let id = take_text(&mut short, "operationId");
    let id = id.ok_or_else(|| Error(format!("{method} {path} has no operationId")))?;
    short.insert("operationId".to_owned(), document.operation(id).into());
    short.insert("tags".to_owned(), json!([tag]));
    short.insert("security".to_owned(), security(&kind, method != "get"));
    short.insert("responses".to_owned(), responses.into());
    if !named.is_empty() {
        short.insert("parameters".to_owned(), all_parameters(named));
    }
    if let Some(body) = body {
        let content = json!({ "application/json": { "schema": schema(body) } });
        let whole = json!({ "required": !is_optional, "content": content });
        short.insert("requestBody".to_owned(), whole);
    }
    if !body_media.is_empty() {
        let whole = json!({ "required": true, "content": media(body_media) });
        short.insert("requestBody".to_owned(), whole);
    }
    Ok(short.into())
}

/// The statuses of errors that such routes have, whatever they do.
fn implied(path: &str, kind: &str, has_body: bool) -> Vec<u64> {
    if !path.starts_with("/api/") {
        return Vec::new();
    }
    let mut statuses = vec![400, 429, 500, 503];
    if matches!(kind, "caller" | "guest") {
        statuses.extend([401, 403]);
    }
    if has_body {
        statuses.extend([408, 413, 415]);
    }
    if path.contains('{') {
        statuses.push(404);
    }
    statuses
}

fn response(path: &str, answer: Json) -> Json {
    let Json::Object(mut answer) = answer else {
        return answer;
    };
    let mut headers = Map::new();
    for (name, component) in HEADERS
        .iter()
        .take(if path.starts_with("/api/") { 4 } else { 1 })
    {
        headers.insert((*name).to_owned(), to("headers", component));
    }
    for name in take_list(&mut answer, "headers") {
        let name = name.as_str().unwrap_or_default();
        let spelt = SPELT.iter().find(|(known, _)| *known == name);
        let spelt = spelt.map_or(name, |(_, spelt)| *spelt);
        headers.insert(spelt.to_owned(), to("headers", name));
    }
    let links = links(take_list(&mut answer, "links"), answer.contains_key("page"));
    let json = |schema: Json| json!({ "application/json": { "schema": schema } });
    let content = if let Some(data) = answer.remove("data") {
        Some(json(enveloped(&schema(data))))
    } else if let Some(item) = answer.remove("page") {
        let has_snippets = answer.remove("snippets").is_some();
        Some(json(enveloped(&page(&schema(item), has_snippets))))
    } else if let Some(plain) = answer.remove("plain") {
        Some(json(schema(plain)))
    } else {
        let types = take_list(&mut answer, "media");
        (!types.is_empty()).then(|| media(types))
    };
    let mut response = json!({ "description": "It went well", "headers": headers });
    if let (Some(content), Some(members)) = (content, response.as_object_mut()) {
        members.insert("content".to_owned(), content);
        if !links.is_empty() {
            members.insert("links".to_owned(), links.into());
        }
    }
    response
}

/// Bodies of these types, whose form no schema tells.
fn media(types: Vec<Json>) -> Json {
    let types = types.into_iter().filter_map(|name| match name {
        Json::String(name) => Some((name, json!({ "schema": { "type": "string" } }))),
        _ => None,
    });
    types.collect::<Map<_, _>>().into()
}

/// How operations go on with the record of an answer, or with the first of a page.
fn links(operations: Vec<Json>, is_page: bool) -> Map<String, Json> {
    let place = match is_page {
        true => "items/0/",
        false => "",
    };
    let operations = operations.into_iter().filter_map(|id| match id {
        Json::String(id) => Some(id),
        _ => None,
    });
    let link = |id: String| {
        let key = if id.ends_with("Role") { "name" } else { "id" };
        let parameters =
            json!({ format!("path.{key}"): format!("$response.body#/data/{place}{key}") });
        (
            id.clone(),
            json!({ "operationId": id, "parameters": parameters }),
        )
    };
    operations.map(link).collect()
}

/// What an answer looks like whose `data` has this schema.
fn enveloped(data: &Json) -> Json {
    json!({
        "type": "object", "required": ["success", "data", "meta"],
        "properties": { "success": { "const": true }, "data": data, "meta": reference("Meta") },
    })
}

/// What a page looks like whose items have this schema.
fn page(item: &Json, has_snippets: bool) -> Json {
    let mut page = json!({
        "type": "object", "required": ["items", "pagination", "links"],
        "properties": {
            "items": { "type": "array", "items": item },
            "pagination": reference("Pagination"), "links": reference("Links"),
        },
    });
    if has_snippets && let Some(properties) = page.pointer_mut("/properties") {
        add(properties, "snippets", reference("Snippets"));
    }
    page
}

fn take_text(from: &mut Map<String, Json>, key: &str) -> Option<String> {
    match from.remove(key) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    }
}

fn take_list(from: &mut Map<String, Json>, key: &str) -> Vec<Json> {
    match from.remove(key) {
        Some(Json::Array(list)) => list,
        _ => Vec::new(),
    }
}

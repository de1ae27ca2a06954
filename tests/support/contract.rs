//! Holds every answer of the stories to the document of the API: its status and media type must be
//! documented for the route, and its body be of the schema, with nothing beside what that names.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};
use stead::{
    app::App,
    engine::{Catalog, Definitions},
    features::contract::Contract,
};

use super::http::Response;

/// The servers that stories run.
static SERVERS: LazyLock<Mutex<HashMap<SocketAddr, Server>>> = LazyLock::new(Mutex::default);

/// What a server says of itself.
struct Server {
    catalog: Catalog,
    contract: Contract,
    document: Option<Arc<Document>>,
}

/// The document under certain definitions, for the operator, so for everybody.
pub struct Document {
    // Kept, so that no other definitions come to lie at the same address.
    definitions: Arc<Definitions>,
    json: Arc<Json>,
}

/// Documents by the definitions that they are made from, which many stories share.
static DOCUMENTS: LazyLock<Mutex<HashMap<String, Arc<Json>>>> = LazyLock::new(Mutex::default);

/// Validators by all that they are made from.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

impl Server {
    fn document_of(&self, definitions: &Definitions) -> Arc<Json> {
        let texts = definitions.schema.iter();
        let key: String = texts.map(|one| one.definition().to_string()).collect();
        if let Some(known) = DOCUMENTS.lock().unwrap().get(&key) {
            return Arc::clone(known);
        }
        let text = self.contract.document(&App::operator("test")).unwrap();
        let mut json = serde_json::from_slice(&text).unwrap();
        keep_answers(&mut json);
        close(&mut json);
        let json = Arc::new(json);
        DOCUMENTS.lock().unwrap().insert(key, Arc::clone(&json));
        json
    }
}

/// Has the answers of a server looked at.
pub fn register(address: SocketAddr, app: &App) {
    let server = Server {
        catalog: app.engine.catalog().clone(),
        contract: app.contract.clone(),
        document: None,
    };
    SERVERS.lock().unwrap().insert(address, server);
}

/// Lets go of a server, whose database closes with the last handle to it.
pub fn forget(address: SocketAddr) {
    let forgotten = SERVERS.lock().unwrap().remove(&address);
    drop(forgotten);
}

/// The document that holds before a request; none for a server that runs elsewhere.
pub fn before(address: SocketAddr) -> Option<Arc<Document>> {
    let mut servers = SERVERS.lock().unwrap();
    let server = servers.get_mut(&address)?;
    let definitions = server.catalog.now();
    let known = server.document.clone();
    let is_current = |known: &Arc<Document>| Arc::ptr_eq(&known.definitions, &definitions);
    if let Some(known) = known.filter(is_current) {
        return Some(known);
    }
    let json = server.document_of(&definitions);
    let document = Arc::new(Document { definitions, json });
    server.document = Some(Arc::clone(&document));
    Some(document)
}

/// Checks an answer by the document before its request. Where definitions have changed since, it
/// may be one by the document of now as well.
pub fn check(
    address: SocketAddr,
    before: Option<Arc<Document>>,
    (method, path): (&str, &str),
    response: &Response,
) {
    let Some(before) = before else {
        return;
    };
    let Err(fault) = before.check(method, path, response) else {
        return;
    };
    let after = self::before(address).filter(|after| !Arc::ptr_eq(after, &before));
    let is_well = after.is_some_and(|after| after.check(method, path, response).is_ok());
    assert!(
        is_well,
        "{method} {path} -> {}: {fault}\n{}",
        response.status,
        String::from_utf8_lossy(&response.unpacked().body)
    );
}

impl Document {
    fn check(&self, method: &str, path: &str, response: &Response) -> Result<(), String> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let is_ours = path.starts_with("/api/") || path.starts_with("/health");
        if !is_ours || method == "OPTIONS" || path.starts_with("/api/operator/") {
            return Ok(());
        }
        let asked = if method == "HEAD" { "get" } else { method };
        let operation = self.path(path).map(|item| &item[asked.to_lowercase()]);
        let Some(operation) = operation.filter(|operation| operation.is_object()) else {
            let fault = format!("{} for what is not documented", response.status);
            return if response.status < 400 {
                Err(fault)
            } else {
                Ok(())
            };
        };
        let id = operation["operationId"].as_str().unwrap();
        let answer = &operation["responses"][response.status.to_string()];
        if answer.is_null() {
            return Err(format!("{id} has no such status"));
        }
        // An answer that is given again may hang on rules that were there when it was given first,
        // and a record as it was on the types that its fields then had.
        let is_of_then = query.split('&').any(|one| one.starts_with("at="))
            || response.header("idempotency-replayed").is_some();
        if method == "HEAD" || is_of_then {
            return Ok(());
        }
        self.body(id, answer, &response.unpacked())
    }

    fn body(&self, id: &str, answer: &Json, response: &Response) -> Result<(), String> {
        let answer = match answer["$ref"].as_str() {
            Some(place) => self.json.pointer(place.trim_start_matches('#')).unwrap(),
            None => answer,
        };
        let content = answer["content"].as_object();
        if response.body.is_empty() {
            // A file of no records is empty.
            let media = response.header("content-type").unwrap_or_default();
            return match content {
                Some(content) if media != "application/json" && content.contains_key(media) => {
                    Ok(())
                }
                Some(_) => Err(format!("{id} has a body here")),
                None => Ok(()),
            };
        }
        let media = response.header("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap();
        let content = content.ok_or_else(|| format!("{id} has no body here"))?;
        let Some(content) = content.get(media).or_else(|| content.get("*/*")) else {
            return Err(format!("{id} has no {media}"));
        };
        if media != "application/json" || content["schema"].is_null() {
            return Ok(());
        }
        let validator = self.validator(&content["schema"]);
        let body = response.json();
        let faults = validator.iter_errors(&body).map(|fault| {
            format!(
                "{}: {fault} ({})",
                fault.instance_path(),
                fault.schema_path()
            )
        });
        let faults: Vec<String> = faults.collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(format!("{id}: {}", faults.join("; ")))
        }
    }

    /// A schema with the schemas that it leads to, and no others: reading the whole document anew
    /// for each answer would take most of the time of a story.
    fn validator(&self, schema: &Json) -> Arc<Validator> {
        let mut reached = Map::new();
        self.reach(schema, &mut reached);
        let whole = json!({ "allOf": [schema], "components": { "schemas": reached } });
        let mut validators = VALIDATORS.lock().unwrap();
        let made = validators
            .entry(whole.to_string())
            .or_insert_with(|| Arc::new(jsonschema::draft202012::new(&whole).unwrap()));
        Arc::clone(made)
    }

    fn reach(&self, value: &Json, reached: &mut Map<String, Json>) {
        match value {
            Json::Object(members) => {
                let place = members
                    .get("$ref")
                    .and_then(Json::as_str)
                    .unwrap_or_default();
                if let Some(name) = place.strip_prefix("#/components/schemas/")
                    && !reached.contains_key(name)
                {
                    let schema = &self.json["components"]["schemas"][name];
                    reached.insert(name.to_owned(), schema.clone());
                    self.reach(schema, reached);
                }
                members
                    .values()
                    .for_each(|value| self.reach(value, reached));
            }
            Json::Array(items) => items.iter().for_each(|value| self.reach(value, reached)),
            _ => {}
        }
    }

    /// The documented path that fits; one without parameters before others.
    fn path(&self, path: &str) -> Option<&Json> {
        let paths = self.json["paths"].as_object().unwrap();
        if let Some(item) = paths.get(path) {
            return Some(item);
        }
        let fitting = paths.iter().filter(|(template, _)| fits(template, path));
        let fewest = |(template, _): &(&String, &Json)| template.matches('{').count();
        fitting.min_by_key(fewest).map(|(_, item)| item)
    }
}

/// True if a path is of a template such as `/api/v1/posts/{id}`.
pub fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(named, given)| named == given || (named.starts_with('{') && !given.is_empty()))
}

/// Lets go of what is about requests, which is most of a document: hundreds are kept.
fn keep_answers(document: &mut Json) {
    document["components"]["parameters"].take();
    let paths = document["paths"].as_object_mut().unwrap();
    for item in paths.values_mut().filter_map(Json::as_object_mut) {
        item.remove("parameters");
        for operation in item.values_mut().filter_map(Json::as_object_mut) {
            operation.remove("parameters");
            operation.remove("requestBody");
        }
    }
}

/// Lets no object have members that its schema does not name: an answer with more would be news to
/// whoever reads the document.
fn close(schema: &mut Json) {
    match schema {
        Json::Object(members) => {
            members.values_mut().for_each(close);
            let is_open = members.contains_key("properties") && members.contains_key("type");
            if is_open && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Json::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

//! The document, while it is put together.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value as Json, json};

use super::{
    expand,
    parameters::{self, Asked},
    parts, paths,
    record::{part_of, put},
    shared::{issue_codes, responses, schemes},
    sight::Sight,
};
use crate::{
    access::permission_form,
    schema::{fields, json_schema::add},
};

/// The version of OpenAPI.
const OPENAPI: &str = "3.1.1";

const DESCRIPTION: &str = "What this instance takes and answers, as far as the caller may use it. \
    Every JSON answer but those about health stands in one envelope. A path that is not here is \
    404, another method of one that is here is 405 with `Allow`; `HEAD` works wherever `GET` does. \
    A parameter that is not here is 400.";

/// Why there is no document: a part of it is not of the form that it should have.
#[derive(Debug)]
pub struct Error(pub String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// What the document says of the instance itself.
pub struct Instance<'a> {
    /// Where its API is, `https://example.org/stead` or `/`.
    pub url: &'a str,
    /// The names of the cookies with the access and the refresh token.
    pub cookies: (&'a str, &'a str),
    /// The fewest characters of a password.
    pub password_min: usize,
}

/// What has been put together so far.
#[derive(Default)]
pub struct Document {
    paths: Map<String, Json>,
    schemas: Map<String, Json>,
    parameters: Map<String, Json>,
    headers: Map<String, Json>,
    operations: BTreeSet<String>,
    asked: BTreeMap<(&'static str, String), Vec<String>>,
}

/// The whole document about the collections that a caller may know.
///
/// # Errors
/// If a part has a fault.
pub fn of(instance: &Instance<'_>, sights: &[Sight]) -> Result<Json, Error> {
    let mut document = Document::default();
    document.add_components(read(parts::SHARED)?);
    let mut features = Vec::new();
    for (tag, text) in parts::FEATURES {
        let mut part = read(text)?;
        features.push((*tag, part.remove("paths")));
        document.add_components(part);
    }
    document.tell_codes_and_types();
    document.tell("Password", "minLength", instance.password_min);
    document.tell("SystemPermission", "pattern", permission_form::pattern());
    let named = paths::name(&mut document, sights);
    for (tag, found) in features {
        document.add_paths(tag, found.unwrap_or_default())?;
    }
    paths::add(&mut document, &named)?;
    let mut tags: Vec<&str> = parts::FEATURES.iter().map(|(tag, _)| *tag).collect();
    let tables = sights.iter().map(|sight| sight.collection.name.as_str());
    tags.extend(tables.filter(|name| *name != "users"));
    document.finish(instance, &tags)
}

/// Reads a part.
///
/// # Errors
/// If it is no JSON object.
pub fn read(text: &str) -> Result<Map<String, Json>, Error> {
    serde_json::from_str(text).map_err(|error| Error(error.to_string()))
}

impl Document {
    fn add_components(&mut self, part: Map<String, Json>) {
        for (kind, members) in part {
            let Json::Object(members) = members else {
                continue;
            };
            let whole = members
                .into_iter()
                .map(|(name, short)| (name, expand::schema(short)));
            match kind.as_str() {
                "schemas" => self.schemas.extend(whole),
                "parameters" => self.parameters.extend(whole),
                _ => self.headers.extend(whole),
            }
        }
    }

    /// Adds a schema.
    pub fn add_schema(&mut self, name: String, schema: Json) {
        self.schemas.insert(name, schema);
    }

    /// The names of the schemas that there are.
    pub fn schema_names(&self) -> BTreeSet<String> {
        self.schemas.keys().cloned().collect()
    }

    /// Adds the parameters of what is asked of the records of a table.
    pub fn add_asked(&mut self, table: &str, asked: Asked) {
        self.parameters.extend(asked.own);
        for (kind, names) in parameters::KINDS.iter().zip(asked.named) {
            self.asked.insert((kind, table.to_owned()), names);
        }
    }

    /// Says what `expand` puts into accounts, whose schema is the same in every instance.
    pub fn tell_accounts(&mut self, expanded: Map<String, Json>) {
        if let Some(user) = self.schemas.get_mut("User") {
            put(user, expanded);
            let part = part_of(user.clone());
            self.add_schema("UserPart".to_owned(), part);
        }
    }

    /// Adds a parameter.
    pub fn add_parameter(&mut self, name: String, parameter: Json) {
        self.parameters.insert(name, parameter);
    }

    /// The names of the parameters of a kind, for the records of a table.
    ///
    /// # Errors
    /// If there is no such table.
    pub fn asked_of(&self, kind: &'static str, table: &str) -> Result<Vec<Json>, Error> {
        let names = self.asked.get(&(kind, table.to_owned()));
        let names = names.ok_or_else(|| Error(format!("there is no table {table}")))?;
        Ok(names.iter().map(|name| name.as_str().into()).collect())
    }

    /// The id of an operation, like no other.
    pub fn operation(&mut self, mut id: String) -> String {
        while !self.operations.insert(id.clone()) {
            id.push('_');
        }
        id
    }

    /// Adds operations to a path.
    ///
    /// # Errors
    /// If one of them is there already.
    pub fn add_path(&mut self, path: &str, item: Map<String, Json>) -> Result<(), Error> {
        let known = self.paths.entry(path).or_insert_with(|| json!({}));
        for (key, value) in item {
            if known.get(&key).is_some() {
                return Err(Error(format!("{path} has {key} twice")));
            }
            add(known, &key, value);
        }
        Ok(())
    }

    /// Adds the paths of a part.
    ///
    /// # Errors
    /// Those of [`expand::path`].
    pub fn add_paths(&mut self, tag: &str, found: Json) -> Result<(), Error> {
        let Json::Object(found) = found else {
            return Err(Error(format!("{tag} has no paths")));
        };
        for (path, short) in found {
            expand::path(self, tag, &path, short)?;
        }
        Ok(())
    }

    /// Says of a schema what the instance or another module knows.
    fn tell(&mut self, schema: &str, key: &str, value: impl Into<Json>) {
        if let Some(schema) = self.schemas.get_mut(schema) {
            add(schema, key, value);
        }
    }

    /// What has a list of its own elsewhere in the program.
    fn tell_codes_and_types(&mut self) {
        let types: Vec<&str> = fields::TYPES.iter().map(|kind| kind.name()).collect();
        let lists = [
            ("SystemField", "type", types.clone()),
            ("SystemFieldUpdate", "type", types),
            ("Issue", "code", issue_codes()),
        ];
        for (schema, property, values) in lists {
            let place = format!("/properties/{property}/enum");
            let found = self.schemas.get_mut(schema);
            if let Some(place) = found.and_then(|schema| schema.pointer_mut(&place)) {
                *place = values.into();
            }
        }
    }

    fn finish(self, instance: &Instance<'_>, tags: &[&str]) -> Result<Json, Error> {
        let tags: Vec<Json> = tags.iter().map(|name| json!({ "name": name })).collect();
        let (access, refresh) = instance.cookies;
        Ok(json!({
            "openapi": OPENAPI,
            "info": { "title": "Stead", "version": env!("CARGO_PKG_VERSION"),
                "description": DESCRIPTION },
            "servers": [{ "url": instance.url }],
            "tags": tags,
            "paths": self.paths,
            "components": {
                "schemas": self.schemas, "parameters": self.parameters,
                "headers": self.headers, "responses": responses()?,
                "securitySchemes": schemes(access, refresh),
            },
        }))
    }
}

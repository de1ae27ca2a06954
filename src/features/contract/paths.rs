//! The paths of collections, and of those that stand under others.

use serde_json::{Value as Json, json};

use super::{
    document::{Document, Error, read},
    expand::reference,
    names::Names,
    parameters::{self, Asked},
    parts,
    record::{self, Body},
    sight::Sight,
};
use crate::schema::Field;

/// Accounts have paths of their own, and never stand under a parent.
const ACCOUNTS: &str = "users";

/// A collection with its names.
pub struct Named<'a> {
    sight: &'a Sight,
    names: Names,
}

/// Gives every collection its names, and adds its schemas and the parameters of its lists.
pub fn name<'a>(document: &mut Document, sights: &'a [Sight]) -> Vec<Named<'a>> {
    let mut taken = document.schema_names();
    let named = |sight: &'a Sight| {
        let names = match sight.collection.name == ACCOUNTS {
            true => Names {
                record: "User".to_owned(),
                records: "Users".to_owned(),
            },
            false => Names::of(&sight.collection, &mut taken),
        };
        Named { sight, names }
    };
    let all: Vec<Named<'_>> = sights.iter().map(named).collect();
    let record = |table: &str| {
        let found = all.iter().find(|one| one.table() == table);
        found.map(|one| one.names.record.clone())
    };
    for one in &all {
        let expanded = record::expanded(one.sight, record);
        if one.table() == ACCOUNTS {
            document.tell_accounts(expanded);
        } else {
            for (name, schema) in record::schemas(one.sight, &one.names, expanded) {
                document.add_schema(name, schema);
            }
        }
        let asked = Asked::of(one.sight, &one.names);
        document.add_asked(one.table(), asked);
    }
    let records = all.iter().filter(|one| one.table() != ACCOUNTS);
    let mut told: Vec<Json> = records
        .map(|one| reference(&record::seen(one.sight, &one.names)))
        .collect();
    told.push(json!({ "type": "null" }));
    let told = json!({ "description": "The record; null where it was deleted", "anyOf": told });
    document.add_schema("BatchData".to_owned(), told);
    all
}

/// Adds the paths of all collections.
///
/// # Errors
/// If a part has a fault.
pub fn add(document: &mut Document, all: &[Named<'_>]) -> Result<(), Error> {
    for one in all.iter().filter(|one| one.table() != ACCOUNTS) {
        one.add(document, parts::COLLECTION, &[])?;
        one.add_upsert(document)?;
        if one.sight.collection.history {
            one.add(document, parts::HISTORY, &[])?;
        }
        one.add_files(document)?;
    }
    for child in all.iter().filter(|child| child.table() != ACCOUNTS) {
        for parent in all {
            child.add_under(document, parent)?;
        }
    }
    Ok(())
}

impl Named<'_> {
    fn table(&self) -> &str {
        &self.sight.collection.name
    }

    /// Adds the paths of a part in which words stand for what is this collection's.
    fn add(
        &self,
        document: &mut Document,
        part: &str,
        further: &[(&str, &str)],
    ) -> Result<(), Error> {
        let seen = record::seen(self.sight, &self.names);
        let record = &self.names.record;
        let told = format!(r#"{{ "anyOf": ["{record}", "{record}Part"] }}"#);
        // The longer words first, since they begin with shorter ones.
        let own = [
            ("$Records", self.names.records.as_str()),
            ("$Record", &self.names.record),
            ("$Seen", &seen),
            ("\"$Told\"", &told),
            ("$table", self.table()),
            ("$path", &self.sight.collection.path),
        ];
        let mut text = part.to_owned();
        for (word, meaning) in further.iter().chain(&own) {
            text = text.replace(word, meaning);
        }
        let mut paths = read(&text)?;
        let items = paths.values_mut().filter_map(Json::as_object_mut);
        let operations = items.flat_map(|item| item.values_mut());
        for operation in operations.filter_map(Json::as_object_mut) {
            if let Some(Json::String(action)) = operation.remove("action") {
                let kind = match self.sight.lets_guests(&action) {
                    true => "guest",
                    false => "caller",
                };
                operation.insert("security".to_owned(), kind.into());
            }
        }
        document.add_paths(self.table(), paths.into())
    }

    /// Adds the upsert, if there is a unique field to find a record by.
    fn add_upsert(&self, document: &mut Document) -> Result<(), Error> {
        let unique = parameters::unique(self.sight);
        if unique.is_empty() {
            return Ok(());
        }
        let (name, parameter) = parameters::on(&self.names, &unique);
        document.add_parameter(name.clone(), parameter);
        let record = &self.names.record;
        let body = record::upsert(&format!("{record}Replace"), &unique);
        document.add_schema(format!("{record}Upsert"), body);
        self.add(document, parts::UPSERT, &[("$On", name.as_str())])
    }

    /// Adds import and export.
    fn add_files(&self, document: &mut Document) -> Result<(), Error> {
        let unique = parameters::unique(self.sight);
        let mut names: Vec<&str> = parts::OF_IMPORTS.to_vec();
        let (on, parameter) = parameters::on_import(&self.names, &unique);
        if !unique.is_empty() {
            document.add_parameter(on.clone(), parameter);
            names.extend(["Mode", &on]);
        }
        let names = serde_json::to_string(&names).map_err(|error| Error(error.to_string()))?;
        self.add(
            document,
            parts::FILES,
            &[("\"$OfImports\"", names.as_str())],
        )
    }

    /// Adds the paths under a parent, if relations that the caller may know point there.
    fn add_under(&self, document: &mut Document, parent: &Named<'_>) -> Result<(), Error> {
        let fields = self.sight.collection.fields.iter();
        let relations: Vec<&Field> = fields
            .filter(|field| field.collection() == Some(parent.table()) && !field.is_many())
            .collect();
        let is_known = |field: &&Field| self.sight.reads(field) || self.sight.writes(field);
        if relations.is_empty() || !relations.iter().all(is_known) {
            return Ok(());
        }
        let via = self.add_via(document, parent, &relations);
        let create = self.add_body(document, parent, Body::Create, &relations);
        let replace = self.add_body(document, parent, Body::Replace, &relations);
        let further = [
            ("$Via", via.as_str()),
            ("$Create", &create),
            ("$Replace", &replace),
            ("$Parent", &parent.names.record),
            ("$parents", &parent.sight.collection.path),
            ("$above", parent.table()),
        ];
        self.add(document, parts::NESTED, &further)
    }

    /// The name of the parameter that says which relation is meant.
    fn add_via(&self, document: &mut Document, parent: &Named<'_>, relations: &[&Field]) -> String {
        let names: Vec<&str> = relations.iter().map(|field| field.name.as_str()).collect();
        let name = format!("{}.via.{}", self.names.record, parent.names.record);
        let parameter = json!({
            "in": "query", "name": "via", "required": names.len() > 1,
            "description": "By which relation they stand there", "schema": { "enum": names },
        });
        document.add_parameter(name.clone(), parameter);
        name
    }

    /// The name of the schema of a body in which the relation to the parent need not stand.
    fn add_body(
        &self,
        document: &mut Document,
        parent: &Named<'_>,
        body: Body,
        relations: &[&Field],
    ) -> String {
        let name = format!("{}{body:?}", self.names.record);
        if relations.iter().all(|field| !field.required) {
            return name;
        }
        let name = format!("{name}.{}", parent.names.record);
        let schema = record::body(self.sight, body, relations);
        document.add_schema(name.clone(), schema);
        name
    }
}

//! Do the tables look as the definitions say? Compared with what a new file would get: columns,
//! relations, names of constraints, indexes and triggers. The conditions of checks are not.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::Catalog;
use crate::{
    base::{Error, Result},
    db::migrate,
};

/// What of a file is not as the definitions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deviations {
    /// What is missing or different: Stead would fail on it.
    pub faults: Vec<String>,
    /// What is there besides, and nobody's business but of who made it.
    pub others: Vec<String>,
}

/// What a schema holds: `table orders` with its traits, `index orders_number_unique` with its SQL.
type Shape = BTreeMap<String, BTreeSet<String>>;

/// Compares the tables of a file with the definitions in it.
///
/// # Errors
/// Those of the database; `INTERNAL_ERROR` for a definition that this version cannot read.
pub fn definitions(conn: &Connection) -> Result<Deviations> {
    // A file that has seen no migration is as empty as a new one.
    let expected = match migrate::version(conn)? {
        0 => Shape::new(),
        version => expected(conn, version)?,
    };
    Ok(compare(&expected, &shape(conn)?))
}

fn expected(conn: &Connection, version: i64) -> Result<Shape> {
    let fresh = migrate::in_memory(version).map_err(|error| Error::internal(error.to_string()))?;
    let catalog = Catalog::load(conn)?;
    // The table of users is the migrations'.
    let schema = catalog.schema();
    for collection in schema.iter().filter(|one| one.name != "users") {
        for statement in collection.ddl() {
            fresh.execute_batch(statement.text())?;
        }
    }
    shape(&fresh)
}

fn compare(expected: &Shape, found: &Shape) -> Deviations {
    let mut deviations = Deviations::default();
    for (what, traits) in expected {
        let Some(here) = found.get(what) else {
            deviations.faults.push(format!("{what} is missing"));
            continue;
        };
        let missing = traits
            .difference(here)
            .map(|one| format!("{what}: {one} is missing"));
        let besides = here.difference(traits);
        let besides = besides.map(|one| format!("{what}: {one} is not in the definition"));
        deviations.faults.extend(missing.chain(besides));
    }
    let others = found.keys().filter(|what| !expected.contains_key(*what));
    deviations.others = others.cloned().collect();
    deviations
}

fn shape(conn: &Connection) -> Result<Shape> {
    let mut query = conn.prepare(
        "SELECT type, name, sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let mut rows = query.query([])?;
    let mut shape = Shape::new();
    while let Some(row) = rows.next()? {
        let (kind, name, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let traits = match kind.as_str() {
            "table" => table(conn, &name, &sql)?,
            _ => BTreeSet::from([one_line(&sql)]),
        };
        shape.insert(format!("{kind} {name}"), traits);
    }
    Ok(shape)
}

fn table(conn: &Connection, name: &str, sql: &str) -> Result<BTreeSet<String>> {
    let queries = [
        "SELECT 'column ' || name || ' ' || type || iif(\"notnull\", ' NOT NULL', '')
           || coalesce(' DEFAULT ' || dflt_value, '') || iif(pk, ' PRIMARY KEY', '')
         FROM pragma_table_xinfo(?)",
        "SELECT 'relation ' || \"from\" || ' to ' || \"table\" FROM pragma_foreign_key_list(?)",
    ];
    let mut traits = BTreeSet::new();
    for text in queries {
        let mut query = conn.prepare_cached(text)?;
        let found = query.query_map([name], |row| row.get::<_, String>(0))?;
        for one in found {
            traits.insert(one?);
        }
    }
    let named = sql.split("CONSTRAINT \"").skip(1);
    let named = named.filter_map(|rest| rest.split_once('"'));
    traits.extend(named.map(|(name, _)| format!("constraint {name}")));
    Ok(traits)
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! Any JSON is a definition that makes a table, or has faults that a client is told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use stead::schema::Collection;

#[path = "site.rs"]
#[expect(dead_code, reason = "this target needs the definitions and the database alone")]
mod site;

fuzz_target!(|text: &str| {
    let Ok(definition) = serde_json::from_str::<&RawValue>(text) else {
        return;
    };
    let site = site::Site::new();
    match Collection::parse(definition, &site.schema) {
        Ok(collection) => {
            for statement in collection.ddl() {
                site.conn.execute_batch(statement.text()).unwrap();
            }
        }
        Err(issues) => assert!(!issues.is_empty()),
    }
});

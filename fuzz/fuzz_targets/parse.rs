//! Any text is either an expression, or a fault of a part of that text.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stead::{
    rules::{Purpose, check},
    schema::Schema,
};

#[path = "site.rs"]
#[expect(dead_code, reason = "this target needs the definitions alone")]
mod site;

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| site::Site::new().schema);

fuzz_target!(|source: &str| {
    let posts = SCHEMA.by_name("posts").unwrap();
    if let Err(fault) = check(source, &SCHEMA, posts, Purpose::Change) {
        assert!(source.get(fault.span.clone()).is_some(), "{fault}");
    }
});

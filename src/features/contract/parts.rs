//! The parts of the document that are the same in every instance: a file each, and one list.
//!
//! A part has `paths`, `schemas`, `parameters` and `headers`, as OpenAPI has them, but shorter:
//!
//! - where a schema is expected, a text is the name of one in `components`;
//! - parameters and headers are named likewise;
//! - `body` is the schema of a JSON body, `bodyIsOptional` says that it may be left out; `bodyMedia`
//!   are the types of a body that is no JSON;
//! - `answers` has for each status `data` (the schema of `data` in the envelope), `page` (that of
//!   what a page of a list has), `plain` (that of a body outside the envelope) or `media` (the types
//!   of a body that is no JSON), and the `headers`; `snippets` says that a page may have some;
//! - `errors` are the statuses that no other route has; those that all have are added;
//! - `security` is `none`, `refresh`, `guest` or `caller`, which is meant where nothing is said;
//! - `list`, `picks`, `aggregate`, `one`, `under` and `export` are the table whose parameters are
//!   taken: those of lists, of changes by filter, of aggregates, of one record, of one under a
//!   parent, and of exports;
//! - `links` of an answer are the operations that go on with the record that it has.

/// What all others name.
pub const SHARED: &str = include_str!("parts/shared.json");

/// The paths of a collection. `$Record` stands for the name of its schema, and so on.
pub const COLLECTION: &str = include_str!("parts/collection.json");

/// What a collection has that has a unique field.
pub const UPSERT: &str = include_str!("parts/upsert.json");

/// What a collection has that keeps versions of its records.
pub const HISTORY: &str = include_str!("parts/history.json");

/// Files of a collection's records, and the parameters of every import.
pub const FILES: &str = include_str!("parts/files.json");
pub const OF_IMPORTS: &[&str] = &["IdempotencyKey", "OnError"];

/// The paths of a collection under a parent.
pub const NESTED: &str = include_str!("parts/nested.json");

/// The parts of features, each with its tag.
pub const FEATURES: &[(&str, &str)] = &[
    ("auth", include_str!("parts/auth.json")),
    ("users", include_str!("parts/users.json")),
    ("roles", include_str!("parts/roles.json")),
    ("collections", include_str!("parts/collections.json")),
    ("settings", include_str!("parts/settings.json")),
    ("status", include_str!("parts/status.json")),
    ("batch", include_str!("parts/batch.json")),
    ("contract", include_str!("parts/contract.json")),
    ("health", include_str!("parts/health.json")),
];

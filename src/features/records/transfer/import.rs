//! `POST /api/v1/{collection}/import`: what is asked for, and by what right.

use std::{fs::File, sync::Arc};

use serde_json::{Value as Json, json};

use super::errors::Errors;
use crate::{
    access::{Action, Caller, RowFilter, sight},
    base::{Code, Error, Result},
    engine::{Format, ImportRun, Kept, Made, Once, SentKey, Written, origin},
    events::Origin,
    features::records::{
        Records,
        many::{refuse_accounts, unique},
    },
    schema::{Collection, Field},
    web::Query,
};

/// An import that may begin: who asks may write what it is about.
pub struct Importing {
    pub(super) caller: Caller,
    pub(super) collection: Arc<Collection>,
    pub(super) create: RowFilter,
    /// The unique field by which rows replace records, by its column.
    pub(super) upsert: Option<(Field, RowFilter)>,
    pub(super) skips: bool,
    pub(super) format: Format,
    pub(super) origin: Origin,
    /// Most bytes of a row.
    pub(super) most: usize,
}

impl Importing {
    /// The same, of a file of this form.
    #[must_use]
    pub fn of(self, format: Format) -> Self {
        Self { format, ..self }
    }
}

/// What has come of an import.
#[derive(Debug)]
pub struct Report {
    pub(super) id: String,
    pub(super) written: Written,
    pub(super) errors: Errors,
}

impl Report {
    /// As an answer tells it.
    pub fn json(&self) -> Json {
        json!({
            "importId": self.id,
            "created": self.written.created,
            "updated": self.written.updated,
            "failed": self.errors.failed,
            "errors": self.errors.json(),
        })
    }
}

impl Records {
    /// Reads what is asked for, before anything of the body is read. `most` bounds the bytes of a
    /// row.
    ///
    /// # Errors
    /// `METHOD_NOT_ALLOWED` for accounts; those of [`crate::access::decide`] for making, and for
    /// changing where rows replace records; `INVALID_INPUT` for parameters.
    pub fn importing(
        &self,
        caller: &Caller,
        path: &str,
        mut query: Query,
        most: usize,
    ) -> Result<Importing> {
        refuse_accounts(path)?;
        let (collection, create) = self.decide(caller, path, Action::Create)?;
        let one_of = |name: &str, value: Option<String>, words: [&str; 2]| match value.as_deref() {
            None => Ok(false),
            Some(value) if value == words[0] => Ok(false),
            Some(value) if value == words[1] => Ok(true),
            Some(_) => {
                let words = format!("Must be {} or {}", words[0], words[1]);
                Err(Error::invalid_input(name, words))
            }
        };
        let upserts = one_of("mode", query.take("mode"), ["create", "upsert"])?;
        let skips = one_of("onError", query.take("onError"), ["abort", "skip"])?;
        let upsert = match upserts {
            true => {
                let (_, update) = self.decide(caller, path, Action::Update)?;
                let on = query.take("on");
                Some((unique(&collection, on.as_deref())?.clone(), update))
            }
            false => None,
        };
        query.finish()?;
        Ok(Importing {
            caller: caller.clone(),
            collection,
            create,
            upsert,
            skips,
            format: Format::Csv,
            origin: origin(caller),
            most,
        })
    }

    /// Imports a file; once, where `key` says so. `digest` knows the body again.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with the faults of its rows, where one is enough to refuse it; those of
    /// a write, and of a key.
    pub async fn import(
        &self,
        importing: &Importing,
        file: File,
        digest: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Json>> {
        let caller = &importing.caller;
        let file = std::cell::Cell::new(Some(file));
        let make = async |once: Option<&Once>| {
            let file = file
                .take()
                .ok_or_else(|| Error::internal("a file read twice"))?;
            let report = self.run(importing, file, once).await?;
            Ok(report.json())
        };
        let again = async |kept: &Kept| kept.value();
        let idempotency = &self.idempotency;
        idempotency.once(caller, key, digest, make, again).await
    }

    /// What is written down when an import has ended.
    pub(super) async fn end(
        &self,
        importing: &Importing,
        run: &ImportRun,
        report: &Report,
        once: Option<&Once>,
    ) -> Result<()> {
        let permission = sight(&importing.caller, &run.collection, Action::Create);
        let first = once.map(Once::first).unwrap_or_default();
        let last = once.map(|once| once.keep_value(200, &permission, &report.json()));
        let ended = self.engine.db().write(run.end(first, last)).await;
        ended.map(drop).map_err(Once::refusal)
    }
}

/// True for what is told of a row, and not of the whole import.
pub(super) fn is_of_a_row(error: &Error) -> bool {
    !matches!(
        error.code(),
        Code::ServiceUnavailable | Code::DatabaseError | Code::InternalError
    )
}

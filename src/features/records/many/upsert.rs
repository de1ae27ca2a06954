//! `PUT /api/v1/{collection}?on=email`.

use crate::{
    access::{Action, Caller},
    base::{Code, Error, Issue, IssueCode, Result, json::Object},
    db::Value,
    engine::{self, Assignment, Draft, Expected, Patch, Record, Upsert},
    features::records::{Records, many::refuse_accounts, service::refused},
    schema::{Collection, Field},
};

impl Records {
    /// Replaces the record that has the value of the unique field `on`, or makes one; true if it
    /// was made. `expected` turns the version in the body into what the client expects.
    ///
    /// # Errors
    /// `INVALID_INPUT` if `on` is no unique field; those of a body and of the definition; those of
    /// making or of changing a record, as it turns out.
    pub async fn upsert(
        &self,
        caller: &Caller,
        (path, on): (&str, Option<String>),
        body: &[u8],
        expected: impl FnOnce(Option<i64>) -> Result<Expected>,
    ) -> Result<(Record, bool)> {
        refuse_accounts(path)?;
        let create = self.decide(caller, path, Action::Create);
        let update = self.decide(caller, path, Action::Update);
        // Who may do neither is not told which it would be.
        let collection = match (&create, &update) {
            (Ok((collection, _)), _) | (_, Ok((collection, _))) => collection.clone(),
            (Err(error), Err(_)) => return Err(error.clone()),
        };
        let (create, update) = (create.map(|(_, rows)| rows), update.map(|(_, rows)| rows));
        let field = unique(&collection, on.as_deref())?;
        let mut object = Object::parse(body)?;
        let patch = Patch::replacing(&collection, &object)?;
        object.take("version");
        let upsert = Upsert {
            collection: &collection,
            field,
            value: value_of(field, &patch)?,
            draft: Draft::read(&collection, &object)?,
            expected: expected(patch.version)?,
            patch,
        };
        let origin = engine::origin(caller);
        let done = self.engine.upsert(&upsert, &create, &update, &origin).await;
        done.map_err(|error| match (&create, &update) {
            // The same as if there were none: who may not make one is not told that there is one.
            (Err(refusal), _) if error.code() == Code::Forbidden => refusal.clone(),
            (Ok(rows), _) | (_, Ok(rows)) => refused(rows, error),
            _ => error,
        })
    }
}

/// The field that decides which record is meant.
fn unique<'a>(collection: &'a Collection, on: Option<&str>) -> Result<&'a Field> {
    let is_unique = |field: &&Field| field.unique && field.is_writable();
    let field = on.and_then(|on| collection.field(on)).filter(is_unique);
    field.ok_or_else(|| {
        let names = collection.fields.iter().filter(is_unique);
        let names: Vec<&str> = names.map(|field| field.name.as_str()).collect();
        let message = match names.is_empty() {
            true => "No field of this collection is unique".to_owned(),
            false => format!("Must be a unique field: {}", names.join(", ")),
        };
        Error::invalid_input("on", message)
    })
}

fn value_of(field: &Field, patch: &Patch<'_>) -> Result<Value> {
    let set = patch
        .fields
        .iter()
        .find(|(other, _)| other.column == field.column);
    match set {
        Some((_, Assignment::Set(value))) if !value.is_null() => Ok(value.clone()),
        _ => {
            let message = "Says which record is meant, so it must be sent";
            let issue = Issue::new(&field.name, IssueCode::Required, message);
            Err(Error::validation(vec![issue]))
        }
    }
}

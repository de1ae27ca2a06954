//! `PATCH` and `DELETE /api/v1/{collection}?filter=...&expect=...`.

use std::sync::Arc;

use crate::{
    access::{Action, Caller, RowFilter},
    base::{Issue, IssueCode, Result, json::Object},
    engine::{self, Patch, Pick},
    features::records::{Records, many::refuse_accounts, service::refused},
    schema::Collection,
    web::Query,
};

impl Records {
    /// Changes all records alike that fit the parameters and that the caller may list. Returns how
    /// many.
    ///
    /// # Errors
    /// Those of [`crate::access::decide`] for listing and for changing, of parameters and of a
    /// body; `CONFLICT` where another number of records fits than `expect` says; `FORBIDDEN` where
    /// a rule does not allow it of one of them.
    pub async fn update_all(
        &self,
        caller: &Caller,
        path: &str,
        query: Query,
        body: &[u8],
    ) -> Result<usize> {
        let (collection, rows, listed) = self.picked(caller, path, Action::Update)?;
        let object = Object::parse(body)?;
        let patch = read(&collection, &object)?;
        let pick = self.pick(&collection, &listed, query)?;
        let origin = engine::origin(caller);
        let changed = self.engine.update_all(&pick, &rows, &patch, &origin).await;
        changed.map_err(|error| refused(&rows, error))
    }

    /// Deletes all records that fit the parameters and that the caller may list. Returns how many.
    ///
    /// # Errors
    /// As [`Records::update_all`], and those of a deletion.
    pub async fn delete_all(&self, caller: &Caller, path: &str, query: Query) -> Result<usize> {
        let (collection, rows, listed) = self.picked(caller, path, Action::Delete)?;
        let pick = self.pick(&collection, &listed, query)?;
        let origin = engine::origin(caller);
        let deleted = self.engine.delete_all(&pick, &rows, &origin).await;
        deleted.map_err(|error| refused(&rows, error))
    }

    /// What the caller may do with the records of a collection, and which of them it may list.
    fn picked(
        &self,
        caller: &Caller,
        path: &str,
        action: Action,
    ) -> Result<(Arc<Collection>, RowFilter, RowFilter)> {
        refuse_accounts(path)?;
        let (collection, rows) = self.decide(caller, path, action)?;
        let (_, listed) = self.decide(caller, path, Action::List)?;
        Ok((collection, rows, listed))
    }

    fn pick<'a>(
        &self,
        collection: &'a Arc<Collection>,
        listed: &'a RowFilter,
        mut query: Query,
    ) -> Result<Pick<'a>> {
        let expect = query.take("expect");
        let definitions = self.engine.catalog().now();
        let parameters = query.iter();
        Pick::parse(
            &definitions,
            collection,
            listed,
            expect.as_deref(),
            parameters,
        )
    }
}

/// Reads what happens to each record. They have no version in common.
fn read<'a>(collection: &'a Collection, object: &Object<'_>) -> Result<Patch<'a>> {
    let message = "Many records have no version in common";
    let version = object.get("version");
    let issue = version.map(|_| Issue::new("version", IssueCode::ReadOnly, message));
    engine::with_faults(Patch::read(collection, object), issue.into_iter().collect())
}

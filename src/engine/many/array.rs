//! Making many records of one collection.

use std::{collections::HashSet, sync::Arc};

use super::{Fault, place_of};
use crate::{
    access::RowFilter,
    base::Result,
    db::{Batch, Receipt, Sql, Statement, Value},
    engine::{
        Draft, Engine, Expected, Further, Record,
        cache::touching,
        mutate::Making,
        record::{self, Begun},
        select,
        sight::Mask,
    },
    events::{Changes, Origin},
    schema::Collection,
};

/// What is answered, and how it comes to be known.
enum Answers {
    /// As they were sent.
    Begun(Vec<(String, Begun)>),
    /// By the rows that come back.
    Kept(Mask),
}

impl Engine {
    /// Makes records in their order, each by the rules as they see those before it. `further` gives
    /// statements of the same batch, by the ids.
    ///
    /// # Errors
    /// Those of [`Engine::create`], with the place of the draft that they are of.
    pub async fn create_all(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        mut drafts: Vec<Draft<'_>>,
        origin: &Origin,
        further: impl FnOnce(&[String]) -> Further,
    ) -> Result<Vec<Record>, Fault> {
        Draft::order(drafts.iter_mut());
        let ids: Vec<String> = drafts.iter().map(|draft| draft.id.clone()).collect();
        let Further { first, last } = further(&ids);
        let (mut parts, mut begun) = (Vec::new(), Vec::new());
        let mut asked = HashSet::new();
        for draft in drafts {
            let making = self.making(collection, rows, draft);
            let (part, answer) = one(making, &mut asked);
            begun.extend(answer);
            parts.push(part);
        }
        let changes = Changes {
            collection,
            ids: &ids,
            origin,
        };
        let mut end = Batch::new()
            .with(changes.created())
            .with_all(changes.versions().after(origin))
            .with_all(last);
        let answers = if begun.len() == ids.len() {
            Answers::Begun(begun)
        } else {
            let (select, mask) = answer(collection, rows, &ids);
            end.push(Statement::from(select).kept());
            Answers::Kept(mask)
        };
        let first = Batch::new().with_all(first);
        let batch = Batch::of_parts([first].into_iter().chain(parts).chain([end]));
        let batch = touching(batch, [(collection.name.as_str(), &ids[..])]);
        let receipt = self.db.write(batch).await.map_err(|error| {
            let place = place_of(&error, ids.len());
            let error = self.refusal(collection, Expected::Any, error);
            Fault { place, error }
        })?;
        Ok(answers.of(collection, &receipt)?)
    }
}

/// The part of a batch that makes a record, and what is known of it before its commit.
fn one(making: Making, asked: &mut HashSet<String>) -> (Batch, Option<(String, Begun)>) {
    // What was there once stays there, since nothing but inserts stands in between.
    let is_new =
        |question: &Statement| asked.insert(format!("{} {:?}", question.sql, question.args));
    let part = Batch::new()
        .with_all(making.allowed)
        .with_all(making.relations.into_iter().filter(is_new))
        .with_all(making.insert);
    let id = making.id;
    (part, making.begun.map(|begun| (id, begun)))
}

/// Has records come back in the order of `ids`.
fn answer(collection: &Collection, rows: &RowFilter, ids: &[String]) -> (Sql, Mask) {
    let (mut sql, mask) = select::answered(collection, rows, &Value::CommitTime);
    // Columns of a definition never begin with `_`, so the names of the list clash with none.
    sql.push(" FROM (SELECT key AS _place, value AS _record FROM json_each(")
        .bind(Value::list(ids))
        .push(")) CROSS JOIN ")
        .ident(&collection.name)
        .push(" ON id = _record ORDER BY _place");
    (sql, mask)
}

impl Answers {
    fn of(self, collection: &Collection, receipt: &Receipt) -> Result<Vec<Record>> {
        match self {
            Self::Begun(begun) => {
                let made = begun.into_iter();
                let made = made.map(|(id, begun)| begun.committed(collection, id, receipt.at));
                Ok(made.collect())
            }
            Self::Kept(mask) => {
                let rows = receipt.rows.iter();
                let read = |row| record::from_kept(collection, &mask, Some(row));
                rows.map(read).collect()
            }
        }
    }
}

//! `POST /api/v1/{collection}` with an array.

use serde_json::value::RawValue;

use crate::{
    access::{Action, Caller, sight},
    base::{Code, Error, IssueCode, Result, json::Object},
    engine::{self, Draft, Further, Kept, Made, Once, Record, SentKey, moved},
    features::records::{Records, service::refused},
    schema::Collection,
};

/// Most records of one array.
const MOST: usize = 1_000;

/// True for a body that is an array.
pub fn is_array(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'[')
}

impl Records {
    /// Makes all records of an array, or none; once, where `key` says so.
    ///
    /// # Errors
    /// Those of [`Records::create`], with the place of the record in their fields (`[3].title`);
    /// `UNPROCESSABLE` for more than one request may make.
    pub async fn create_all(
        &self,
        caller: &Caller,
        path: &str,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Vec<Record>>> {
        let make = async |once: Option<&Once>| self.make_all(caller, path, body, once).await;
        let again = async |kept: &Kept| {
            let parts = kept.several(&self.engine, caller).await?;
            Ok(parts.into_iter().filter_map(|(_, record)| record).collect())
        };
        self.idempotency.once(caller, key, body, make, again).await
    }

    async fn make_all(
        &self,
        caller: &Caller,
        path: &str,
        body: &[u8],
        once: Option<&Once>,
    ) -> Result<Vec<Record>> {
        let (collection, rows) = self.decide(caller, path, Action::Create)?;
        let drafts = read(&collection, body)?;
        let further = |ids: &[String]| {
            let keep = |once: &Once| {
                let permission = sight(caller, &collection.name, Action::Create);
                let mut last = once.keep_several(201, &vec![201; ids.len()]);
                last.push(once.keep_records(&permission, &collection, 0, ids));
                let first = once.first();
                Further { first, last }
            };
            once.map(keep).unwrap_or_default()
        };
        let origin = engine::origin(caller);
        let made = self
            .engine
            .create_all(&collection, &rows, drafts, &origin, further);
        made.await.map_err(|mut fault| {
            fault.error = refused(&rows, fault.error);
            fault.under("")
        })
    }
}

/// Reads every record of an array, with the faults of all.
fn read<'a>(collection: &'a Collection, body: &[u8]) -> Result<Vec<Draft<'a>>> {
    let items = items(body)?;
    let (mut drafts, mut issues) = (Vec::with_capacity(items.len()), Vec::new());
    let mut is_readable = true;
    for (i, item) in items.into_iter().enumerate() {
        let object = Object::within(item);
        is_readable &= object.is_ok();
        match object.and_then(|object| Draft::read(collection, &object)) {
            Ok(draft) => drafts.push(draft),
            Err(error) => issues.extend(moved(&error, &format!("[{i}]"))),
        }
    }
    match (issues.is_empty(), is_readable) {
        (true, _) => Ok(drafts),
        (false, true) => Err(Error::validation(issues)),
        (false, false) => {
            // Of what is no object, nothing else is told.
            issues.retain(|issue| issue.code == IssueCode::Invalid);
            Err(Error::unreadable(issues))
        }
    }
}

fn items(body: &[u8]) -> Result<Vec<&RawValue>> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Error::invalid_input("_", "The body is not valid UTF-8"))?;
    let items: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| Error::invalid_input("_", format!("The body is no JSON: {error}")))?;
    match items.len() {
        0 => Err(Error::invalid_input("_", "The array is empty")),
        1..=MOST => Ok(items),
        count => {
            let message = format!("An array makes at most {MOST} records; this one has {count}");
            Err(Error::new(Code::Unprocessable, message))
        }
    }
}

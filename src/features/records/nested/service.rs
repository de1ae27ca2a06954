//! Which records stand under a parent, and whether the caller may see that.

use crate::{
    access::{Action, Caller, RowFilter, decide, own_account},
    base::{Error, Issue, IssueCode, Result, id},
    engine::{Kept, Made, Once, Parent, Record, SentKey},
    features::records::Records,
    schema::{Collection, Field},
};

/// Accounts are made and changed at their own paths alone.
pub const ACCOUNTS: &str = "users";

/// What a path says of records under a parent.
#[derive(Debug)]
pub struct Under {
    /// The parent's collection, as it stands in the path.
    pub parents: String,
    /// The parent's id.
    pub id: String,
    /// The collection of the records.
    pub children: String,
    /// By which relation they are under the parent; needed where there are several.
    pub via: Option<String>,
}

impl Records {
    /// The parent in a path, before an `action` on what stands under it.
    ///
    /// # Errors
    /// `NOT_FOUND` if the parent is absent, or the caller may not see it, or nothing can stand
    /// under it; those of [`decide`] for the children; `INVALID_INPUT` for another `via`.
    pub async fn parent(&self, caller: &Caller, under: &Under, action: Action) -> Result<Parent> {
        let parents = self.engine.collection(&under.parents)?;
        let (children, _) = self.decide(caller, &under.children, action)?;
        if children.name == ACCOUNTS {
            return Err(Error::not_found());
        }
        let field = relation(&children, &parents, under.via.as_deref())?;
        let id = id::in_path(&under.id)?;
        let rows = self.sees(caller, &parents, id)?;
        self.engine.load(&parents, &rows, id).await?;
        Parent::new(field, id)
    }

    /// Makes a record under a parent; once, where `key` says so.
    ///
    /// # Errors
    /// Those of [`Records::parent`] and [`Records::create`]; `VALIDATION_ERROR` if the body names
    /// another parent.
    pub async fn create_under(
        &self,
        caller: &Caller,
        under: &Under,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| {
            let parent = self.parent(caller, under, Action::Create).await?;
            let made = self.make(caller, &under.children, body, Some(&parent), once);
            made.await.map_err(|error| parent.refusal(error))
        };
        let again = async |kept: &Kept| kept.record(&self.engine, caller).await;
        self.idempotency.once(caller, key, body, make, again).await
    }

    /// Everybody sees its own account. Who may not see others is told nothing of them.
    fn sees(&self, caller: &Caller, parents: &Collection, id: &str) -> Result<RowFilter> {
        let is_own = parents.name == ACCOUNTS && caller.user().is_some_and(|user| user.user == id);
        if is_own {
            return own_account(caller).map(|(_, rows)| rows);
        }
        let rules = self.engine.rules(parents)?;
        decide(caller, &rules, Action::View).map_err(|_| Error::not_found())
    }
}

/// The relation of `children` that points at `parents`.
fn relation<'a>(
    children: &'a Collection,
    parents: &Collection,
    via: Option<&str>,
) -> Result<&'a Field> {
    let points_there =
        |field: &&Field| field.collection() == Some(&parents.name) && !field.is_many();
    let choices: Vec<&Field> = children.fields.iter().filter(points_there).collect();
    let chosen = match (via, &choices[..]) {
        (_, []) => return Err(Error::not_found()),
        (None, [only]) => Some(*only),
        (None, _) => None,
        (Some(via), _) => choices.iter().copied().find(|field| field.name == via),
    };
    chosen.ok_or_else(|| not_chosen(&choices))
}

fn not_chosen(choices: &[&Field]) -> Error {
    let names: Vec<&str> = choices.iter().map(|field| &*field.name).collect();
    let message = format!("Must be one of {}", names.join(", "));
    let issue = Issue::new("via", IssueCode::NotAnOption, message).with("options", names);
    Error::unreadable(vec![issue])
}

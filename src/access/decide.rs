//! May this caller do that? The one place that answers.

use std::sync::Arc;

use super::caller::{Caller, SignedIn, Who};
use crate::{
    base::{Code, Error, Result},
    db::Value,
    rules::{Asker, Checked, Condition, Names, Needs, Part, Rule, Rules, Verdict, holds, parts},
    schema::Collection,
};

/// What somebody wants to do with the records of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See those of a list.
    List,
    /// See one.
    View,
    /// Make one.
    Create,
    /// Change one.
    Update,
    /// Delete one.
    Delete,
    /// See deleted ones, and bring them back.
    Restore,
    /// Delete for good what could otherwise be restored.
    Purge,
}

impl Action {
    const fn permission(self) -> &'static str {
        match self {
            Self::List | Self::View => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Purge => "purge",
        }
    }
}

/// Which records of a collection a caller may act on, and what it sees of them. Only this module
/// makes one, so whoever holds it has asked.
#[derive(Clone, Debug)]
pub struct RowFilter {
    caller: Caller,
    /// None where it may act on every record, and see all of it.
    by: Option<By>,
}

/// The rules that a caller is bound by.
#[derive(Clone, Debug)]
struct By {
    rules: Arc<Rules>,
    action: Action,
}

impl RowFilter {
    fn all(caller: &Caller) -> Self {
        let (caller, by) = (caller.clone(), None);
        Self { caller, by }
    }

    fn by(caller: &Caller, rules: &Arc<Rules>, action: Action) -> Self {
        let (caller, rules) = (caller.clone(), Arc::clone(rules));
        let by = Some(By { rules, action });
        Self { caller, by }
    }

    /// True if it lets the caller act on every record, and see all of it.
    pub fn is_all(&self) -> bool {
        self.by.is_none()
    }

    /// The records that may be acted on, where they are called so; `now` is what `now()` means.
    pub fn rows(&self, names: &Names, now: &Value) -> Verdict {
        self.judge(names, now, |by| rule(&by.rules, by.action))
    }

    /// The records that may be seen, in an answer to what was done.
    pub fn sight(&self, names: &Names, now: &Value) -> Verdict {
        self.judge(names, now, |by| Some(&by.rules.view))
    }

    /// The records of which the field of this column may be read.
    pub fn reading(&self, column: &str, names: &Names, now: &Value) -> Verdict {
        self.judge(names, now, |by| by.rules.reading(column))
    }

    /// The records of which the field of this column may be written.
    pub fn writing(&self, column: &str, names: &Names, now: &Value) -> Verdict {
        self.judge(names, now, |by| by.rules.writing(column))
    }

    /// The records that fit a filter of the caller's. Who may see every record of this collection
    /// is bound by the rules of others all the same, which a filter may ask.
    pub fn matching(&self, filter: &Checked, names: &Names, now: &Value) -> Verdict {
        self.caller.asks(&filter.condition, names, now)
    }

    /// True if it lets the caller see every record that is called so, and all fields of each.
    pub fn sees_all(&self, collection: &Collection, names: &Names) -> bool {
        let now = &Value::CommitTime;
        let mut columns = collection.columns();
        self.sight(names, now) == Verdict::Always
            && columns.all(|field| self.reading(&field.column, names, now) == Verdict::Always)
    }

    /// What the records that may be acted on hang on, and what may be seen of them.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        if let Some(by) = &self.by {
            needs.extend(&by.rules.view.needs);
            needs.extend(&by.rules.needs_of_fields);
            if let Some(rule) = rule(&by.rules, by.action) {
                needs.extend(&rule.needs);
            }
        }
        needs
    }

    /// What hangs on the record as a change would leave it.
    pub fn needs_to_write(&self) -> Needs {
        let mut needs = Needs::default();
        if let Some(by) = &self.by {
            needs.extend(&by.rules.needs_to_write);
            if let Some(rule) = rule(&by.rules, by.action) {
                needs.extend(&rule.needs);
            }
        }
        needs
    }

    /// What the caller is told where a rule says no.
    pub fn refusal(&self) -> Error {
        let asks_user = |by: &By| {
            let rule = rule(&by.rules, by.action);
            matches!(self.caller.who, Who::Guest) && rule.is_some_and(|rule| rule.needs.user)
        };
        if self.by.as_ref().is_some_and(asks_user) {
            return Error::new(Code::Unauthorized, "Sign in first");
        }
        Error::new(Code::Forbidden, "A rule does not allow this")
    }

    /// The same caller's, to see single records.
    #[must_use]
    pub fn to_view(&self) -> Self {
        let rules = self.by.as_ref().map(|by| &by.rules);
        match rules {
            Some(rules) => Self::by(&self.caller, rules, Action::View),
            None => self.clone(),
        }
    }

    /// What the same caller sees of single records of another collection, by the rules of that.
    #[must_use]
    pub fn to_view_of(&self, rules: &Arc<Rules>) -> Self {
        sight_of(&self.caller, rules)
    }

    fn judge(
        &self,
        names: &Names,
        now: &Value,
        rule: impl FnOnce(&By) -> Option<&Rule>,
    ) -> Verdict {
        match self.by.as_ref().and_then(rule) {
            Some(rule) => self.caller.asks(&rule.condition, names, now),
            None => Verdict::Always,
        }
    }
}

impl Caller {
    fn asks(&self, condition: &Condition, names: &Names, now: &Value) -> Verdict {
        self.ask(now, |asker| holds(condition, asker, names))
    }

    /// Has `question` asked as this caller.
    fn ask<T>(&self, now: &Value, question: impl FnOnce(&Asker<'_>) -> T) -> T {
        let user = match &self.who {
            Who::Operator => return question(&operator(now)),
            Who::Guest => None,
            Who::User(user) => Some(user),
        };
        let can = |permission: &str| user.is_some_and(|user| user.permissions.allow(permission));
        question(&Asker {
            user: user.map(|user| user.user.as_str()),
            roles: user.map_or(&[], |user| &user.roles),
            can: &can,
            now,
        })
    }
}

/// Whoever runs this instance may do everything, and is nobody's account.
fn operator(now: &Value) -> Asker<'_> {
    Asker {
        user: Some(""),
        roles: &[],
        can: &|_| true,
        now,
    }
}

/// For which records a rule lets `caller` act.
pub fn judge(caller: &Caller, rule: &Rule, names: &Names, now: &Value) -> Verdict {
    caller.asks(&rule.condition, names, now)
}

/// For which records a rule lets `caller` act, and what each of its parts says of them. `source` is
/// the text that it was read from.
pub fn explain(
    caller: &Caller,
    source: &str,
    rule: &Rule,
    names: &Names,
    now: &Value,
) -> (Verdict, Vec<Part>) {
    caller.ask(now, |asker| {
        let verdict = holds(&rule.condition, asker, names);
        (verdict, parts(source, rule, asker, names))
    })
}

fn rule(rules: &Rules, action: Action) -> Option<&Rule> {
    match action {
        Action::List => Some(&rules.list),
        Action::View => Some(&rules.view),
        Action::Create => Some(&rules.create),
        Action::Update => Some(&rules.update),
        Action::Delete => Some(&rules.delete),
        Action::Restore => Some(&rules.restore),
        Action::Purge => None,
    }
}

/// Says which records of a collection `caller` may act on, by its rules; by permission alone where
/// none is given.
///
/// # Errors
/// `UNAUTHORIZED` for a guest whom signing in could help, `INSUFFICIENT_PERMISSIONS` for a user
/// whose roles do not allow it, `FORBIDDEN` where a rule lets the caller make no record at all.
pub fn decide(caller: &Caller, rules: &Arc<Rules>, action: Action) -> Result<RowFilter> {
    if matches!(caller.who, Who::Operator) {
        return Ok(RowFilter::all(caller));
    }
    let rows = || RowFilter::by(caller, rules, action);
    let Some(rule) = rule(rules, action) else {
        require(
            caller,
            &format!("{}:{}", rules.collection, action.permission()),
        )?;
        return Ok(rows());
    };
    if let Some(permission) = rule.permission() {
        require(caller, permission)?;
        // Without rules, the answer shows what was done to who may do it.
        return Ok(if rules.is_plain() {
            RowFilter::all(caller)
        } else {
            rows()
        });
    }
    let rows = rows();
    // A list of which nothing may be seen is empty, and a record that may not be acted on is not
    // there, or is there and refused: what is done says which. But what can never be made needs no
    // look at a body, and a guest is told to sign in, where that could help.
    let refusal = rows.refusal();
    let is_known = action == Action::Create || refusal.code() == Code::Unauthorized;
    let names = Names::table(&rules.collection);
    if is_known && rows.rows(&names, &Value::CommitTime) == Verdict::Never {
        return Err(refusal);
    }
    Ok(rows)
}

/// All records of a collection without rules of its own, for who has the permission.
///
/// # Errors
/// As [`require`].
pub fn permit(caller: &Caller, collection: &str, action: Action) -> Result<RowFilter> {
    require(caller, &format!("{collection}:{}", action.permission()))?;
    Ok(RowFilter::all(caller))
}

/// All records of every collection, for who has a `permission` that is not about records, such as
/// `system:status:read`: to be counted, and not to be shown.
///
/// # Errors
/// As [`require`].
pub fn rows_by(caller: &Caller, permission: &str) -> Result<RowFilter> {
    require(caller, permission)?;
    Ok(RowFilter::all(caller))
}

/// What `caller` sees of records of a collection, as an answer to something that it has done.
pub fn sight_of(caller: &Caller, rules: &Arc<Rules>) -> RowFilter {
    match caller.who {
        Who::Operator => RowFilter::all(caller),
        Who::Guest | Who::User(_) => RowFilter::by(caller, rules, Action::View),
    }
}

/// The permission by which `caller` is given its own answer to an `action` once more: that to
/// read, or, who may not read, the one that it acts by; empty where a rule let it act.
pub fn sight(caller: &Caller, collection: &str, action: Action) -> String {
    let held = [Action::View, action]
        .map(|action| format!("{collection}:{}", action.permission()))
        .into_iter()
        .find(|permission| require(caller, permission).is_ok());
    held.unwrap_or_default()
}

/// The caller's own account, which it may always see, and change as `/api/auth` lets it.
///
/// # Errors
/// `UNAUTHORIZED` for who is no user.
pub fn own_account(caller: &Caller) -> Result<(&SignedIn, RowFilter)> {
    let user = caller
        .user()
        .ok_or_else(|| Error::new(Code::Unauthorized, "Sign in first"))?;
    Ok((user, RowFilter::all(caller)))
}

/// All records, for whoever runs this instance.
///
/// # Errors
/// `FORBIDDEN` for anybody else.
pub fn operator_rows(caller: &Caller) -> Result<RowFilter> {
    match &caller.who {
        Who::Operator => Ok(RowFilter::all(caller)),
        Who::Guest | Who::User(_) => Err(Error::new(
            Code::Forbidden,
            "This is for whoever runs this instance, by its command line",
        )),
    }
}

/// Refuses a caller without `permission`, such as `system:collections:read`.
///
/// # Errors
/// As [`decide`].
pub fn require(caller: &Caller, permission: &str) -> Result<()> {
    match &caller.who {
        Who::Operator => Ok(()),
        Who::Guest => Err(Error::new(Code::Unauthorized, "Sign in first")),
        Who::User(user) if user.permissions.allow(permission) => Ok(()),
        Who::User(_) => Err(Error::new(
            Code::InsufficientPermissions,
            format!("The permission `{permission}` is missing"),
        )),
    }
}

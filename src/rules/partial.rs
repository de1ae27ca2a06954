//! Conditions of indexes: expressions over a record alone, as SQL without parameters.

use std::sync::Arc;

use super::{
    book::issue,
    check::{Purpose, check},
    compile::{Asker, Names, Verdict, holds},
    condition::{Column, Condition, List, Operand, Path, Root, Test},
};
use crate::{
    base::{Issue, IssueCode},
    db::{Sql, Value},
    schema::{Collection, Schema},
};

/// Says in SQL which records each index of a collection holds. Until then its table cannot be made.
///
/// Returns every fault, by its place in the definition.
pub fn compile(collection: &mut Collection) -> Vec<Issue> {
    let mut faults = Vec::new();
    if collection.indexes.iter().all(|one| one.condition.is_none()) {
        return faults;
    }
    let whole = Arc::new(collection.clone());
    for (i, index) in collection.indexes.iter_mut().enumerate() {
        let Some(condition) = &mut index.condition else {
            continue;
        };
        match parts(&condition.text, &whole, &format!("indexes[{i}].where")) {
            Ok(parts) => condition.parts = parts,
            Err(issue) => faults.push(issue),
        }
    }
    faults
}

fn parts(text: &str, collection: &Arc<Collection>, place: &str) -> Result<Vec<Sql>, Issue> {
    // Without any other collection, nothing of theirs can be asked.
    let checked = check(text, &Schema::default(), collection, Purpose::Rule)
        .map_err(|fault| issue(place, &fault))?;
    let fault = |message: &str| Issue::new(place, IssueCode::Invalid, message);
    let condition = &*checked.condition;
    if !is_of_record(condition) {
        return Err(fault(
            "An index asks for fields of the record and constants alone",
        ));
    }
    let parts: &[Condition] = match &condition.test {
        Test::And(parts) => parts,
        _ => std::slice::from_ref(condition),
    };
    let asker = Asker {
        user: None,
        roles: &[],
        can: &|_| false,
        now: &Value::Null,
    };
    let names = Names::table(&collection.name);
    let mut all = Vec::new();
    for part in parts {
        match holds(part, &asker, &names) {
            Verdict::When(sql) if sql.text().contains("SELECT") => {
                return Err(fault("An index cannot look into lists"));
            }
            Verdict::When(sql) => all.push(sql.inlined()),
            Verdict::Always | Verdict::Never => {
                return Err(fault("Says the same of every record"));
            }
        }
    }
    Ok(all)
}

/// True if a condition asks a record alone: nobody, no clock, no other record.
fn is_of_record(condition: &Condition) -> bool {
    match &condition.test {
        Test::Constant(_) => true,
        Test::And(parts) | Test::Or(parts) => parts.iter().all(is_of_record),
        Test::Not(of) => is_of_record(of),
        Test::SignedIn | Test::Can(_) | Test::Exists(_) | Test::All(_) => false,
        Test::In(_, List::Roles | List::Json(..) | List::Ids(_)) => false,
        atom => {
            let mut is_own = true;
            atom.each_operand(&mut |operand| {
                let is_other =
                    matches!(operand, Operand::UserId | Operand::Now | Operand::Count(_));
                is_own &= !is_other;
            });
            atom.each_path(&mut |path| is_own &= is_column(path));
            is_own
        }
    }
}

fn is_column(path: &Path) -> bool {
    let is_stored = matches!(path.column, Column::Stored(_));
    path.root == Root::Record && path.hops.is_empty() && path.guards.is_empty() && is_stored
}

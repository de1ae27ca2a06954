//! Which rules make SQLite read a large table from end to end: from its own plans, for somebody
//! signed in who has no permission at all.

use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use super::{Engine, list};
use crate::{
    access::{self, Caller, Permissions, SignedIn, Who},
    base::{Id, Issue, IssueCode, Result},
    db::{Sql, Value},
    rules::{Names, Rule, Rules, Verdict},
    schema::{Collection, Operation},
};

/// A table with more records than this is large.
const LARGE: i64 = 10_000;

/// A statement that a rule leads to, and the place of the rule in the definition.
struct Asked {
    place: String,
    sql: Sql,
    /// True if it counts the records of a list.
    counts: bool,
}

impl Engine {
    /// The rules of a collection that have a large table read as a whole, each by its place in the
    /// definition. `caller` is who has asked for them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn costly_rules(&self, caller: &Caller, name: &str) -> Result<Vec<Issue>> {
        let definitions = self.catalog.now();
        let found = definitions.schema.by_name(name);
        let Some((collection, rules)) = found.zip(definitions.book.of(name)) else {
            return Ok(Vec::new());
        };
        let asked = asked(collection, rules, &anybody(caller));
        self.costs(collection, asked).await
    }

    /// The same of one rule, saved or not, at the place `rule`: one on lists, or on single records.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn costs_of(
        &self,
        caller: &Caller,
        collection: &Arc<Collection>,
        rule: &Rule,
        is_list: bool,
    ) -> Result<Vec<Issue>> {
        let (place, anybody) = ("rule", anybody(caller));
        let asked = match is_list {
            true => of_list(place, collection, rule, &anybody),
            false => of_record(place.to_owned(), collection, rule, &anybody)
                .into_iter()
                .collect(),
        };
        self.costs(collection, asked).await
    }

    async fn costs(&self, collection: &Arc<Collection>, asked: Vec<Asked>) -> Result<Vec<Issue>> {
        let collection = Arc::clone(collection);
        let look = move |conn: &Connection| {
            let mut found = Vec::new();
            for asked in &asked {
                found.extend(asked.faults(conn, &collection)?);
            }
            Ok(found)
        };
        self.db.read(look).await
    }
}

/// Somebody who is signed in and has no permission at all.
fn anybody(caller: &Caller) -> Caller {
    let anybody = SignedIn::imagined(
        Id::generate().to_string(),
        Vec::new(),
        Permissions::default(),
    );
    caller.posing_as(Who::User(Arc::new(anybody)))
}

/// The statements that the rules of a collection lead to.
fn asked(collection: &Collection, rules: &Rules, caller: &Caller) -> Vec<Asked> {
    let mut all = Vec::new();
    for operation in Operation::ALL {
        if collection.rules.of(operation).is_none() {
            continue;
        }
        let place = format!("rules.{}", operation.name());
        let rule = rules.on(operation);
        if operation == Operation::List {
            all.extend(of_list(&place, collection, rule, caller));
        } else {
            all.extend(of_record(place, collection, rule, caller));
        }
    }
    for (i, field) in collection.fields.iter().enumerate() {
        let reading = rules.reading(&field.column).map(|rule| ("readRule", rule));
        let writing = rules.writing(&field.column).map(|rule| ("writeRule", rule));
        for (key, rule) in reading.into_iter().chain(writing) {
            let place = format!("fields[{i}].{key}");
            all.extend(of_record(place, collection, rule, caller));
        }
    }
    all
}

/// A page of a list, and the count of it all; none where nothing hangs on the record.
fn of_list(place: &str, collection: &Collection, rule: &Rule, caller: &Caller) -> Vec<Asked> {
    let statement = |names: &Names, select: &'static str, end: &'static str| {
        let Verdict::When(condition) = access::judge(caller, rule, names, &Value::Null) else {
            return None;
        };
        let mut sql = Sql::new(select);
        sql.push(" FROM ").ident(&collection.name).push(" WHERE ");
        sql.append(condition);
        if collection.is_soft() {
            sql.push(" AND deleted_at IS NULL");
        }
        sql.push(end);
        Some(sql)
    };
    let order = " ORDER BY created_at DESC, id DESC";
    let page = statement(&list::walking(collection), "SELECT *", order);
    let count = statement(&Names::table(&collection.name), "SELECT count(*)", "");
    let asked = |sql: Option<Sql>, counts| {
        let place = place.to_owned();
        sql.map(|sql| Asked { place, sql, counts })
    };
    asked(page, false)
        .into_iter()
        .chain(asked(count, true))
        .collect()
}

/// The record that something is done to, by its id.
fn of_record(
    place: String,
    collection: &Collection,
    rule: &Rule,
    caller: &Caller,
) -> Option<Asked> {
    let names = Names::table(&collection.name);
    let Verdict::When(condition) = access::judge(caller, rule, &names, &Value::Null) else {
        return None;
    };
    let mut sql = Sql::new("SELECT 1 FROM ");
    sql.ident(&collection.name).push(" WHERE id = ").bind("");
    sql.push(" AND ").append(condition);
    Some(Asked {
        place,
        sql,
        counts: false,
    })
}

impl Asked {
    fn faults(&self, conn: &Connection, collection: &Collection) -> Result<Vec<Issue>> {
        let mut messages: Vec<String> = Vec::new();
        for step in self.plan(conn)? {
            let Some((table, message)) = self.fault(&step, collection) else {
                continue;
            };
            if !messages.contains(&message) && is_large(conn, &table)? {
                messages.push(message);
            }
        }
        let issue = |message| Issue::new(self.place.as_str(), IssueCode::Invalid, message);
        Ok(messages.into_iter().map(issue).collect())
    }

    /// The steps of SQLite's plan, in its words.
    fn plan(&self, conn: &Connection) -> Result<Vec<String>> {
        let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", self.sql.text()))?;
        let steps = query.query_map(params_from_iter(self.sql.args()), |row| row.get("detail"))?;
        Ok(steps.collect::<rusqlite::Result<_>>()?)
    }

    /// What is wrong with a step, and the table that has to be large for it to matter.
    fn fault(&self, step: &str, collection: &Collection) -> Option<(String, String)> {
        let own = &collection.name;
        if step.starts_with("USE TEMP B-TREE FOR") && !self.counts {
            let message = format!("Each list sorts all records of {own} that it finds");
            return Some((own.clone(), message));
        }
        let name = step.split(' ').nth(1)?;
        let is_own = name == own;
        let is_whole = step.starts_with("SCAN ") || step.contains(" USING AUTOMATIC ");
        // A page in its order ends when it is full.
        if !is_whole || (is_own && !self.counts) || step.contains(" VIRTUAL TABLE ") {
            return None;
        }
        if is_own {
            let message = format!(
                "Each list reads all records of {own} to count those that it shows, because no \
                 index fits this rule"
            );
            return Some((own.clone(), message));
        }
        let table = self.table_called(name)?;
        let message = format!("This reads all records of {table}, because no index fits it");
        Some((table, message))
    }

    /// The table that an alias stands for.
    fn table_called(&self, alias: &str) -> Option<String> {
        let (before, _) = self.sql.text().split_once(&format!("\" AS \"{alias}\""))?;
        before.rsplit('"').next().map(str::to_owned)
    }
}

fn is_large(conn: &Connection, table: &str) -> Result<bool> {
    let mut sql = Sql::new("SELECT 1 FROM ");
    sql.ident(table).push(" LIMIT 1 OFFSET ").bind(LARGE);
    let mut query = conn.prepare(sql.text())?;
    Ok(query.exists(params_from_iter(sql.args()))?)
}

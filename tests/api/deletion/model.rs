//! Random relations, random changes: after each step the file is what a plain model says.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value as Json, json};

use super::foreign_keys_hold;
use crate::support::{app::TestApp, client::Client};

#[derive(Clone, Copy, Debug, PartialEq)]
enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

use OnDelete::{Cascade, Restrict, SetNull};

impl OnDelete {
    fn name(self) -> &'static str {
        match self {
            Restrict => "restrict",
            Cascade => "cascade",
            SetNull => "setNull",
        }
    }
}

/// A collection: whether it deletes softly, and its relations, each to itself or an earlier one.
#[derive(Clone, Debug)]
struct Table {
    is_soft: bool,
    relations: Vec<(usize, OnDelete)>,
}

/// A change. Numbers choose among what is there.
#[derive(Clone, Debug)]
enum Change {
    Create(usize, Vec<Option<usize>>),
    Move(usize, usize, Option<usize>),
    Delete(usize),
    Restore(usize),
    Purge(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Live,
    Deleted(usize),
    Gone,
}

#[derive(Clone, Debug)]
struct Row {
    id: String,
    table: usize,
    points_at: Vec<Option<usize>>,
    state: State,
    version: i64,
    events: Vec<&'static str>,
}

/// Version, whether it is live, deletion, relations.
type Stored = (i64, bool, Option<String>, Vec<Option<String>>);

/// The protocol about deletion, said as plainly as it can be.
struct Model {
    tables: Vec<Table>,
    rows: Vec<Row>,
    deletions: usize,
}

impl Model {
    /// Relations of rows that are there: who points, how, at whom.
    fn edges(&self) -> Vec<(usize, OnDelete, usize)> {
        let mut edges = Vec::new();
        for (i, row) in self.rows.iter().enumerate() {
            let relations = &self.tables[row.table].relations;
            for ((_, how), target) in relations.iter().zip(&row.points_at) {
                if let (Some(target), true) = (target, row.state != State::Gone) {
                    edges.push((i, *how, *target));
                }
            }
        }
        edges
    }

    /// A row and all that cascades from it, of those that `goes` lets go.
    fn closure(&self, root: usize, goes: impl Fn(&Row) -> bool) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([root]);
        loop {
            let before = found.len();
            for (child, how, parent) in self.edges() {
                if how == Cascade && found.contains(&parent) && goes(&self.rows[child]) {
                    found.insert(child);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    fn is_soft(&self, row: &Row) -> bool {
        self.tables[row.table].is_soft
    }

    fn touch(&mut self, i: usize, event: &'static str) {
        self.rows[i].version += 1;
        self.rows[i].events.push(event);
    }

    fn delete(&mut self, root: usize) -> u16 {
        match self.rows[root].state {
            State::Live if self.is_soft(&self.rows[root]) => self.mark(root),
            State::Live => self.remove(root, "deleted"),
            _ => 404,
        }
    }

    fn mark(&mut self, root: usize) -> u16 {
        let goes = |row: &Row| row.state == State::Live && self.is_soft(row);
        let all = self.closure(root, goes);
        let is_in_the_way = |(child, how, parent): &(usize, OnDelete, usize)| {
            let is_live = self.rows[*child].state == State::Live;
            *how == Restrict && is_live && all.contains(parent) && !all.contains(child)
        };
        if self.edges().iter().any(is_in_the_way) {
            return 409;
        }
        self.deletions += 1;
        for i in all {
            self.rows[i].state = State::Deleted(self.deletions);
            self.touch(i, "deleted");
        }
        204
    }

    fn remove(&mut self, root: usize, event: &'static str) -> u16 {
        if self.rows[root].state == State::Gone {
            return 404;
        }
        let all = self.closure(root, |_| true);
        let left = self.edges().into_iter();
        let left: Vec<_> = left
            .filter(|(child, _, parent)| all.contains(parent) && !all.contains(child))
            .collect();
        if left.iter().any(|(_, how, _)| *how == Restrict) {
            return 409;
        }
        let orphans: BTreeSet<usize> = left.iter().map(|(child, ..)| *child).collect();
        for i in orphans {
            for target in &mut self.rows[i].points_at {
                *target = target.filter(|target| !all.contains(target));
            }
            self.touch(i, "updated");
        }
        for i in all {
            self.rows[i].state = State::Gone;
            self.rows[i].events.push(event);
        }
        204
    }

    fn restore(&mut self, root: usize) -> u16 {
        let state = self.rows[root].state;
        match state {
            State::Gone => return 404,
            State::Live => return 200,
            State::Deleted(_) => {}
        }
        let all = self.closure(root, |row| row.state == state);
        let stays_below = |(child, how, parent): &(usize, OnDelete, usize)| {
            let is_deleted = matches!(self.rows[*parent].state, State::Deleted(_));
            *how != SetNull && all.contains(child) && is_deleted && !all.contains(parent)
        };
        if self.edges().iter().any(stays_below) {
            return 409;
        }
        for i in all {
            self.rows[i].state = State::Live;
            self.touch(i, "restored");
        }
        200
    }
}

/// A case: a model and the collections that it is about.
struct Stage<'a> {
    app: &'a TestApp,
    admin: &'a Client,
    case: usize,
    model: Model,
}

impl Stage<'_> {
    fn name(&self, table: usize) -> String {
        format!("case{}t{table}s", self.case)
    }

    fn define(&self) {
        for (i, table) in self.model.tables.iter().enumerate() {
            let relations = table.relations.iter().enumerate();
            let mut fields = vec![json!({ "name": "note", "type": "text" })];
            fields.extend(relations.map(|(field, (target, how))| {
                json!({ "name": format!("r{field}_id"), "type": "relation",
                    "collection": self.name(*target), "onDelete": how.name() })
            }));
            let deletion = if table.is_soft { "soft" } else { "hard" };
            self.app
                .define(json!({ "name": self.name(i), "deletion": deletion, "fields": fields }));
        }
    }

    fn path(&self, row: usize) -> String {
        let row = &self.model.rows[row];
        format!("/api/v1/{}/{}", self.name(row.table), row.id)
    }

    /// A row of a table, chosen by a number, whatever has become of it.
    fn chosen(&self, table: usize, number: usize) -> Option<usize> {
        let rows = self.model.rows.iter().enumerate();
        let all: Vec<usize> = rows
            .filter(|(_, row)| row.table == table)
            .map(|(i, _)| i)
            .collect();
        (!all.is_empty()).then(|| all[number % all.len()])
    }

    fn create(&mut self, number: usize, targets: &[Option<usize>]) {
        let table = number % self.model.tables.len();
        let relations = self.model.tables[table].relations.clone();
        let chosen = relations.iter().zip(targets.iter().cycle());
        let points_at: Vec<Option<usize>> = chosen
            .map(|((target, _), number)| self.chosen(*target, (*number)?))
            .collect();
        let mut body = json!({});
        for (field, target) in points_at.iter().enumerate() {
            body[format!("r{field}Id")] = self.id_of(*target);
        }
        let reply = self
            .admin
            .post(&format!("/api/v1/{}", self.name(table)), &body);
        let are_live = points_at
            .iter()
            .flatten()
            .all(|target| self.is_live(*target));
        assert_eq!(reply.status(), if are_live { 201 } else { 400 }, "{body}");
        if are_live {
            self.model.rows.push(Row {
                id: reply.created()["id"].as_str().unwrap().to_owned(),
                table,
                points_at,
                state: State::Live,
                version: 1,
                events: vec!["created"],
            });
        }
    }

    fn id_of(&self, row: Option<usize>) -> Json {
        row.map_or(Json::Null, |row| self.model.rows[row].id.as_str().into())
    }

    fn is_live(&self, row: usize) -> bool {
        self.model.rows[row].state == State::Live
    }

    fn move_to(&mut self, row: usize, field: usize, number: Option<usize>) {
        let relations = &self.model.tables[self.model.rows[row].table].relations;
        if relations.is_empty() {
            return;
        }
        let field = field % relations.len();
        let target = number.and_then(|number| self.chosen(relations[field].0, number));
        let may_point = target.is_none_or(|target| self.is_live(target));
        let expected = match (self.is_live(row), may_point) {
            (true, true) => 200,
            (false, true) => 404,
            (_, false) => 400,
        };
        let body = json!({ format!("r{field}Id"): self.id_of(target) });
        assert_eq!(
            self.admin.patch(&self.path(row), &body).status(),
            expected,
            "{body}"
        );
        if expected == 200 {
            self.model.rows[row].points_at[field] = target;
            self.model.touch(row, "updated");
        }
    }

    fn apply(&mut self, change: &Change) {
        if let Change::Create(table, targets) = change {
            return self.create(*table, targets);
        }
        let count = self.model.rows.len();
        if count == 0 {
            return;
        }
        let (expected, found) = match change {
            Change::Create(..) => return,
            Change::Move(row, field, target) => return self.move_to(row % count, *field, *target),
            Change::Delete(row) => {
                let path = self.path(row % count);
                (self.model.delete(row % count), self.admin.delete(&path))
            }
            Change::Purge(row) => {
                let path = format!("{}?hard=true", self.path(row % count));
                (
                    self.model.remove(row % count, "purged"),
                    self.admin.delete(&path),
                )
            }
            Change::Restore(row) => {
                let path = format!("{}/restore", self.path(row % count));
                let reply = self.admin.send("POST", &path, None);
                (self.model.restore(row % count), reply)
            }
        };
        assert_eq!(
            found.status(),
            expected,
            "{change:?}: {:?}",
            found.response.text()
        );
    }

    /// Compares every row of every table, and the events of all.
    fn check(&self) {
        let conn = self.app.sql();
        let mut deletions: BTreeMap<usize, String> = BTreeMap::new();
        for (i, row) in self.model.rows.iter().enumerate() {
            let table = &self.model.tables[row.table];
            let marks = if table.is_soft {
                "deleted_at IS NULL, _deletion"
            } else {
                "1, NULL"
            };
            let fields: String = (0..table.relations.len())
                .map(|field| format!(", r{field}_id"))
                .collect();
            let name = self.name(row.table);
            let sql = format!("SELECT version, {marks}{fields} FROM {name} WHERE id = ?");
            let found = conn.query_row(&sql, [&row.id], |found| {
                let ids = (0..table.relations.len()).map(|field| found.get(3 + field));
                let ids: Vec<Option<String>> = ids.collect::<Result<_, _>>()?;
                Ok((found.get(0)?, found.get(1)?, found.get(2)?, ids))
            });
            let found: Option<Stored> = found.ok();
            let Some((version, is_live, deletion, ids)) = found else {
                assert_eq!(row.state, State::Gone, "{name} {i} is gone");
                continue;
            };
            assert_ne!(row.state, State::Gone, "{name} {i} is there");
            assert_eq!(
                (version, is_live),
                (row.version, row.state == State::Live),
                "{name} {i}"
            );
            let expected: Vec<Json> = row.points_at.iter().map(|at| self.id_of(*at)).collect();
            assert_eq!(json!(ids), json!(expected), "{name} {i}");
            if let State::Deleted(number) = row.state {
                let known = deletions
                    .entry(number)
                    .or_insert_with(|| deletion.clone().unwrap());
                assert_eq!(Some(&*known), deletion.as_ref(), "{name} {i}");
            }
        }
        let apart: BTreeSet<&String> = deletions.values().collect();
        assert_eq!(
            apart.len(),
            deletions.len(),
            "each deletion has a name of its own"
        );
        self.check_events(&conn);
    }

    fn check_events(&self, conn: &rusqlite::Connection) {
        let mut query = conn
            .prepare(
                "SELECT type, before IS NULL AND after IS NULL FROM _events
                 WHERE collection = ? AND record_id = ? ORDER BY seq",
            )
            .unwrap();
        for row in &self.model.rows {
            let name = self.name(row.table);
            let rows =
                query.query_map([&name, &row.id], |event| Ok((event.get(0)?, event.get(1)?)));
            let events: Vec<(String, bool)> = rows.unwrap().map(Result::unwrap).collect();
            let kinds: Vec<&str> = events
                .iter()
                .map(|(kind, _)| kind.split('.').nth(1).unwrap())
                .collect();
            assert_eq!(kinds, row.events, "{name}");
            let is_purged = row.events.last() == Some(&"purged");
            assert!(
                events.iter().all(|(_, is_empty)| *is_empty == is_purged),
                "{name}"
            );
        }
    }
}

fn any_table() -> impl Strategy<Value = Table> {
    let how = prop_oneof![3 => Just(Cascade), 1 => Just(SetNull), 1 => Just(Restrict)];
    (prop::bool::weighted(0.75), vec((any::<usize>(), how), 0..3))
        .prop_map(|(is_soft, relations)| Table { is_soft, relations })
}

fn any_change() -> impl Strategy<Value = Change> {
    let target = || prop::option::weighted(0.9, 0_usize..100);
    let row = || 0_usize..100;
    prop_oneof![
        8 => (row(), vec(target(), 2..3)).prop_map(|(table, at)| Change::Create(table, at)),
        3 => (row(), row(), target()).prop_map(|(row, field, at)| Change::Move(row, field, at)),
        5 => row().prop_map(Change::Delete),
        4 => row().prop_map(Change::Restore),
        2 => row().prop_map(Change::Purge),
    ]
}

#[test]
fn random_graphs_keep_to_the_protocol_after_each_step() {
    let app = TestApp::start();
    let admin = app.admin();
    let case = Cell::new(0);
    let config = Config {
        cases: 24,
        failure_persistence: None,
        max_shrink_iters: 50,
        ..Config::default()
    };
    let run = |(mut tables, changes): (Vec<Table>, Vec<Change>)| {
        case.set(case.get() + 1);
        for (i, table) in tables.iter_mut().enumerate() {
            table
                .relations
                .iter_mut()
                .for_each(|(target, _)| *target %= i + 1);
        }
        let model = Model {
            tables,
            rows: Vec::new(),
            deletions: 0,
        };
        let mut stage = Stage {
            app: &app,
            admin: &admin,
            case: case.get(),
            model,
        };
        stage.define();
        for change in &changes {
            stage.apply(change);
            stage.check();
            assert!(foreign_keys_hold(&app), "{change:?}");
        }
        Ok(())
    };
    let strategy = (vec(any_table(), 1..5), vec(any_change(), 20..50));
    TestRunner::new(config).run(&strategy, run).unwrap();
}

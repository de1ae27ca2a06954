//! What clients asked for, and what they were told.

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Condvar, Mutex},
};

use super::found::Found;
use crate::support::{http::Response, process::PATIENCE};

/// What a request wants done to one record of `notes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Create,
    /// Adds to `total` by `$inc`.
    Add(i64),
    Delete,
}

/// What the client knows about its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// On its way; to be judged like `Unknown`.
    Sent,
    /// The answer said that it is done.
    Acknowledged,
    /// The answer, by this status, said that nothing was changed.
    Refused(u16),
    /// There was no answer, or it said that the outcome is unknown.
    Unknown,
}

/// One request. Its place in the ledger makes its request id, under which its event is found again.
#[derive(Clone, Debug)]
pub struct Operation {
    pub record: String,
    pub change: Change,
    pub state: State,
}

/// How many operations ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub acknowledged: usize,
    /// Refused by 4xx.
    pub declined: usize,
    /// Refused by 503.
    pub unavailable: usize,
    pub unknown: usize,
}

/// Every operation of all clients of a story; shared between their threads.
#[derive(Default)]
pub struct Ledger {
    pages: Mutex<Pages>,
    settled: Condvar,
}

#[derive(Default)]
struct Pages {
    operations: Vec<Operation>,
    tally: Tally,
}

impl State {
    /// Reads an answer as `PROTOCOL` means it; panics at one that it does not know.
    pub fn of(answer: &io::Result<Response>) -> Self {
        let Ok(answer) = answer else {
            return Self::Unknown;
        };
        match answer.status {
            200..300 => Self::Acknowledged,
            400..500 | 503 => Self::Refused(answer.status),
            500 if answer.text().contains("outcome unknown") => Self::Unknown,
            status => panic!("an answer that says nothing: {status} {}", answer.text()),
        }
    }
}

impl Ledger {
    /// Writes down what is about to be sent; gives its place.
    pub fn send(&self, record: &str, change: Change) -> usize {
        let mut pages = self.pages.lock().unwrap();
        pages.operations.push(Operation {
            record: record.to_owned(),
            change,
            state: State::Sent,
        });
        pages.operations.len() - 1
    }

    /// Writes down how the operation at `place` ended.
    pub fn settle(&self, place: usize, state: State) {
        let mut pages = self.pages.lock().unwrap();
        pages.operations[place].state = state;
        let tally = &mut pages.tally;
        match state {
            State::Acknowledged => tally.acknowledged += 1,
            State::Refused(503) => tally.unavailable += 1,
            State::Refused(_) => tally.declined += 1,
            State::Unknown | State::Sent => tally.unknown += 1,
        }
        self.settled.notify_all();
    }

    pub fn tally(&self) -> Tally {
        self.pages.lock().unwrap().tally
    }

    /// Waits until the tally is as `enough` wants it.
    pub fn wait_until(&self, enough: impl Fn(Tally) -> bool) -> Tally {
        let pages = self.pages.lock().unwrap();
        let wait = |pages: &mut Pages| !enough(pages.tally);
        let (pages, result) = self
            .settled
            .wait_timeout_while(pages, PATIENCE, wait)
            .unwrap();
        let tally = pages.tally;
        assert!(!result.timed_out(), "waited {PATIENCE:?}, got to {tally:?}");
        tally
    }

    /// Waits for so many acknowledged answers more.
    pub fn wait_for_acknowledged(&self, more: usize) {
        let goal = self.tally().acknowledged + more;
        self.wait_until(|tally| tally.acknowledged >= goal);
    }

    /// Compares the ledger with the database in `dir`; panics with what differs.
    pub fn check(&self, dir: &Path) {
        let operations = self.pages.lock().unwrap().operations.clone();
        let faults = faults(&operations, &Found::read(&dir.join("stead.db")));
        let first: Vec<_> = faults.iter().take(20).map(String::as_str).collect();
        let count = faults.len();
        assert!(
            faults.is_empty(),
            "{count} faults, {:?}:\n{}",
            self.tally(),
            first.join("\n")
        );
    }
}

/// The request id of the operation at `place`.
pub fn request_id(place: usize) -> String {
    format!("ledger-{place}")
}

/// Everything in which the database differs from what clients were told.
pub fn faults(operations: &[Operation], found: &Found) -> Vec<String> {
    let mut faults = found.faults.clone();
    let mut applied: HashMap<&str, Vec<Change>> = HashMap::new();
    let mut explained = 0;
    for (place, operation) in operations.iter().enumerate() {
        let request_id = request_id(place);
        let events = found.events.get(&request_id).map_or(&[][..], Vec::as_slice);
        explained += events.len();
        if let Some(fault) = event_fault(operation, events) {
            faults.push(format!("{request_id}, {operation:?}: {fault} {events:?}"));
        }
        if !events.is_empty() {
            let changes = applied.entry(&operation.record).or_default();
            changes.push(operation.change);
        }
    }
    let total = found.events.values().map(Vec::len).sum::<usize>();
    if total != explained {
        faults.push(format!("{total} events, {explained} of them by the ledger"));
    }
    for (record, changes) in &applied {
        faults.extend(record_fault(record, changes, found));
    }
    for record in found.notes.keys() {
        if !applied.contains_key(record.as_str()) {
            faults.push(format!("{record} is there, and nobody's event tells of it"));
        }
    }
    faults
}

/// What is wrong with the events (type, record) of one operation.
fn event_fault(operation: &Operation, events: &[(String, String)]) -> Option<&'static str> {
    let kind = match operation.change {
        Change::Create => "note.created",
        Change::Add(_) => "note.updated",
        Change::Delete => "note.deleted",
    };
    let its_own = |(event, record): &(String, String)| event == kind && *record == operation.record;
    match (operation.state, events.len()) {
        (_, 2..) => Some("was applied more than once"),
        (State::Acknowledged, 0) => Some("was acknowledged and is lost"),
        (State::Refused(_), 1) => Some("was refused and is there"),
        (_, 1) if !events.iter().all(its_own) => Some("has the event of something else"),
        _ => None,
    }
}

/// What is wrong with a record to which `changes`, and nothing else, have been applied.
fn record_fault(record: &str, changes: &[Change], found: &Found) -> Option<String> {
    let count = |wanted: Change| changes.iter().filter(|change| **change == wanted).count();
    let amounts = changes.iter().filter_map(|change| match change {
        Change::Add(amount) => Some(*amount),
        _ => None,
    });
    let version = 1 + i64::try_from(amounts.clone().count()).unwrap();
    let total: i64 = amounts.sum();
    let deleted = count(Change::Delete) == 1;
    let fault = match found.notes.get(record) {
        None => "is not there".to_owned(),
        Some(_) if count(Change::Create) != 1 => "was not created exactly once".to_owned(),
        Some(_) if count(Change::Delete) > 1 => "was deleted twice".to_owned(),
        Some(note) if note.deleted != deleted => format!("is deleted: {}", note.deleted),
        Some(note) if note.total != total => format!("has the total {}, not {total}", note.total),
        // The deletion may or may not count as a version of its own.
        Some(note) if !deleted && note.version != version => {
            format!("has the version {}, not {version}", note.version)
        }
        Some(_) => return None,
    };
    Some(format!("{record} {fault}: {changes:?}"))
}

//! The ledger notices each kind of fault: a check that finds nothing proves nothing by itself.

use super::{
    found::{Found, Note},
    ledger::{Change, Operation, State, faults, request_id},
};

const CREATE: (Change, State) = (Change::Create, State::Acknowledged);
const ADD: (Change, State) = (Change::Add(5), State::Acknowledged);
const DELETE: (Change, State) = (Change::Delete, State::Acknowledged);
const ADDED: Note = Note {
    total: 5,
    version: 2,
    deleted: false,
};

#[test]
fn what_agrees_has_no_fault() {
    assert_eq!(compare(&[CREATE, ADD], &[0, 1], Some(ADDED)), "");
    let deleted = Note {
        deleted: true,
        ..ADDED
    };
    assert_eq!(
        compare(&[CREATE, ADD, DELETE], &[0, 1, 2], Some(deleted)),
        ""
    );
    let refused = (Change::Add(1), State::Refused(409));
    assert_eq!(compare(&[CREATE, ADD, refused], &[0, 1], Some(ADDED)), "");
    assert_eq!(
        compare(&[(Change::Create, State::Refused(503))], &[], None),
        ""
    );
}

#[test]
fn what_had_no_answer_may_be_there_or_not_but_whole() {
    let unknown = (Change::Add(5), State::Unknown);
    let created = Note {
        total: 0,
        version: 1,
        deleted: false,
    };
    assert_eq!(compare(&[CREATE, unknown], &[0, 1], Some(ADDED)), "");
    assert_eq!(compare(&[CREATE, unknown], &[0], Some(created)), "");
    assert_fault(
        &[CREATE, unknown],
        &[0],
        Some(ADDED),
        "has the total 5, not 0",
    );
    assert_fault(
        &[CREATE, unknown],
        &[0, 1],
        Some(created),
        "has the total 0, not 5",
    );
    let create = (Change::Create, State::Unknown);
    assert_fault(&[create], &[], Some(created), "nobody's event");
    assert_fault(&[create], &[0], None, "is not there");
}

#[test]
fn what_was_acknowledged_is_missed() {
    assert_fault(
        &[CREATE, ADD],
        &[0],
        Some(ADDED),
        "acknowledged and is lost",
    );
    let deleted = &[CREATE, ADD, DELETE];
    assert_fault(deleted, &[0, 1, 2], Some(ADDED), "is deleted: false");
}

#[test]
fn what_was_refused_is_noticed() {
    for status in [409, 503] {
        let refused = (Change::Add(5), State::Refused(status));
        assert_fault(
            &[CREATE, refused],
            &[0, 1],
            Some(ADDED),
            "refused and is there",
        );
        assert_fault(
            &[CREATE, refused],
            &[0],
            Some(ADDED),
            "has the total 5, not 0",
        );
    }
}

#[test]
fn what_was_done_twice_is_noticed() {
    let twice = Note {
        total: 10,
        version: 3,
        deleted: false,
    };
    assert_fault(&[CREATE, ADD], &[0, 1, 1], Some(twice), "more than once");
    assert_fault(
        &[CREATE, ADD],
        &[0, 1],
        Some(twice),
        "has the total 10, not 5",
    );
    let touched = Note {
        version: 3,
        ..ADDED
    };
    assert_fault(
        &[CREATE, ADD],
        &[0, 1],
        Some(touched),
        "has the version 3, not 2",
    );
    assert_fault(
        &[CREATE, CREATE],
        &[0, 1],
        Some(ADDED),
        "not created exactly once",
    );
    assert_fault(
        &[CREATE, ADD],
        &[0, 1, 7],
        Some(ADDED),
        "3 events, 2 of them",
    );
}

fn assert_fault(told: &[(Change, State)], events: &[usize], note: Option<Note>, fault: &str) {
    let found = compare(told, events, note);
    assert!(found.contains(fault), "{fault:?} is not in {found:?}");
}

/// What the ledger objects to, where all operations are on one record, the file has the event of
/// each of the places `events`, and `note` is the record as it is.
fn compare(told: &[(Change, State)], events: &[usize], note: Option<Note>) -> String {
    let operation = |&(change, state): &(Change, State)| Operation {
        record: "one".to_owned(),
        change,
        state,
    };
    let operations: Vec<Operation> = told.iter().map(operation).collect();
    let mut found = Found::default();
    found
        .notes
        .extend(note.map(|note| ("one".to_owned(), note)));
    for &place in events {
        let kind = match operations.get(place).map(|operation| operation.change) {
            Some(Change::Create) | None => "note.created",
            Some(Change::Add(_)) => "note.updated",
            Some(Change::Delete) => "note.deleted",
        };
        let list = found.events.entry(request_id(place)).or_default();
        list.push((kind.to_owned(), "one".to_owned()));
    }
    faults(&operations, &found).join("\n")
}

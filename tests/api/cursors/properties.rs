//! What holds for any order, any story of records that come and go, and any text in the place of a
//! cursor.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select, subsequence},
    test_runner::{Config, TestRunner},
};
use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{LIST, numbered, second_page, things};
use crate::support::client::Client;

fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config).run(&strategy, test).unwrap();
}

/// A thing whose values are often those of others, or null.
fn thing() -> impl Strategy<Value = Json> {
    (
        option::of(select(vec!["", "a", "b", "é", "a b"])),
        option::of(-1..2_i64),
        option::of(select(vec![-0.5, 0.0, 0.1, 1e300])),
        option::of(select(vec!["-1.50", "0.00", "7.00"])),
        option::of(any::<bool>()),
        option::of(select(vec!["2026-01-15", "2026-02-01"])),
    )
        .prop_map(|(title, rank, weight, cost, done, due)| {
            json!({ "title": title, "rank": rank, "weight": weight, "cost": cost, "done": done,
                "due": due })
        })
}

/// Any order of some of these, each either way.
fn sort() -> impl Strategy<Value = String> {
    let names = vec![
        "title",
        "rank",
        "weight",
        "cost",
        "done",
        "due",
        "createdAt",
        "version",
        "id",
    ];
    let some = subsequence(names, 1..5).prop_shuffle();
    (some, vec(any::<bool>(), 5)).prop_map(|(names, ways)| {
        let signs = ways
            .iter()
            .map(|descending| if *descending { "-" } else { "" });
        let keys: Vec<String> = names
            .iter()
            .zip(signs)
            .map(|(name, sign)| format!("{sign}{name}"))
            .collect();
        keys.join(",")
    })
}

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Event {
    Insert(Json),
    /// Deletes one of those that there are, for good or not.
    Delete(Index, bool),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        thing().prop_map(Event::Insert),
        (any::<Index>(), any::<bool>()).prop_map(|(which, hard)| Event::Delete(which, hard)),
    ]
}

/// Things of one lot, which a filter leaves of the list.
struct Lot<'a> {
    client: &'a Client,
    number: u64,
    /// Those that are there, and whether they were from the beginning.
    there: BTreeMap<String, bool>,
}

impl<'a> Lot<'a> {
    fn new(client: &'a Client, number: u64) -> Self {
        let there = BTreeMap::new();
        Self {
            client,
            number,
            there,
        }
    }

    /// The ids on all pages, between which things happen.
    fn walk(&mut self, query: &str, events: Vec<Vec<Event>>) -> Vec<String> {
        let (mut cursor, mut events, mut visited) = (String::new(), events.into_iter(), Vec::new());
        loop {
            let list = self.page(&format!("{query}&cursor={cursor}"));
            visited.extend(ids(&list));
            match list["pagination"]["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => return visited,
            }
            for event in events.next().into_iter().flatten() {
                self.happen(event);
            }
        }
    }

    fn insert(&mut self, mut thing: Json, is_first: bool) {
        thing["lot"] = json!(self.number);
        let made = self.client.post(LIST, &thing).created();
        self.there
            .insert(made["id"].as_str().unwrap().to_owned(), is_first);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Insert(thing) => self.insert(thing, false),
            Event::Delete(_, _) if self.there.is_empty() => {}
            Event::Delete(which, hard) => {
                let id = which
                    .get(&Vec::from_iter(self.there.keys().cloned()))
                    .clone();
                self.there.remove(&id);
                self.client
                    .delete(&format!("{LIST}/{id}?hard={hard}"))
                    .no_content();
            }
        }
    }

    fn page(&self, query: &str) -> Json {
        self.client
            .get(&format!("{LIST}?lot={}&{query}", self.number))
            .ok()
    }
}

fn ids(list: &Json) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_record_is_visited_once_while_others_come_and_go() {
    let (_app, admin) = things();
    let number = Cell::new(0);
    let events = vec(vec(event(), 0..3), 12);
    let story = (vec(thing(), 0..24), events, sort(), 1..6_u64);
    check(40, story, |(first, events, sort, size)| {
        number.set(number.get() + 1);
        let mut lot = Lot::new(&admin, number.get());
        for thing in first {
            lot.insert(thing, true);
        }
        let visited = lot.walk(&format!("sort={sort}&pageSize={size}"), events);
        let once: BTreeSet<_> = visited.iter().collect();
        prop_assert_eq!(once.len(), visited.len(), "none twice");
        let all = ids(&lot.page(&format!("sort={sort}&pageSize=100")));
        let mut lasting = all.iter().filter(|id| lot.there[*id]);
        prop_assert!(lasting.all(|id| once.contains(id)), "all that stayed");
        let is_there = |id: &&String| lot.there.contains_key(*id);
        let left: Vec<_> = visited.iter().filter(is_there).collect();
        let in_order: Vec<_> = all.iter().filter(|id| once.contains(id)).collect();
        prop_assert_eq!(left, in_order, "in their order");
        Ok(())
    });
}

#[test]
fn no_cursor_that_was_not_made_here_is_taken() {
    let (_app, admin) = numbered(3);
    let cursor = second_page(&admin, "");
    let (place, letter) = (any::<Index>(), select(Vec::from(b"AZaz09-_.~")));
    let changed = {
        let cursor = cursor.clone();
        (place, letter).prop_map(move |(place, letter)| {
            let mut changed = cursor.clone().into_bytes();
            let at = place.index(changed.len());
            changed[at] = letter;
            String::from_utf8(changed).unwrap()
        })
    };
    let cut = {
        let cursor = cursor.clone();
        any::<Index>().prop_map(move |at| cursor[..=at.index(cursor.len())].to_owned())
    };
    let any_text = "[A-Za-z0-9_.~-]{1,120}";
    let forged = prop_oneof![changed, cut, any_text];
    check(200, forged, |forged| {
        let reply = admin.get(&format!("{LIST}?cursor={forged}"));
        if forged == cursor {
            prop_assert_eq!(reply.status(), 200);
        } else {
            reply.faults(Code::InvalidInput, &["cursor"]);
        }
        Ok(())
    });
}

#[test]
fn no_query_of_a_list_is_a_fault_of_the_server() {
    let (_app, admin) = numbered(3);
    let cursor = second_page(&admin, "");
    let names = select(vec![
        "cursor",
        "page",
        "pageSize",
        "limit",
        "count",
        "sort",
        "sortBy",
        "sortOrder",
        "fields",
        "trashed",
        "filter",
        "title",
        "rank[gte]",
        "weight",
        "cost[in]",
        "createdAfter",
        "nope",
    ]);
    let values = prop_oneof![
        select(vec![
            "", "0", "1", "-1", "100", "none", "exact", "with", "only", "desc", "title"
        ])
        .prop_map(str::to_owned),
        select(vec![
            "-rank,title",
            "id,title",
            "rank > 1",
            "1.50",
            "2026-01-15",
            "1e400",
            "\u{0}"
        ])
        .prop_map(str::to_owned),
        Just(cursor),
        any::<String>(),
    ];
    check(300, vec((names, values), 0..5), |pairs| {
        let escape = |text: &str| {
            text.bytes()
                .map(|byte| format!("%{byte:02X}"))
                .collect::<String>()
        };
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let status = admin.get(&format!("{LIST}?{query}")).status();
        prop_assert!(matches!(status, 200 | 400), "{}: {}", query, status);
        Ok(())
    });
}

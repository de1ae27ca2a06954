//! Whatever a record was, its history tells, and leads back to.

use std::time::Duration;

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::Value as Json;

use super::{
    Library, Seen,
    ways::{Try, WAYS},
};

/// Which way, with which of the books that are there, and what becomes of their fields.
#[derive(Clone, Debug)]
struct Step {
    way: usize,
    book: usize,
    body: Json,
    /// Which of the authors that are there become friends.
    friends: Option<Vec<prop::sample::Index>>,
}

fn step() -> impl Strategy<Value = Step> {
    let friends = proptest::option::of(proptest::collection::vec(
        any::<prop::sample::Index>(),
        0..3,
    ));
    let step = (0..WAYS.len(), any::<usize>(), body(), friends);
    step.prop_map(|(way, book, body, friends)| Step {
        way,
        book,
        body,
        friends,
    })
}

/// A change of any field, or of none.
fn body() -> impl Strategy<Value = Json> {
    let number = (-1e300..1e300_f64).prop_map(Json::from);
    let big = any::<i64>().prop_map(|number| number.to_string().into());
    let json = prop_oneof![
        Just(serde_json::json!(null)),
        Just(serde_json::json!([1, 2.5, "x", null])),
        any::<i32>().prop_map(|n| serde_json::json!({ "a": n, "b": { "c": null } })),
        "\\PC{0,8}".prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
    ];
    let tags = proptest::sample::subsequence(vec!["red", "green", "blue"], 0..=3).prop_shuffle();
    let field = prop_oneof![
        ("\\PC{0,12}").prop_map(|text| ("title", text.replace('\0', "").into())),
        big.clone().prop_map(|number| ("views", number)),
        number.prop_map(|number| ("weight", number)),
        big.prop_map(|number: Json| ("cost", number.as_str().map(|n| format!("{n}e-2")).into())),
        any::<bool>().prop_map(|flag| ("isPublic", flag.into())),
        json.prop_map(|value| ("meta", value)),
        tags.prop_map(|tags| ("tags", tags.into())),
        Just(("title", Json::Null)),
        Just(("cost", Json::Null)),
        Just(("tags", Json::Null)),
    ];
    proptest::collection::vec(field, 0..4).prop_map(|fields| {
        let fields = fields.into_iter();
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

impl Step {
    fn go(self, library: &Library) {
        let books = library.live("books");
        let book = match self.book.checked_rem(books.len()) {
            Some(place) => books[place].clone(),
            None => library.book(),
        };
        let mut body = self.body;
        if let Some(friends) = self.friends {
            let authors = library.live("authors");
            let mut ids: Vec<&Json> = friends.iter().map(|i| &i.get(&authors)["id"]).collect();
            ids.dedup();
            ids.truncate(if ids.first() == ids.last() { 1 } else { 3 });
            body["friendIds"] = ids.into_iter().cloned().collect();
        }
        (WAYS[self.way].go)(&Try {
            library,
            book,
            body,
        });
    }
}

#[test]
fn reverting_to_any_version_gives_that_version() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(12));
    let steps = proptest::collection::vec(step(), 1..10);
    let run = runner.run(&steps, |steps| {
        let library = Library::start();
        let mut seen = Seen::new();
        for step in steps {
            step.go(&library);
            library.see(&mut seen);
            library.app.clock().advance(Duration::from_secs(1));
        }
        library.check_all("after a walk");
        library.check_seen(&seen);
        library.check_all("after all reversions");
        Ok(())
    });
    run.unwrap();
}

//! What is found by which words.

use serde_json::json;
use stead::base::Code;

use super::{POSTS, found, list, make, posts, search, titles, with_texts};
use crate::support::client::path_of;

#[test]
fn all_words_are_found_wherever_they_stand() {
    let (_app, admin) = with_texts(&[
        ("one", "the red fox"),
        ("two red", "a brown dog"),
        ("three", "a brown fox"),
    ]);
    for (text, expected) in [
        ("red", &["one", "two red"][..]),
        ("brown fox", &["three"]),
        ("dog two", &["two red"]),
        ("fox nowhere", &[]),
        ("re", &[]),
    ] {
        assert_eq!(found(&admin, text), expected, "{text}");
    }
}

#[test]
fn a_star_finds_what_begins_so() {
    let (_app, admin) = with_texts(&[("one", "wording"), ("two", "sword"), ("three", "a word")]);
    assert_eq!(found(&admin, "wor*"), ["one", "three"]);
    assert_eq!(found(&admin, "word*"), ["one", "three"]);
    assert_eq!(found(&admin, "\"a wor\"*"), ["three"]);
    assert_eq!(found(&admin, "\"a wor*\""), ["three"]);
}

#[test]
fn quotation_marks_find_words_in_a_row() {
    let (_app, admin) = with_texts(&[
        ("one", "two words"),
        ("two", "words, two"),
        ("three", "two"),
    ]);
    assert_eq!(found(&admin, "\"two words\""), ["one"]);
    assert_eq!(found(&admin, "two words"), ["one", "two"]);
    // What is one word to a reader is words in a row to the index.
    assert_eq!(found(&admin, "words-two"), ["two"]);
}

#[test]
fn case_and_diacritics_are_folded() {
    let (_app, admin) = with_texts(&[
        ("one", "CRÈME brûlée"),
        ("two", "Việt ΑΘΗΝΑ"),
        ("three", "Ёлка"),
    ]);
    for (text, expected) in [
        ("creme BRULEE", "one"),
        ("Crème", "one"),
        ("viet", "two"),
        ("αθηνα", "two"),
        ("ёЛКА", "three"),
    ] {
        assert_eq!(found(&admin, text), [expected], "{text}");
    }
}

#[test]
fn what_was_typed_is_never_read_as_an_expression() {
    let (_app, admin) = with_texts(&[
        ("one", "red or blue"),
        ("two", "red"),
        ("three", "not near"),
    ]);
    for (text, expected) in [
        ("red OR blue", &["one"][..]),
        ("red NOT blue", &[]),
        ("NOT near", &["three"]),
        ("NEAR(red blue)", &[]),
        ("body:red", &[]),
        ("{body} : red", &[]),
        ("^red", &["one", "two"]),
        ("-red", &["one", "two"]),
        ("red + blue", &["one"]),
        ("\"red", &["one", "two"]),
        ("red\" OR \"blue", &["one"]),
        ("red' OR '1'='1", &[]),
        ("(red", &["one", "two"]),
    ] {
        assert_eq!(found(&admin, text), expected, "{text}");
    }
}

#[test]
fn a_search_without_a_word_is_refused() {
    let (app, admin) = posts(&json!({}));
    let many = "a ".repeat(33);
    let long = "a".repeat(501);
    for text in ["", " ", "*", "\"\"", "- + ()", "\0a", &many, &long] {
        list(&admin, &search(text)).faults(Code::InvalidInput, &["search"]);
    }
    app.collection("plain", json!([{ "name": "title", "type": "text" }]));
    admin
        .get("/api/v1/plain?search=a")
        .faults(Code::InvalidInput, &["search"]);
    admin
        .get("/api/v1/users?search=ann")
        .faults(Code::InvalidInput, &["search"]);
}

#[test]
fn what_fits_best_stands_first() {
    let (_app, admin) = with_texts(&[
        (
            "once in many",
            "fox and words and words and words and words",
        ),
        ("thrice", "fox fox fox"),
        ("none", "dog"),
        ("once", "fox"),
        ("nothing", "cat"),
    ]);
    let found = list(&admin, "search=fox").ok();
    assert_eq!(titles(&found), ["thrice", "once", "once in many"]);
    let sorted = list(&admin, "search=fox&sort=title").ok();
    assert_eq!(titles(&sorted), ["once", "once in many", "thrice"]);
    let newest = list(&admin, "search=fox&sort=-createdAt,-id&fields=title").ok();
    assert_eq!(newest["items"].as_array().unwrap().len(), 3);
}

#[test]
fn the_newest_of_those_that_fit_alike_stands_first() {
    let (app, admin) = posts(&json!({}));
    for title in ["a", "b", "c"] {
        make(&admin, &json!({ "title": title, "body": "fox" }));
        app.clock().advance(std::time::Duration::from_secs(1));
    }
    assert_eq!(titles(&list(&admin, "search=fox").ok()), ["c", "b", "a"]);
}

#[test]
fn filters_fields_count_and_parents_go_with_it() {
    let (app, admin) = posts(&json!({}));
    for (title, rank) in [("a", 1), ("b", 2), ("c", 3)] {
        make(
            &admin,
            &json!({ "title": title, "body": "fox", "rank": rank }),
        );
    }
    let some = list(&admin, "search=fox&rank[gte]=2&filter=rank%20%3C%203").ok();
    assert_eq!(titles(&some), ["b"]);
    assert_eq!(some["pagination"]["totalItems"], 1);
    let named = list(&admin, "search=fox&fields=rank&count=none&rank=1").ok();
    assert_eq!(named["items"], json!([{ "rank": 1 }]));
    assert_eq!(named["pagination"]["totalItems"], json!(null));
    let groups = admin.get(&format!(
        "{POSTS}/aggregate?search=fox&select=count(),sum(rank)"
    ));
    assert_eq!(
        groups.ok()["items"],
        json!([{ "count()": 3, "sum(rank)": 6 }])
    );
    app.define(json!({ "name": "notes", "fields": [
        { "name": "post_id", "type": "relation", "collection": "posts" },
        { "name": "text", "type": "text", "searchable": true } ] }));
    let post = make(&admin, &json!({ "title": "d" }));
    let under = format!("{}/notes", path_of("posts", &post));
    for (id, text) in [
        (&post["id"], "fox"),
        (&post["id"], "dog"),
        (&json!(null), "fox"),
    ] {
        let note = json!({ "postId": id, "text": text });
        admin.post("/api/v1/notes", &note).created();
    }
    let notes = admin.get(&format!("{under}?search=fox")).ok();
    assert_eq!(notes["pagination"]["totalItems"], 1);
}

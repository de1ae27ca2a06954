//! `snippets`: where in the texts the words stand.

use serde_json::{Value as Json, json};

use super::{list, make, posts, search, with_texts};
use crate::support::client::Client;

fn snippets(client: &Client, query: &str) -> Json {
    list(client, query).ok()["snippets"].clone()
}

#[test]
fn each_record_has_a_snippet_of_each_text_with_a_word() {
    let (_app, admin) = with_texts(&[("The fox", "A dog, a Fòx."), ("none", "a fox")]);
    let expected = json!([
        { "body": "a <mark>fox</mark>" },
        { "title": "The <mark>fox</mark>", "body": "A dog, a <mark>Fòx</mark>." },
    ]);
    assert_eq!(
        snippets(&admin, "search=fox&sort=-title,id&fields=id"),
        expected
    );
    let one = snippets(&admin, &search("\"a dog\" fo* THE"));
    let marked = json!([{ "title": "<mark>The</mark> <mark>fox</mark>",
        "body": "<mark>A dog</mark>, a <mark>Fòx</mark>." }]);
    assert_eq!(one, marked);
    assert!(list(&admin, "").ok().get("snippets").is_none());
}

#[test]
fn a_long_text_is_cut_to_what_stands_around_the_word() {
    let body = format!("{}fox{}", "before ".repeat(100), " behind".repeat(100));
    let (_app, admin) = with_texts(&[("a", &body)]);
    let found = snippets(&admin, "search=fox");
    let text = found[0]["body"].as_str().unwrap();
    assert!(text.starts_with('…') && text.ends_with('…'), "{text}");
    assert!(
        text.contains(" <mark>fox</mark> ") && text.len() < 300,
        "{text}"
    );
}

#[test]
fn html_in_a_text_has_no_meaning_in_a_snippet() {
    let evil = "<script>fox</script> & \"<mark>\" '\u{e000}\u{e001}' fox";
    let (_app, admin) = with_texts(&[("a", evil)]);
    let expected = "&lt;script&gt;<mark>fox</mark>&lt;/script&gt; &amp; \
                    &quot;&lt;mark&gt;&quot; &#39;\u{e000}\u{e001}&#39; <mark>fox</mark>";
    assert_eq!(
        snippets(&admin, "search=fox"),
        json!([{ "body": expected }])
    );
}

#[test]
fn a_list_that_nothing_can_be_on_has_none() {
    let (app, _) = posts(&json!({ "list": "false" }));
    let tom = app.user("tom", &[]);
    make(&app.admin(), &json!({ "title": "fox" }));
    assert_eq!(snippets(&tom, "search=fox"), json!([]));
}

/// Each place compared with each other is 10,000,000,000 comparisons.
#[test]
fn many_words_in_long_texts_take_no_time() {
    let (_app, admin) = with_texts(&[("a", &"a ".repeat(2_500))]);
    let words = ["a", "a*", "\"a a\"", "\"a a\"*", "\"a a a\"", "\"a a a\"*"];
    let words: Vec<String> = (0..18)
        .map(|i| format!("\"{}\"*", "a ".repeat(i + 1).trim_end()))
        .chain(words.map(str::to_owned))
        .collect();
    let started = std::time::Instant::now();
    let found = snippets(&admin, &search(&words.join(" ")));
    assert!(
        found[0]["body"].as_str().unwrap().starts_with("<mark>a a"),
        "{found}"
    );
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn a_page_of_long_texts_is_not_looked_at_for_ever() {
    let app = crate::support::app::TestApp::start();
    app.define(json!({ "name": "posts", "fields": [
        { "name": "title", "type": "text" },
        { "name": "body", "type": "text", "max": 200_000, "searchable": true } ] }));
    let admin = app.admin();
    for i in 0..12 {
        let text = format!("fox {}", "word ".repeat(20_000));
        make(&admin, &json!({ "title": format!("{i:02}"), "body": text }));
    }
    let found = snippets(&admin, "search=fox&sort=title&fields=id");
    let found = found.as_array().unwrap().iter();
    let marked: Vec<bool> = found.map(|one| one.get("body").is_some()).collect();
    let expected: Vec<bool> = (0..12).map(|i| i < 10).collect();
    assert_eq!(marked, expected);
}

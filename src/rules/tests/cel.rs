//! Beside CEL itself: where both know an expression, both take it, and both have the same value.
//!
//! What differs, and why:
//!
//! - Null: an atom with null is false here, and its negation true; in CEL it is an error. `==` and
//!   `!=` take null for a value in both.
//! - Types are checked before anything is asked: `title == 1` and `"a" == 1` are faults here, and
//!   false in CEL. Two constants are not compared at all, and an atom asks something of a record.
//! - `&&` and `||` take conditions alone: a field that is no boolean is a fault before anything is
//!   asked, where CEL finds it when it gets there.
//! - Numbers are compared exactly as they are written, and may have any size: there is no overflow,
//!   and neither `1u` nor `b"..."`. An instant is cut off to milliseconds.
//! - No arithmetic, `? :`, maps, indexes, `has()`, `matches()`, `size(x)`, conversions such as
//!   `int(x)` and durations; of macros `exists` and `all`, on records alone.
//! - `.lower()` is ours; in CEL it is an extension, called `lowerAscii()`.
//! - A constant has no functions and no fields: `"abc".contains(title)` is a fault.
//! - Words that CEL reserves for languages around it (`for`, `if`, `package`, `import`, ...) are
//!   names here, and so are `in`, `null`, `true` and `false` behind a dot: JSON may have such keys.
//!   A name cannot begin with a dot.
//! - `[,]` is no list.
//! - Instants are written as texts where one is expected; `timestamp("...")` is there as well. The
//!   parts of an instant are in UTC, without a time zone as an argument.
//! - Nesting, length and size are bounded.

use cel::{Context, Program};
use proptest::prelude::*;
use serde_json::json;

use super::Site;
use crate::rules::{Fault, parse::parse};

const WORDS: &[&str] = &[
    "a",
    "b.c",
    "a1_",
    "_",
    "true",
    "false",
    "null",
    "1",
    "-1",
    "0.5",
    ".5",
    "1e3",
    "0x1F",
    "007",
    "'x'",
    "\"y\"",
    "r'\\'",
    "'\\n\\u00e4\\101'",
    "'\\q'",
    "'''a'b'''",
    "(",
    ")",
    "[",
    "]",
    ",",
    "!",
    "&&",
    "||",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    " in ",
    ".f(",
    "g(",
    ".",
    ".d",
    "=",
    "&",
    "\u{e4}",
    "#",
    "// c\n",
];

fn is_cel(source: &str) -> bool {
    Program::compile(source).is_ok()
}

/// Expressions over the fields of one record, none of which is null.
fn conditions() -> impl Strategy<Value = String> {
    let text =
        prop::sample::select(&["'Red'", "\"r\\u00e9d\"", "'re'", "''", "r'a\\b'", "'R' "][..]);
    let number = prop::sample::select(&["3", "2", "-1", "0x3", "2.5", "3.0", "1e1", "0.5"][..]);
    let sign = prop::sample::select(&["==", "!=", "<", "<=", ">", ">="][..]);
    let texts = prop::sample::select(&["title", "other"][..]);
    let numbers = prop::sample::select(&["countOf", "score", "title.size()"][..]);
    let matches = prop::sample::select(&["contains", "startsWith", "endsWith"][..]);
    let atom = prop_oneof![
        Just("done".to_owned()),
        prop::sample::select(&["true", "false", "done == true", "done != false"][..])
            .prop_map(str::to_owned),
        (texts.clone(), sign.clone(), text.clone())
            .prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (numbers.clone(), sign.clone(), number.clone())
            .prop_map(|(a, sign, b)| format!("{a}{sign}{b}")),
        (number.clone(), sign.clone(), numbers.clone())
            .prop_map(|(a, sign, b)| format!("{a}{sign}{b}")),
        sign.clone()
            .prop_map(|sign| format!("countOf {sign} score")),
        sign.prop_map(|sign| format!("title {sign} other")),
        (texts.clone(), matches, text.clone()).prop_map(|(a, name, b)| format!("{a}.{name}({b})")),
        (texts, prop::collection::vec(text, 0..3))
            .prop_map(|(a, items)| format!("{a} in [{}]", items.join(","))),
        (numbers, prop::collection::vec(number, 0..3))
            .prop_map(|(a, items)| format!("{a} in [{}]", items.join(" , "))),
    ];
    atom.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|of| format!("!({of})")),
            inner.clone().prop_map(|of| format!("({of})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} && {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a}||{b}")),
        ]
    })
}

fn value_in_cel(
    source: &str,
    title: &str,
    other: &str,
    count: i64,
    score: f64,
    done: bool,
) -> bool {
    let mut context = Context::default();
    context.add_variable("title", title).unwrap();
    context.add_variable("other", other).unwrap();
    context.add_variable("countOf", count).unwrap();
    context.add_variable("score", score).unwrap();
    context.add_variable("done", done).unwrap();
    match Program::compile(source).unwrap().execute(&context) {
        Ok(cel::Value::Bool(value)) => value,
        other => panic!("{source}: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_take_the_same_expressions(words in prop::collection::vec(prop::sample::select(WORDS), 1..9)) {
        let source = words.join(" ");
        let parsed = parse(&source);
        // A dot in front of a name, arithmetic, keywords behind a dot, and a list of a comma
        // alone: told above.
        let is_told = |fault: &Fault| {
            fault.message.ends_with("name or a value, found `.`")
                || fault.message.starts_with("There is no arithmetic")
        };
        let has_key = ["true", "false", "null", " in"].iter().any(|word| source.contains(&format!(". {word}")));
        prop_assume!(!has_key && !source.contains("-1 .") && !source.contains("[ ,") && !parsed.as_ref().is_err_and(is_told));
        prop_assert_eq!(parsed.is_ok(), is_cel(&source), "{}", source);
    }

    #[test]
    fn both_have_the_same_value(
        source in conditions(),
        title in prop::sample::select(&["Red", "r\u{e9}d", "red", "a\\b", "R"][..]),
        other in prop::sample::select(&["Red", "", "re"][..]),
        count in prop::sample::select(&[3_i64, -1, 0, 10][..]),
        score in prop::sample::select(&[3.0, 0.5, -1.0, 2.5][..]),
        done in any::<bool>(),
    ) {
        let values = json!({
            "title": title, "other": other, "count_of": count, "score": score, "done": done,
        });
        let site = Site::new().add("posts", 'P', 1, &values);
        let expected = value_in_cel(&source, title, other, count, score, done);
        prop_assert_eq!(site.says("posts", &source), if expected { "+" } else { "-" }, "{}", source);
    }
}

/// What CEL takes and we do not, and the other way round.
#[test]
fn the_differences_are_as_they_are_told() {
    let site = Site::new();
    let taken = |source: &str| site.check("posts", source, super::Purpose::Rule).is_ok();
    for source in [
        "title + 'x' == ''",
        "[,]",
        "1u == 1",
        "a[0]",
        "true ? true : false",
        ".title == ''",
        "'a' == 'a'",
    ] {
        assert!(is_cel(source) && !taken(source), "{source}");
    }
    for source in [
        "meta.for == 1",
        "meta.in == 1",
        "meta.null == 1",
        "score < 99999999999999999999",
    ] {
        assert!(taken(source), "{source}");
    }
    assert!(parse("package == 1").is_ok() && !is_cel("package == 1"));
    assert!(!is_cel("a.in == 1"));
}

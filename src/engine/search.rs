//! What a list looks for in texts: `search=words`.
//!
//! Nothing of it is read as the language of the index: each term is a text in quotes, and of what
//! was typed, quotation marks and a star at the end of a term alone have a meaning.

use crate::{
    base::{Issue, IssueCode},
    db::Sql,
    schema::{
        Collection, Field,
        search::{push_quoted, within, words_table},
    },
};

/// The longest text that is looked for, in characters.
const MOST_CHARACTERS: usize = 500;

/// Most terms of one search.
const MOST_TERMS: usize = 32;

/// A search, checked against its collection.
#[derive(Clone, Debug)]
pub struct Search {
    terms: Vec<Term>,
    /// The columns that it looks into, which the caller may read of every record.
    columns: Vec<String>,
    /// Whether there are others.
    leaves_out: bool,
    /// Whether its records stand in the order of how well they fit.
    pub is_ranked: bool,
}

/// A word, or several in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    text: String,
    /// Whether the last word may go on.
    is_prefix: bool,
}

impl Search {
    /// Reads what is looked for in the fields of a collection that `may_read` lets through.
    ///
    /// # Errors
    /// The fault of the parameter `search`: one without a word, or where there is nothing to search.
    pub fn parse(
        collection: &Collection,
        text: &str,
        may_read: impl Fn(&Field) -> bool,
    ) -> Result<Self, Issue> {
        let fault = |code, message: &str| Err(Issue::new("search", code, message));
        if text.contains('\0') {
            return fault(IssueCode::InvalidFormat, "Contains the character U+0000");
        }
        if text.chars().count() > MOST_CHARACTERS {
            let message = format!("Must have at most {MOST_CHARACTERS} characters");
            return fault(IssueCode::TooLong, &message);
        }
        let terms = terms(text);
        if terms.is_empty() {
            return fault(IssueCode::Required, "Has no word to look for");
        }
        if terms.len() > MOST_TERMS {
            let message = format!("Must have at most {MOST_TERMS} words");
            return fault(IssueCode::TooLong, &message);
        }
        let readable = collection.searchable().filter(|field| may_read(field));
        let columns: Vec<String> = readable.map(|field| field.column.clone()).collect();
        if columns.is_empty() {
            return fault(IssueCode::Invalid, "Nothing here can be searched");
        }
        Ok(Self {
            leaves_out: columns.len() < collection.searchable().count(),
            terms,
            columns,
            is_ranked: false,
        })
    }

    /// The same in the order of how well its records fit, where that tells nothing else. The rank
    /// hangs on the length of all texts of a record, those included that a caller may not read.
    /// And of several words the one counts more that stands in fewer records of the collection, so
    /// that whoever has put two into records of its own learns which of them others have: this is
    /// for those alone who see every record.
    pub fn rank(&mut self, sees_every_record: bool) {
        self.is_ranked = !self.leaves_out && (sees_every_record || self.terms.len() == 1);
    }

    /// The columns that it looks into.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Adds `"things"._row IN (...)`: the records that have all terms. `by_order` leaves the order
    /// of the statement as it is.
    pub fn push_condition(&self, collection: &Collection, by_order: bool, sql: &mut Sql) {
        sql.push(if by_order { "+" } else { "" });
        sql.ident(&collection.name)
            .push("._row IN (SELECT rowid FROM ");
        self.push_match(collection, sql);
        sql.push(")");
    }

    /// Adds a table of the records that have all terms: their `_hit` and their `_rank`, the least
    /// of which fits best.
    pub fn push_ranked(&self, collection: &Collection, sql: &mut Sql) {
        sql.push("(SELECT rowid AS _hit, rank AS _rank FROM ");
        self.push_match(collection, sql);
        sql.push(")");
    }

    fn push_match(&self, collection: &Collection, sql: &mut Sql) {
        let table = words_table(&collection.name);
        sql.ident(&table).push(" WHERE ").ident(&table);
        sql.push(" MATCH ").bind(self.query());
    }

    /// In the language of the index: terms in quotes beside each other, all of which must be there,
    /// in one of the columns where these are not all.
    fn query(&self) -> String {
        let mut query = String::new();
        if self.leaves_out {
            query.push('{');
            for column in &self.columns {
                push_quoted(&within(column), &mut query);
                query.push(' ');
            }
            query.push_str("} : ");
        }
        query.push('(');
        self.push_terms(" ", &mut query);
        query.push(')');
        query
    }

    /// What is marked in a text of a record that was found: each term by itself, since the others
    /// may stand elsewhere.
    pub fn marked(&self) -> String {
        let mut query = String::new();
        self.push_terms(" OR ", &mut query);
        query
    }

    fn push_terms(&self, between: &str, query: &mut String) {
        for (i, term) in self.terms.iter().enumerate() {
            query.push_str(if i > 0 { between } else { "" });
            push_quoted(&term.text, query);
            query.push_str(if term.is_prefix { " *" } else { "" });
        }
    }
}

/// Words and phrases in quotation marks, each with a star behind it or none. What has nothing that
/// could stand in the index is left out.
fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (text, behind) = match rest.strip_prefix('"') {
            // A phrase that nobody has ended goes on to the end.
            Some(phrase) => phrase.split_once('"').unwrap_or((phrase, "")),
            None => {
                let end = rest.find(|letter: char| letter.is_whitespace() || letter == '"');
                rest.split_at(end.unwrap_or(rest.len()))
            }
        };
        let (text, inner) = starless(text);
        let (rest_of_it, outer) = match behind.strip_prefix('*') {
            Some(behind) => (behind, true),
            None => (behind, false),
        };
        if text.chars().any(is_of_word) {
            terms.push(Term {
                text: text.to_owned(),
                is_prefix: inner || outer,
            });
        }
        rest = rest_of_it.trim_start();
    }
    terms
}

/// A text without the stars at its end, and whether it had one.
fn starless(text: &str) -> (&str, bool) {
    let bare = text.trim_end_matches('*');
    (bare, bare.len() < text.len())
}

/// True of what the index takes for a part of a word; it knows fewer scripts, and finds nothing by
/// the words of others.
fn is_of_word(letter: char) -> bool {
    // Those for private use are letters to it.
    letter.is_alphanumeric() || matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::{Search, Term, terms};

    fn found(text: &str) -> Vec<(String, bool)> {
        let terms = terms(text).into_iter();
        terms
            .map(|Term { text, is_prefix }| (text, is_prefix))
            .collect()
    }

    #[test]
    fn words_phrases_and_prefixes_are_told_apart() {
        let rows: &[(&str, &[(&str, bool)])] = &[
            ("two words", &[("two", false), ("words", false)]),
            ("wor*", &[("wor", true)]),
            ("\"two words\" x", &[("two words", false), ("x", false)]),
            ("\"two wor*\"", &[("two wor", true)]),
            ("\"two wor\"*", &[("two wor", true)]),
            ("\"never ended", &[("never ended", false)]),
            ("a\"b c\"d", &[("a", false), ("b c", false), ("d", false)]),
            (
                "a OR -b NOT ^c",
                &[
                    ("a", false),
                    ("OR", false),
                    ("-b", false),
                    ("NOT", false),
                    ("^c", false),
                ],
            ),
            ("title:x", &[("title:x", false)]),
            (" * \"\" - + () {} ", &[]),
            ("a*b**", &[("a*b", true)]),
        ];
        for (text, expected) in rows {
            let expected: Vec<_> = expected
                .iter()
                .map(|(text, is_prefix)| ((*text).to_owned(), *is_prefix))
                .collect();
            assert_eq!(found(text), expected, "{text}");
        }
    }

    fn index() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        let sql = "CREATE VIRTUAL TABLE texts USING fts5(_title, _body, content='', \
                   contentless_delete=1, tokenize='unicode61 remove_diacritics 2')";
        conn.execute_batch(sql).unwrap();
        conn
    }

    fn search(text: &str, leaves_out: bool) -> Option<Search> {
        let terms = terms(text);
        (!terms.is_empty()).then(|| Search {
            terms,
            columns: vec!["title".to_owned()],
            leaves_out,
            is_ranked: false,
        })
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_no_fault_of_the_index(
            text in "([a-z]{1,3}|[\"*^:(){}+\\-,.'\\\\ ]|AND|OR|NOT|NEAR|\\PC){0,12}",
            leaves_out: bool,
        ) {
            let conn = index();
            if let Some(search) = search(&text, leaves_out) {
                for query in [search.query(), search.marked()] {
                    let count = "SELECT count(*) FROM texts WHERE texts MATCH ?";
                    let count = conn.query_row(count, [&query], |row| row.get::<_, i64>(0));
                    prop_assert_eq!(count, Ok(0), "{}", query);
                }
            }
        }

        #[test]
        fn a_text_is_found_by_itself(text in "[a-zà-ÿ \"*():^-]{1,20}") {
            let conn = index();
            let insert = "INSERT INTO texts (rowid, _title) VALUES (1, ?)";
            conn.execute(insert, [&text]).unwrap();
            if let Some(search) = search(&text, true) {
                let count = "SELECT count(*) FROM texts WHERE texts MATCH ?";
                let count = conn.query_row(count, [search.query()], |row| row.get(0));
                prop_assert_eq!(count, Ok(1), "{}", search.query());
            }
        }
    }
}

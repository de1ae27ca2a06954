//! Building statements: text of ours, names as quoted identifiers, values as parameters.

use super::value::Value;

/// A statement in the making. Only text of the program, quoted names, and literals can enter, so
/// that nothing a user sent is ever read as SQL.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sql {
    text: String,
    args: Vec<Value>,
}

impl Sql {
    /// Begins with text of the program.
    pub fn new(text: &'static str) -> Self {
        // Most statements fit, and are then never copied as they grow.
        let mut sql = Self {
            text: String::with_capacity(512),
            args: Vec::with_capacity(8),
        };
        sql.push(text);
        sql
    }

    /// Adds text of the program.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a name as a quoted identifier.
    pub fn ident(&mut self, name: &str) -> &mut Self {
        self.text.push('"');
        for part in name.split_inclusive('"') {
            self.text.push_str(part);
            // A quote within a name is doubled.
            if part.ends_with('"') {
                self.text.push('"');
            }
        }
        self.text.push('"');
        self
    }

    /// Adds a parameter.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.text.push('?');
        self.args.push(value.into());
        self
    }

    /// Adds `IN` and a list of texts: one parameter, however many they are.
    pub fn within(&mut self, texts: &[String]) -> &mut Self {
        self.push(" IN (SELECT value FROM json_each(")
            .bind(Value::list(texts))
            .push("))")
    }

    /// Adds a value as a literal: in DDL alone, where SQLite takes no parameters.
    pub fn literal(&mut self, value: &Value) -> &mut Self {
        super::literal::push(&mut self.text, value);
        self
    }

    /// Adds another piece with its parameters.
    pub fn append(&mut self, other: Self) -> &mut Self {
        self.text.push_str(&other.text);
        self.args.extend(other.args);
        self
    }

    /// Adds a piece that is kept for further statements.
    pub fn append_kept(&mut self, other: &Self) -> &mut Self {
        self.text.push_str(&other.text);
        self.args.extend_from_slice(&other.args);
        self
    }

    /// Adds each item by `add`, with `separator` between them.
    pub fn join<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &'static str,
        mut add: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self.push(separator);
            }
            add(self, item);
        }
        self
    }

    /// The same at an instant, for a read, which has no commit.
    #[must_use]
    pub fn at(mut self, now: &Value) -> Self {
        for arg in &mut self.args {
            if *arg == Value::CommitTime {
                arg.clone_from(now);
            }
        }
        self
    }

    /// The same with its parameters as literals: for DDL, where SQLite takes none.
    #[must_use]
    pub fn inlined(&self) -> Self {
        let mut inlined = Self::default();
        let mut args = self.args.iter();
        let mut quote = None;
        for letter in self.text.chars() {
            match (quote, letter) {
                // A doubled quote ends a name or text and begins it anew, which comes to the same.
                (Some(open), _) if open == letter => quote = None,
                (None, '"' | '\'') => quote = Some(letter),
                (None, '?') => {
                    if let Some(value) = args.next() {
                        inlined.literal(value);
                    }
                    continue;
                }
                _ => {}
            }
            inlined.text.push(letter);
        }
        inlined
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parameters so far.
    pub fn args(&self) -> &[Value] {
        &self.args
    }

    /// Text and parameters.
    pub fn into_parts(self) -> (String, Vec<Value>) {
        (self.text, self.args)
    }
}

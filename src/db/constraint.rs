//! Which constraint failed, read from SQLite's message.

use rusqlite::ffi;

/// A constraint that refused a change. SQLite names all but foreign keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A unique index over these columns, `table.column` each.
    Unique(Vec<String>),
    /// NOT NULL of `table.column`.
    NotNull(String),
    /// A CHECK, by its name.
    Check(String),
    /// A value of the wrong type, or an overflow, in `table.column`.
    Type(String),
    /// A foreign key; SQLite does not say which.
    ForeignKey,
}

impl Constraint {
    /// Reads the constraint from a failure of SQLite; none if it was no constraint.
    pub fn of(error: &rusqlite::Error) -> Option<Self> {
        let rusqlite::Error::SqliteFailure(failure, Some(message)) = error else {
            return None;
        };
        let after = |prefix: &str| message.strip_prefix(prefix).map(str::to_owned);
        match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                let columns = after("UNIQUE constraint failed: ")?;
                Some(Self::Unique(
                    columns.split(", ").map(str::to_owned).collect(),
                ))
            }
            ffi::SQLITE_CONSTRAINT_NOTNULL => {
                after("NOT NULL constraint failed: ").map(Self::NotNull)
            }
            ffi::SQLITE_CONSTRAINT_CHECK => after("CHECK constraint failed: ").map(Self::Check),
            // "cannot store REAL value in INTEGER column orders.total"
            ffi::SQLITE_CONSTRAINT_DATATYPE => message
                .rsplit_once(" column ")
                .map(|(_, column)| Self::Type(column.to_owned())),
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Self::ForeignKey),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::Constraint;

    #[test]
    fn each_constraint_is_told_by_its_name() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER,
               c TEXT REFERENCES u (x), CONSTRAINT t_b_max CHECK (b <= 9)) STRICT;
             CREATE TABLE u (x TEXT PRIMARY KEY, y INTEGER) STRICT, WITHOUT ROWID;
             CREATE UNIQUE INDEX t_a_unique ON t (a) WHERE b IS NOT NULL;
             INSERT INTO t VALUES (1, 'one', 9223372036854775807 % 9, NULL);
             INSERT INTO u VALUES ('x', 9223372036854775807);",
        )
        .unwrap();
        let unique = |column: &str| Constraint::Unique(vec![column.to_owned()]);
        let cases = [
            ("INSERT INTO t VALUES (2, 'one', 1, NULL)", unique("t.a")),
            ("INSERT INTO t VALUES (1, 'two', 1, NULL)", unique("t.id")),
            ("INSERT INTO u VALUES ('x', 1)", unique("u.x")),
            (
                "INSERT INTO t VALUES (2, NULL, 1, NULL)",
                Constraint::NotNull("t.a".into()),
            ),
            (
                "INSERT INTO t VALUES (2, 'two', 10, NULL)",
                Constraint::Check("t_b_max".into()),
            ),
            ("UPDATE u SET y = y + 1", Constraint::Type("u.y".into())),
            (
                "INSERT INTO t VALUES (2, 'two', 'x', NULL)",
                Constraint::Type("t.b".into()),
            ),
            (
                "INSERT INTO t VALUES (2, 'two', 1, 'none')",
                Constraint::ForeignKey,
            ),
        ];
        for (sql, expected) in cases {
            let error = conn.execute(sql, []).unwrap_err();
            assert_eq!(Constraint::of(&error), Some(expected), "{sql}: {error}");
        }
    }
}

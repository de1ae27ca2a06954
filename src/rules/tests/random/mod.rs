//! Properties: what SQLite says of random expressions over random records is what the documents
//! say, as a plain evaluator has it.

mod eval;
mod expr;
mod make;
mod tape;
mod value;
mod world;

use std::{collections::BTreeSet, fmt};

use proptest::prelude::*;
use rusqlite::{Connection, params_from_iter};

use self::{
    eval::Eval,
    expr::Cond,
    make::Maker,
    tape::Tape,
    world::{Caller, World},
};
use crate::{
    db::{self, Sql},
    rules::{Asker, Book, Condition, Names, Purpose, Verdict, Walk, check, fails, holds},
    schema::Schema,
};

/// How many expressions are asked of one world.
const EXPRESSIONS: usize = 12;

/// Numbers that nobody wants to read when a property fails.
struct Choices(Vec<u16>);

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} choices", self.0.len())
    }
}

/// Records and what they were before, by their ids.
type Pairs = BTreeSet<(String, String)>;

fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u16>(), 200..1_500).prop_map(Choices)
}

fn maker<'a>(world: &'a World, tape: &'a mut Tape, table: usize) -> Maker<'a> {
    Maker {
        world,
        tape,
        table,
        is_filter: false,
        has_previous: false,
        items: Vec::new(),
    }
}

/// One world, with what is needed to ask it.
struct Case {
    world: World,
    schema: Schema,
    conn: Connection,
    caller: Caller,
    /// Whether the expressions are filters, of those who may read what the rules of this say.
    book: Option<Book>,
}

impl Case {
    fn new(world: World, tape: &mut Tape) -> Self {
        let (schema, conn) = (world.schema(), world.file());
        let caller = world.caller(tape);
        Self {
            world,
            schema,
            conn,
            caller,
            book: None,
        }
    }

    fn judge(&self, table: usize, cond: &Cond) -> Result<(), TestCaseError> {
        let source = cond.to_string();
        let collection = self.schema.by_name(self.world.tables[table].name).unwrap();
        let purpose = self.book.as_ref().map_or(Purpose::Change, Purpose::Filter);
        let checked = match check(&source, &self.schema, collection, purpose) {
            Ok(checked) => checked,
            Err(fault) if fault.message.starts_with("Asks for too much") => return Ok(()),
            Err(fault) => return Err(TestCaseError::fail(format!("{source}: {fault}"))),
        };
        let id = self
            .caller
            .user
            .map(|user| self.world.tables[0].records[user].id());
        let now = db::Value::from(self.caller.now);
        let asker = Asker {
            user: id,
            roles: &self.caller.roles,
            can: &|permission| {
                self.caller
                    .permissions
                    .iter()
                    .any(|held| held == permission)
            },
            now: &now,
        };
        let names = Names {
            previous: Some("before".to_owned()),
            ..Names::table(&collection.name)
        };
        // Which indexes are left alone changes nothing.
        let walking = Names {
            walk: Some(Walk {
                by: "created_at".to_owned(),
                equal: Vec::new(),
            }),
            ..names.clone()
        };
        for (is_wanted, verdict) in [
            (true, holds(&checked.condition, &asker, &names)),
            (true, holds(&checked.condition, &asker, &walking)),
            (false, fails(&checked.condition, &asker, &names)),
            (false, fails(&checked.condition, &asker, &walking)),
        ] {
            let expected = self.expected(table, cond, is_wanted);
            let found = self.found(table, verdict.clone())?;
            prop_assert_eq!(
                found,
                expected,
                "\n{} is {}\nfor {:?}\nby {:?}\nin {:?}",
                source,
                is_wanted,
                self.caller,
                verdict,
                self.rules()
            );
        }
        self.judge_known(table, cond, &checked.condition, &asker, &names)
    }

    /// What is known of a record changes nothing.
    fn judge_known(
        &self,
        table: usize,
        cond: &Cond,
        condition: &Condition,
        asker: &Asker<'_>,
        names: &Names,
    ) -> Result<(), TestCaseError> {
        for is_wanted in [true, false] {
            let expected = self.expected(table, cond, is_wanted);
            for record in &self.world.tables[table].records {
                let names = Names {
                    known: self.stored(table, record.id()),
                    ..names.clone()
                };
                let verdict = if is_wanted {
                    holds(condition, asker, &names)
                } else {
                    fails(condition, asker, &names)
                };
                let of_record = |pairs: Pairs| -> Pairs {
                    let of_record = |(id, _): &(String, String)| id == record.id();
                    pairs.into_iter().filter(of_record).collect()
                };
                let found = of_record(self.found(table, verdict.clone())?);
                let expected = of_record(expected.clone());
                prop_assert_eq!(
                    found,
                    expected,
                    "{} of {:?}: {:?}",
                    cond,
                    record.id(),
                    verdict
                );
            }
        }
        Ok(())
    }

    /// The columns of a record.
    fn stored(&self, table: usize, id: &str) -> Vec<(String, db::Value)> {
        let name = self.world.tables[table].name;
        let sql = format!("SELECT * FROM {name} WHERE id = ?");
        let mut query = self.conn.prepare(&sql).unwrap();
        let columns: Vec<_> = query.column_names().map(str::to_owned).collect();
        let value = |row: &rusqlite::Row<'_>, i| {
            Ok(match row.get::<_, rusqlite::types::Value>(i)? {
                rusqlite::types::Value::Integer(value) => db::Value::Integer(value),
                rusqlite::types::Value::Real(value) => db::Value::Real(value),
                rusqlite::types::Value::Text(value) => db::Value::Text(value),
                _ => db::Value::Null,
            })
        };
        let row = query.query_row([id], |row| {
            (0..columns.len()).map(|i| value(row, i)).collect()
        });
        let row: Vec<db::Value> = row.unwrap();
        columns.into_iter().zip(row).collect()
    }

    fn rules(&self) -> Vec<(String, Vec<String>)> {
        let tables = self.world.tables.iter().map(|table| {
            let mut rules: Vec<_> = table
                .view
                .iter()
                .map(|rule| format!("view: {rule}"))
                .collect();
            for column in &table.columns {
                rules.extend(
                    column
                        .rule
                        .iter()
                        .map(|rule| format!("{}: {rule}", column.name)),
                );
            }
            for record in &table.records {
                rules.push(format!("{} {:?}", record.deleted, record.values));
            }
            (table.name.to_owned(), rules)
        });
        tables.collect()
    }

    /// Pairs of a record and what it was before for which the evaluator says so.
    fn expected(&self, table: usize, cond: &Cond, wanted: bool) -> Pairs {
        let records = &self.world.tables[table].records;
        let pairs = records
            .iter()
            .flat_map(|record| records.iter().map(move |previous| (record, previous)));
        let fitting = pairs.filter(|(record, previous)| {
            let eval = Eval {
                world: &self.world,
                caller: &self.caller,
                is_filter: self.book.is_some(),
                table,
                record,
                previous: Some(previous),
                items: Vec::new(),
            };
            eval.holds(cond) == Some(wanted)
        });
        fitting
            .map(|(a, b)| (a.id().to_owned(), b.id().to_owned()))
            .collect()
    }

    /// Those for which SQLite does.
    fn found(&self, table: usize, verdict: Verdict) -> Result<Pairs, TestCaseError> {
        let name = self.world.tables[table].name;
        let mut sql = Sql::new("SELECT ");
        sql.ident(name).push(".id, before.id FROM ").ident(name);
        sql.push(", ")
            .ident(name)
            .push(" AS before WHERE ")
            .append(verdict.into_sql());
        let mut query = match self.conn.prepare(sql.text()) {
            Ok(query) => query,
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let pairs = query.query_map(params_from_iter(sql.args()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
        Ok(pairs.unwrap().map(Result::unwrap).collect())
    }
}

/// Gives every table a rule for viewing, and some fields one for reading.
fn give_rules(world: &mut World, tape: &mut Tape) {
    for i in 0..world.tables.len() {
        if !tape.once_in(4) {
            world.tables[i].view = Some(maker(world, tape, i).cond(2));
        }
        for column in 0..world.tables[i].columns.len() {
            let is_free = matches!(
                world.tables[i].columns[column].kind,
                "id" | "instant" | "version" | "verified" | "roles"
            );
            if !is_free && tape.once_in(3) {
                world.tables[i].columns[column].rule = Some(maker(world, tape, i).cond(1));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_says_what_the_documents_say(choices in choices()) {
        let mut tape = Tape::new(choices.0);
        let world = World::make(&mut tape);
        let case = Case::new(world, &mut tape);
        for _ in 0..EXPRESSIONS {
            let table = tape.below(case.world.tables.len());
            let mut maker = maker(&case.world, &mut tape, table);
            maker.has_previous = true;
            let cond = maker.cond(3);
            case.judge(table, &cond)?;
        }
    }

    #[test]
    fn a_filter_sees_what_the_caller_may_see(choices in choices()) {
        let mut tape = Tape::new(choices.0);
        let mut world = World::make(&mut tape);
        give_rules(&mut world, &mut tape);
        let mut case = Case::new(world, &mut tape);
        case.book = Some(Book::of_schema(&case.schema));
        for _ in 0..EXPRESSIONS {
            let table = tape.below(case.world.tables.len());
            let mut maker = maker(&case.world, &mut tape, table);
            maker.is_filter = true;
            let cond = maker.cond(3);
            case.judge(table, &cond)?;
        }
    }
}

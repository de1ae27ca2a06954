//! What SQLite itself takes for a workload: the same records by plain SQL, in this process, on one
//! thread, with neither HTTP, rights nor JSON.

use std::{path::Path, time::Instant};

use rusqlite::{Connection, OpenFlags, Row, Statement};

use crate::{
    Result,
    plan::{BATCH, Plan, Workload},
    server::{notes, papers},
};

/// The newest 20, as a list has them.
const PAGE: &str =
    "SELECT * FROM pages WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 20";
/// The diaries that they are in.
const DIARIES: &str = "SELECT * FROM diaries WHERE deleted_at IS NULL
    AND id IN (SELECT value FROM json_each(?))";
/// Whose those are.
const AUTHORS: &str = "SELECT * FROM users WHERE deleted_at IS NULL
    AND id IN (SELECT value FROM json_each(?))";

/// The papers that are searched for, best first.
const SEARCH: &str = "SELECT papers.* FROM _search_papers_(?) AS found
    JOIN papers ON papers._row = found.rowid WHERE deleted_at IS NULL
    ORDER BY found.rank, created_at DESC, id DESC LIMIT 20";

/// A page behind nine tenths of the notes.
const DEEP: &str = "SELECT * FROM notes WHERE deleted_at IS NULL
    AND (created_at, id) < (SELECT created_at, id FROM notes WHERE _row = CAST(? AS INTEGER))
    ORDER BY created_at DESC, id DESC LIMIT 20";

/// The note that such a page stands behind.
const BEHIND: &str = "SELECT _row FROM notes WHERE deleted_at IS NULL
    ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?";

/// The newest 20 that fit.
const FILTERED: &str = "SELECT * FROM notes WHERE deleted_at IS NULL
    AND status = 'draft' AND score >= 500 ORDER BY created_at DESC, id DESC LIMIT 20";

/// What a workload takes as plain SQL.
pub struct Plain {
    pub workload: Workload,
    /// For one answer, in microseconds of one thread, which never waits.
    pub micros: f64,
}

impl Plain {
    /// Measures the expansion of two levels over the file of a data directory that no server has
    /// open.
    pub fn expanded(plan: &Plan, data_dir: &Path) -> Result<Self> {
        let file = open(data_dir)?;
        let [mut page, mut diaries, mut authors] = [
            file.prepare(PAGE)?,
            file.prepare(DIARIES)?,
            file.prepare(AUTHORS)?,
        ];
        let answer = |_| -> Result<()> {
            let ids = read(&mut page, None, "diary_id")?;
            let ids = read(&mut diaries, Some(ids), "author_id")?;
            read(&mut authors, Some(ids), "id")?;
            Ok(())
        };
        Self::measure(plan, Workload::ListExpanded, answer)
    }

    /// Measures the search in texts over such a file.
    pub fn search(plan: &Plan, data_dir: &Path) -> Result<Self> {
        let file = open(data_dir)?;
        let mut find = file.prepare(SEARCH)?;
        let answer = |number| -> Result<()> {
            read(&mut find, Some(papers::words(number)), "id")?;
            Ok(())
        };
        Self::measure(plan, Workload::Search, answer)
    }

    /// Measures a page deep down.
    pub fn deep(plan: &Plan, data_dir: &Path) -> Result<Self> {
        let file = open(data_dir)?;
        let behind: i64 = file.query_row(BEHIND, [i64::try_from(plan.rows / 10 * 9)?], |row| {
            row.get(0)
        })?;
        let mut page = file.prepare(DEEP)?;
        let answer = |_| read(&mut page, Some(behind.to_string()), "id").map(drop);
        Self::measure(plan, Workload::ListDeep, answer)
    }

    /// Measures a page of a list with a filter.
    pub fn filtered(plan: &Plan, data_dir: &Path) -> Result<Self> {
        let file = open(data_dir)?;
        let mut page = file.prepare(FILTERED)?;
        let answer = |_| read(&mut page, None, "id").map(drop);
        Self::measure(plan, Workload::ListFiltered, answer)
    }

    /// Measures 100 notes in one transaction, on the disk, without events.
    pub fn batch(plan: &Plan, data_dir: &Path) -> Result<Self> {
        let mut file = Connection::open(data_dir.join("stead.db"))?;
        file.execute_batch("PRAGMA synchronous=FULL")?;
        let mut next = plan.rows;
        let answer = |_| -> Result<()> {
            let transaction = file.transaction()?;
            for _ in 0..BATCH {
                notes::insert(&transaction, next)?;
                next += 1;
            }
            Ok(transaction.commit()?)
        };
        Self::measure(plan, Workload::Batch, answer)
    }

    fn measure(
        plan: &Plan,
        workload: Workload,
        mut answer: impl FnMut(u64) -> Result<()>,
    ) -> Result<Self> {
        let warm = Instant::now();
        while warm.elapsed() < plan.span / 5 {
            answer(0)?;
        }
        let (began, mut answers) = (Instant::now(), 0_u32);
        while began.elapsed() < plan.span {
            answer(answers.into())?;
            answers += 1;
        }
        Ok(Self {
            workload,
            micros: began.elapsed().as_secs_f64() * 1e6 / f64::from(answers),
        })
    }
}

fn open(data_dir: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Ok(Connection::open_with_flags(
        data_dir.join("stead.db"),
        flags,
    )?)
}

/// Reads every value of every row, and returns those of a column as a JSON array, each once.
fn read(statement: &mut Statement<'_>, ids: Option<String>, column: &str) -> Result<String> {
    let (column, count) = (statement.column_index(column)?, statement.column_count());
    let mut rows = statement.query(rusqlite::params_from_iter(ids))?;
    let mut found: Vec<String> = Vec::new();
    while let Some(row) = rows.next()? {
        look_at(row, count)?;
        let id = row.get(column)?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(serde_json::to_string(&found)?)
}

fn look_at(row: &Row<'_>, columns: usize) -> Result<()> {
    for column in 0..columns {
        std::hint::black_box(row.get_ref(column)?);
    }
    Ok(())
}

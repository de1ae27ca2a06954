//! The versions of a record in the database, and the rules that are asked of them.
//!
//! A version is a row of its own, `_was`, whose columns are taken from the image that was kept; the
//! record as it is stands beside it under the name of its table.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{Connection, params_from_iter};

use super::{
    lists::{Purpose, leave_out_deleted},
    version::Shown,
};
use crate::{
    access::RowFilter,
    base::{Error, Instant, Result},
    db::{Sql, Value},
    events::called_as_today,
    rules::{Names, Verdict},
    schema::{Collection, Comparable, Field},
};

const WAS: &str = "_was";

pub(super) const DEFINITIONS: &str = "SELECT DISTINCT h.revision, r.definition, h.image -> '$._names' \
    FROM _history h JOIN _revisions r ON r.revision = h.revision \
    WHERE h.collection = ? AND h.record_id = ?";

/// A record whose versions are asked for. It owns all it needs, because it is read on another
/// thread.
pub struct Was {
    /// The collection as it is.
    pub collection: Arc<Collection>,
    /// What the caller may see.
    pub rows: RowFilter,
    /// The record's id.
    pub id: String,
    /// What `now()` means to the rules.
    pub now: Value,
}

/// Which versions are read.
pub enum Which {
    /// Every one.
    All,
    /// The one that was there at an instant.
    At(Instant),
    /// The one of this number.
    Version(i64),
}

/// Whether a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Always,
    Never,
    /// Where the column at this place is 1.
    If(usize),
}

/// How many columns stand before those that say which fields are shown.
const FIXED: usize = 7;

impl Was {
    /// Refuses what is not there, or not in sight, as it is.
    pub fn check_record(&self, conn: &Connection) -> Result<()> {
        let mut sql = Sql::new("SELECT 1");
        self.push_record(&mut sql);
        let mut query = conn.prepare_cached(sql.text())?;
        match query.exists(params_from_iter(sql.args()))? {
            true => Ok(()),
            false => Err(Error::not_found()),
        }
    }

    /// True if the record has been what it is since an instant.
    pub fn is_unchanged_since(&self, conn: &Connection, at: Instant) -> Result<bool> {
        let mut sql = Sql::new("SELECT 1 FROM ");
        sql.ident(&self.collection.name)
            .push(" WHERE id = ")
            .bind(self.id.as_str())
            .push(" AND updated_at <= ")
            .bind(Value::from(at));
        let mut query = conn.prepare_cached(sql.text())?;
        Ok(query.exists(params_from_iter(sql.args()))?)
    }

    /// How many versions may be seen.
    pub fn count(&self, conn: &Connection) -> Result<u64> {
        let sql = self.counting(&self.definitions(conn)?);
        let mut query = conn.prepare_cached(sql.text())?;
        let count: i64 = query.query_row(params_from_iter(sql.args()), |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    pub(super) fn counting(&self, definitions: &HashMap<i64, Collection>) -> Sql {
        let mut sql = Sql::new("SELECT count(*)");
        self.push_source(&mut sql, &Which::All, definitions);
        sql
    }

    /// Versions that may be seen, the newest first.
    pub fn read(
        &self,
        conn: &Connection,
        which: &Which,
        size: u64,
        skip: u64,
    ) -> Result<Vec<Shown>> {
        let definitions = self.definitions(conn)?;
        let (sql, sights) = self.reading(which, (size, skip), &definitions);
        let mut query = conn.prepare_cached(sql.text())?;
        let mut rows = query.query(params_from_iter(sql.args()))?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            let then = definitions.get(&row.get(4)?);
            let then = then.ok_or_else(|| Error::database("a version without its definition"))?;
            let mut shown = Shown::of(row, &self.collection, then)?;
            for (value, sight) in shown.values.iter_mut().zip(&sights) {
                value.is_shown = match sight {
                    Sight::Always => true,
                    Sight::Never => false,
                    Sight::If(place) => row.get::<_, Option<i64>>(*place)? == Some(1),
                };
            }
            versions.push(shown);
        }
        let purpose = match which {
            Which::Version(_) => Purpose::Restore,
            Which::All | Which::At(_) => Purpose::Show,
        };
        leave_out_deleted(conn, &self.collection, &mut versions, purpose)?;
        Ok(versions)
    }

    /// The statement of [`Self::read`], and what of its rows says which fields are shown.
    pub(super) fn reading(
        &self,
        which: &Which,
        (size, skip): (u64, u64),
        definitions: &HashMap<i64, Collection>,
    ) -> (Sql, Vec<Sight>) {
        let mut sql = Sql::new(
            "SELECT _was._version, _was._at, _was._actor, _was._request_id, _was._revision, \
             _was._deleted_at, _was._image",
        );
        let sights = self.push_sights(&mut sql);
        self.push_source(&mut sql, which, definitions);
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        sql.push(" ORDER BY _was._version DESC LIMIT ")
            .bind(number(size))
            .push(" OFFSET ")
            .bind(number(skip));
        (sql, sights)
    }

    /// The definitions by which the versions of the record were kept, with the columns called as
    /// they are today.
    fn definitions(&self, conn: &Connection) -> Result<HashMap<i64, Collection>> {
        let mut query = conn.prepare_cached(DEFINITIONS)?;
        let mut rows = query.query([&self.collection.name, &self.id])?;
        let mut definitions = HashMap::new();
        while let Some(row) = rows.next()? {
            let (revision, text): (i64, String) = (row.get(0)?, row.get(1)?);
            let mut then = Collection::from_stored(&text, revision)?;
            if let Some(names) = row.get::<_, Option<String>>(2)? {
                let names = serde_json::from_str(&names).map_err(Error::database)?;
                called_as_today(&mut then, &names);
            }
            definitions.insert(revision, then);
        }
        Ok(definitions)
    }

    /// Adds what says of each field whether it may be read, of the record as it is and as it was.
    fn push_sights(&self, sql: &mut Sql) -> Vec<Sight> {
        let mut place = FIXED;
        let sight = |field: &Field| {
            let judge = |name: &str| {
                let names = Names::table(name);
                self.rows.reading(&field.column, &names, &self.now)
            };
            match (judge(&self.collection.name), judge(WAS)) {
                (Verdict::Always, Verdict::Always) => Sight::Always,
                (Verdict::Never, _) | (_, Verdict::Never) => Sight::Never,
                (is, was) => {
                    sql.push(", ((").append(is.into_sql()).push(") AND (");
                    sql.append(was.into_sql()).push("))");
                    place += 1;
                    Sight::If(place - 1)
                }
            }
        };
        self.collection.columns().map(sight).collect()
    }

    /// ` FROM ... WHERE ...` of the versions that may be seen.
    fn push_source(&self, sql: &mut Sql, which: &Which, definitions: &HashMap<i64, Collection>) {
        let mut versions = self.versions(which);
        let incomparable = self.incomparable(definitions);
        sql.push(" FROM (").append(std::mem::take(&mut versions));
        sql.push(") AS ").ident(WAS).push(" CROSS JOIN ");
        sql.ident(&self.collection.name);
        self.push_where(sql);
        let then = self.rows.rows(&Names::table(WAS), &self.now);
        sql.push(" AND (").append(then.into_sql()).push(")");
        if !incomparable.is_empty() {
            sql.push(" AND _was._revision NOT IN (SELECT value FROM json_each(")
                .bind(serde_json::Value::from(incomparable).to_string())
                .push("))");
        }
    }

    /// The versions as a table of the columns that rules ask about.
    fn versions(&self, which: &Which) -> Sql {
        let mut sql = Sql::new(
            "SELECT version AS _version, at AS _at, actor AS _actor, request_id AS _request_id, \
             revision AS _revision, deleted_at AS _deleted_at, image AS _image",
        );
        for field in self.asked() {
            let column = field.column.as_str();
            match field.compared_as() {
                Comparable::Json => {
                    sql.push(", nullif(image -> ")
                        .bind(column)
                        .push(", 'null')");
                }
                _ => {
                    sql.push(", image ->> ").bind(column);
                }
            }
            sql.push(" AS ").ident(column);
        }
        sql.push(" FROM _history WHERE collection = ")
            .bind(self.collection.name.as_str())
            .push(" AND record_id = ")
            .bind(self.id.as_str());
        match which {
            Which::All => {}
            Which::At(at) => {
                sql.push(" AND at <= ")
                    .bind(Value::from(*at))
                    .push(" ORDER BY version DESC LIMIT 1");
            }
            Which::Version(version) => {
                sql.push(" AND version = ").bind(*version);
            }
        }
        sql
    }

    /// The id, and the columns that rules ask about.
    fn asked(&self) -> impl Iterator<Item = &Field> {
        let needs = self.rows.needs();
        let columns = self.collection.columns();
        columns
            .filter(|field| field.expression.is_none())
            .filter(move |field| field.column == "id" || needs.columns.contains(&field.column))
    }

    /// Revisions in which a column that rules ask about was of another type, so that they cannot
    /// be asked: what was kept by these is not shown.
    fn incomparable(&self, definitions: &HashMap<i64, Collection>) -> Vec<i64> {
        // Who may bypass the rules is asked none.
        if self.rows.sees_all(&self.collection, &Names::table(WAS)) {
            return Vec::new();
        }
        let differs = |then: &Collection| {
            self.asked().any(|field| {
                let other = then.column(&field.column);
                other.is_some_and(|other| other.compared_as() != field.compared_as())
            })
        };
        let revisions = definitions.iter();
        revisions
            .filter(|(_, then)| differs(then))
            .map(|(revision, _)| *revision)
            .collect()
    }

    fn push_record(&self, sql: &mut Sql) {
        sql.push(" FROM ").ident(&self.collection.name);
        self.push_where(sql);
    }

    /// ` WHERE ...` the record as it is, where it may be seen.
    fn push_where(&self, sql: &mut Sql) {
        let name = self.collection.name.as_str();
        sql.push(" WHERE ").ident(name).push(".id = ");
        sql.bind(self.id.as_str());
        if self.collection.is_soft() {
            sql.push(" AND ").ident(name).push(".deleted_at IS NULL");
        }
        let verdict = self.rows.rows(&Names::table(name), &self.now);
        sql.push(" AND (").append(verdict.into_sql()).push(")");
    }
}

//! Which records go, or come back, together: found by walking along relations in one snapshot.
//!
//! What was read may be overtaken before it is written, so a [`Family`] also knows by which
//! relations its members were found; the batch expects that these still hold.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use rusqlite::{Connection, params_from_iter};

use crate::{
    base::{Code, Error, Result},
    db::{Expect, Sql, Statement},
    events::Changes,
    schema::{Collection, Field, OnDelete, Schema},
};

/// The most records that one change takes along. Each costs a row, an event and, for good, a
/// tombstone, and all of them stand in one batch while other writers wait.
pub const MOST: usize = 10_000;

/// Which records a walk takes along, of those that point at one it has found by `cascade`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Live ones that are deleted softly; all others wait for the purge.
    Live,
    /// Those that one soft deletion has taken along.
    Deletion(String),
    /// Every one, deleted or not, because the row that it points at goes.
    All,
}

/// By table and id, the places of the fields that point at what goes.
type Orphans = BTreeMap<(String, String), Vec<usize>>;

/// Records that go, or come back, together.
#[derive(Debug, Default)]
pub struct Family {
    members: Vec<Members>,
    links: Vec<Link>,
    orphans: BTreeMap<(String, Vec<usize>), Vec<String>>,
    size: usize,
}

/// Members of one collection, in the order in which they were found.
#[derive(Debug)]
pub struct Members {
    /// The collection.
    pub collection: Arc<Collection>,
    /// Their ids, each once.
    pub ids: Vec<String>,
    known: HashSet<String>,
}

impl AsRef<Collection> for Members {
    fn as_ref(&self) -> &Collection {
        &self.collection
    }
}

/// Members that were found by one field.
#[derive(Debug)]
struct Link {
    table: String,
    column: String,
    /// A member, and the member that it points at.
    pairs: Vec<[String; 2]>,
}

impl Family {
    /// Records without anybody who goes along.
    pub fn alone(collection: &Arc<Collection>, ids: Vec<String>) -> Self {
        let mut family = Self::default();
        for id in ids {
            family.add(collection, id);
        }
        family
    }

    /// Finds all that goes along with `roots`, which are there.
    ///
    /// # Errors
    /// `UNPROCESSABLE` for more than [`MOST`] records; those of the database.
    pub fn find(
        conn: &Connection,
        schema: &Schema,
        collection: &Arc<Collection>,
        roots: Vec<String>,
        walk: &Walk,
    ) -> Result<Self> {
        let mut family = Self::alone(collection, roots.clone());
        let mut found = BTreeMap::from([(collection.name.clone(), roots)]);
        while let Some((table, ids)) = found.pop_first() {
            for (other, field) in followed(schema, &table, walk) {
                let further = family.follow(conn, other, field, &ids, walk)?;
                if !further.is_empty() {
                    found.entry(other.name.clone()).or_default().extend(further);
                }
            }
        }
        if *walk == Walk::All {
            family.find_orphans(conn, schema)?;
        }
        Ok(family)
    }

    /// Adds the records of `other` that point at `ids` by `field`. Returns those that are new.
    fn follow(
        &mut self,
        conn: &Connection,
        other: &Arc<Collection>,
        field: &Field,
        ids: &[String],
        walk: &Walk,
    ) -> Result<Vec<String>> {
        let mut sql = pointing_at(other, field, ids);
        match walk {
            Walk::Live => drop(sql.push(" AND deleted_at IS NULL")),
            Walk::Deletion(deletion) => {
                sql.push(" AND _deletion = ").bind(deletion.as_str());
            }
            Walk::All => {}
        }
        let (mut new, mut pairs) = (Vec::new(), Vec::new());
        let mut query = conn.prepare_cached(sql.text())?;
        let mut rows = query.query(params_from_iter(sql.args()))?;
        while let Some(row) = rows.next()? {
            let (id, parent): (String, String) = (row.get(0)?, row.get(1)?);
            if self.add(other, id.clone()) {
                self.check_size()?;
                new.push(id.clone());
                pairs.push([id, parent]);
            }
        }
        if !pairs.is_empty() {
            self.links.push(Link {
                table: other.name.clone(),
                column: field.column.clone(),
                pairs,
            });
        }
        Ok(new)
    }

    /// Finds what stays, and points at nothing once the members are gone.
    fn find_orphans(&mut self, conn: &Connection, schema: &Schema) -> Result<()> {
        let mut orphans = Orphans::new();
        for members in &self.members {
            let references = schema.references_to(&members.collection.name);
            for (other, field) in references.filter(|(_, field)| sets_null(field)) {
                let query = pointing_at(other, field, &members.ids);
                self.add_orphans(conn, other, (field, &query), &mut orphans)?;
            }
        }
        self.size += orphans.len();
        for ((table, id), mut fields) in orphans {
            fields.sort_unstable();
            self.orphans.entry((table, fields)).or_default().push(id);
        }
        Ok(())
    }

    fn add_orphans(
        &self,
        conn: &Connection,
        other: &Collection,
        (field, query): (&Field, &Sql),
        orphans: &mut Orphans,
    ) -> Result<()> {
        let Some(place) = other.place(field) else {
            return Ok(());
        };
        let mut prepared = conn.prepare_cached(query.text())?;
        let mut rows = prepared.query(params_from_iter(query.args()))?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            if self.holds(&other.name, &id) {
                continue;
            }
            let fields = orphans.entry((other.name.clone(), id)).or_default();
            fields.push(place);
            check_size(self.size + orphans.len())?;
        }
        Ok(())
    }

    /// Leaves out records that are gone by the time the family goes.
    pub fn forget(&mut self, table: &str, ids: &HashSet<String>) {
        for members in &mut self.members {
            if members.collection.name == table {
                members.ids.retain(|id| !ids.contains(id));
                members.known.retain(|id| !ids.contains(id));
            }
        }
        for link in self.links.iter_mut().filter(|link| link.table == table) {
            link.pairs.retain(|[id, _]| !ids.contains(id));
        }
        for ((other, _), orphans) in &mut self.orphans {
            if other == table {
                orphans.retain(|id| !ids.contains(id));
            }
        }
        self.orphans.retain(|_, ids| !ids.is_empty());
    }

    /// The members, by collection.
    pub fn members(&self) -> &[Members] {
        &self.members
    }

    /// The members of a table.
    pub fn of(&self, table: &str) -> Option<&Members> {
        self.members
            .iter()
            .find(|members| members.collection.name == table)
    }

    /// What stays, but points at a member by fields that are set to null: the table, the places of
    /// these fields in its definition, the ids.
    pub fn orphans(&self) -> impl Iterator<Item = (&str, &[usize], &[String])> {
        self.orphans
            .iter()
            .map(|((table, fields), ids)| (table.as_str(), fields.as_slice(), ids.as_slice()))
    }

    /// Expects that each member still points at the one by which it was found, so that nothing is
    /// taken along that has been moved elsewhere since.
    pub fn still_hang_together(&self) -> impl Iterator<Item = Statement> {
        self.links.iter().map(|link| {
            let pairs = serde_json::Value::from_iter(link.pairs.iter().map(|pair| pair.to_vec()));
            let mut sql = Sql::new("WITH _list (_record, _parent) AS ");
            sql.push("(SELECT value ->> 0, value ->> 1 FROM json_each(")
                .bind(pairs.to_string())
                .push(")) SELECT 1 FROM _list WHERE NOT EXISTS (SELECT 1 FROM ")
                .ident(&link.table)
                .push(" WHERE id = _record AND ")
                .ident(&link.column)
                .push(" = _parent)");
            Statement::from(sql).expecting(Expect::Absent, Changes::MOVED)
        })
    }

    fn holds(&self, table: &str, id: &str) -> bool {
        self.of(table)
            .is_some_and(|members| members.known.contains(id))
    }

    /// False if it is a member already, as in a cycle or by two ways.
    fn add(&mut self, collection: &Arc<Collection>, id: String) -> bool {
        let place = self
            .members
            .iter()
            .position(|members| members.collection.name == collection.name);
        let place = place.unwrap_or_else(|| {
            self.members.push(Members {
                collection: Arc::clone(collection),
                ids: Vec::new(),
                known: HashSet::new(),
            });
            self.members.len() - 1
        });
        let Some(members) = self.members.get_mut(place) else {
            return false;
        };
        let is_new = members.known.insert(id.clone());
        if is_new {
            members.ids.push(id);
            self.size += 1;
        }
        is_new
    }

    fn check_size(&self) -> Result<()> {
        check_size(self.size)
    }
}

fn check_size(size: usize) -> Result<()> {
    if size <= MOST {
        return Ok(());
    }
    let message = format!(
        "More than {MOST} records hang together here, which one request does not change; \
         delete those that point at this one first"
    );
    Err(Error::new(Code::Unprocessable, message))
}

/// True if a walk from the collection of `table` could find anything, so that it has to be made.
pub fn may_take_along(schema: &Schema, table: &str, walk: &Walk) -> bool {
    let clears = |(_, field): (_, &Field)| sets_null(field);
    followed(schema, table, walk).next().is_some()
        || (*walk == Walk::All && schema.references_to(table).any(clears))
}

/// True for a relation that becomes null when what it points at goes.
pub fn sets_null(field: &Field) -> bool {
    field.on_delete() == Some(OnDelete::SetNull)
}

/// The relations that a walk follows from the records of `table`.
fn followed<'a>(
    schema: &'a Schema,
    table: &'a str,
    walk: &'a Walk,
) -> impl Iterator<Item = (&'a Arc<Collection>, &'a Field)> {
    schema.references_to(table).filter(move |(other, field)| {
        let goes = other.is_soft() || *walk == Walk::All;
        goes && field.on_delete() == Some(OnDelete::Cascade)
    })
}

/// Selects id and relation of the records of `other` that point at one of `ids` by `field`.
fn pointing_at(other: &Collection, field: &Field, ids: &[String]) -> Sql {
    let mut sql = Sql::new("SELECT id, ");
    sql.ident(&field.column)
        .push(" FROM ")
        .ident(&other.name)
        .push(" WHERE ");
    push_points(&mut sql, other, field, ids);
    sql
}

/// Adds the condition that a record of `other` points at one of `ids` by `field`.
pub fn push_points(sql: &mut Sql, other: &Collection, field: &Field, ids: &[String]) {
    match field.join_table(&other.name) {
        None => drop(sql.ident(&field.column).within(ids)),
        Some(join) => {
            sql.push("id IN (SELECT owner_id FROM ").ident(&join);
            sql.push(" WHERE target_id").within(ids).push(")");
        }
    }
}

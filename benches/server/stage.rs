//! A filled data directory and the servers that run on copies of it.

use std::cell::Cell;

use tempfile::TempDir;

use super::{
    Server,
    caller::{ADMIN, Caller, refresh_request, sign_in_request},
    data_dir, entries, notes, papers,
    starts::Starts,
};
use crate::{
    Result,
    plain::Plain,
    plan::{Plan, Workload},
    report::Row,
};

/// More records than this are written into the file: through the API they would take minutes.
const THROUGH_API: u64 = 50_000;

/// Records of the collections with rules, at most.
const UNDER_RULES: u64 = 10_000;

/// The newest 20, as a client asks for them who goes through all.
const BY_CURSOR: &str = "/api/v1/notes?cursor=";

/// The list of the newest 20, as a client asks for it first.
const LIST: &str = "/api/v1/notes?page=1";

/// The same of those that fit an expression: a third or so.
const FILTERED: &str =
    "/api/v1/notes?page=1&filter=status%20%3D%3D%20%22draft%22%20%26%26%20score%20%3E%3D%20500";

/// What every workload starts from.
pub struct Stage {
    /// Filled, and never opened again: each server gets a copy.
    origin: TempDir,
    usual: Actor,
    sizes: Sizes,
}

/// Bytes of the bodies that the yardstick has to equal.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub record: usize,
    pub list: usize,
}

impl Default for Sizes {
    /// What they were when this was written, for a run of the yardstick alone.
    fn default() -> Self {
        Self {
            record: 620,
            list: 10_500,
        }
    }
}

/// A server with the admin signed in to it.
struct Actor {
    server: Server,
    caller: Caller,
    ids: Vec<String>,
    bob: Caller,
    entries: Vec<String>,
    _data_dir: TempDir,
}

impl Stage {
    /// Makes the data directory and starts the server that most workloads use.
    pub fn set(plan: &Plan) -> Result<Self> {
        eprintln!("filling {} records ...", plan.rows);
        let origin = filled(plan.rows)?;
        let mut usual = Actor::enter(&origin, plan.rows, &[])?;
        let sizes = usual.sizes()?;
        Ok(Self {
            origin,
            usual,
            sizes,
        })
    }

    /// Of this server's answers.
    pub fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// Runs one workload that is not a yardstick.
    pub fn measure(&mut self, plan: &Plan, workload: Workload) -> Result<Row> {
        match workload {
            Workload::CreateAlone => {
                let alone = [("STEAD_STORAGE__GROUP_BATCHES", "1")];
                Actor::enter(&self.origin, plan.rows, &alone)?.measure(plan, workload)
            }
            Workload::ReadUncached => {
                let uncached = [("STEAD_STORAGE__CACHE_BYTES", "0")];
                Actor::enter(&self.origin, plan.rows, &uncached)?.measure(plan, workload)
            }
            _ => self.usual.measure(plan, workload),
        }
    }

    /// What SQLite itself takes for a workload, where it is measured beside it.
    pub fn measure_plain(&self, plan: &Plan, workload: Workload) -> Result<Option<Plain>> {
        let measure = match workload {
            Workload::ListDeep => Plain::deep,
            Workload::ListFiltered => Plain::filtered,
            Workload::ListExpanded => Plain::expanded,
            Workload::Batch => Plain::batch,
            Workload::Search => Plain::search,
            _ => return Ok(None),
        };
        measure(plan, data_dir::copy_of(self.origin.path())?.path()).map(Some)
    }

    /// Measures starts, memory and size, on servers of their own.
    pub fn measure_starts(&self, plan: &Plan) -> Result<Starts> {
        Starts::measure(&data_dir::copy_of(self.origin.path())?, plan)
    }
}

impl Actor {
    fn enter(origin: &TempDir, rows: u64, settings: super::Settings<'_>) -> Result<Self> {
        let data_dir = data_dir::copy_of(origin.path())?;
        let server = Server::start(data_dir.path(), settings)?;
        let mut caller = Caller::sign_in(server.address)?;
        let ids = notes::ids(&mut caller, rows)?;
        let mut bob = Caller::sign_in_as(server.address, &entries::BOB)?;
        let entries = entries::ids(&mut bob)?;
        Ok(Self {
            server,
            caller,
            ids,
            bob,
            entries,
            _data_dir: data_dir,
        })
    }

    fn sizes(&mut self) -> Result<Sizes> {
        let one = format!("{}/{}", notes::PATH, self.id(0));
        Ok(Sizes {
            record: self.caller.ask("GET", &one, b"")?.len(),
            list: self.caller.ask("GET", LIST, b"")?.len(),
        })
    }

    fn measure(&mut self, plan: &Plan, workload: Workload) -> Result<Row> {
        let requests = self.prepared(plan, workload)?;
        let caller = &self.caller;
        match workload {
            Workload::ReadOne
            | Workload::ReadUncached
            | Workload::ReadUnchanged
            | Workload::ReadOwned => self.run(plan, workload, |number, buffer| {
                buffer.extend_from_slice(&requests[scattered(number, requests.len())]);
            }),
            Workload::Refresh => self.run(plan, workload, |number, buffer| {
                buffer.extend_from_slice(&requests[number as usize]);
            }),
            Workload::ListByCursor
            | Workload::ListDeep
            | Workload::ListByPage
            | Workload::ListFiltered
            | Workload::ListOwnedByCursor
            | Workload::ListOwned
            | Workload::ListRelated
            | Workload::ListExpanded => self.repeat(plan, workload, &requests[0]),
            Workload::Search => self.run(plan, workload, |number, buffer| {
                caller.write(buffer, "GET", &papers::search(number), b"");
            }),
            Workload::CreateOwned => self.run(plan, workload, |number, buffer| {
                let body = notes::related(number, "author", &self.bob.user_id);
                self.bob
                    .write(buffer, "POST", entries::LETTERS, body.as_bytes());
            }),
            Workload::CreateOwnedRelated => self.run(plan, workload, |number, buffer| {
                let body = notes::related(number, "authorId", &self.bob.user_id);
                self.bob
                    .write(buffer, "POST", entries::OWNED, body.as_bytes());
            }),
            Workload::Login => self.repeat(plan, workload, &sign_in_request(&ADMIN)),
            Workload::Update => self.run(plan, workload, |number, buffer| {
                let path = format!("{}/{}", notes::PATH, self.id(number));
                let body = format!(r#"{{"score":{number}}}"#);
                caller.write(buffer, "PATCH", &path, body.as_bytes());
            }),
            Workload::SoftDelete => self.delete(plan),
            Workload::Create | Workload::CreateAlone => {
                self.run(plan, workload, |number, buffer| {
                    let body = notes::body(number);
                    caller.write(buffer, "POST", notes::PATH, body.as_bytes());
                })
            }
            Workload::Batch => self.run(plan, workload, |number, buffer| {
                let body = notes::batch(number);
                caller.write(buffer, "POST", "/api/batch", body.as_bytes());
            }),
            Workload::CreateIndexed => self.run(plan, workload, |number, buffer| {
                let body = notes::related(number, "authorId", &caller.user_id);
                caller.write(buffer, "POST", notes::ARTICLES, body.as_bytes());
            }),
            Workload::YardstickSmall | Workload::YardstickList => {
                Err("the yardstick is no workload of the server".into())
            }
        }
    }

    /// The requests of a workload that are made before it runs.
    fn prepared(&mut self, plan: &Plan, workload: Workload) -> Result<Vec<Vec<u8>>> {
        let paths = self.ids.iter().map(|id| format!("{}/{id}", notes::PATH));
        let paths: Vec<String> = paths.collect();
        let caller = &mut self.caller;
        caller.reconnect(self.server.address)?;
        match workload {
            Workload::ReadOne | Workload::ReadUncached => Ok(paths
                .iter()
                .map(|path| caller.request("GET", path, b""))
                .collect()),
            Workload::ReadUnchanged => {
                let unchanged = paths.iter().map(|path| {
                    let tag = caller.tag_of(path)?;
                    let mut request = caller.request("GET", path, b"");
                    request.truncate(request.len() - b"\r\n".len());
                    request.extend_from_slice(format!("If-None-Match: {tag}\r\n\r\n").as_bytes());
                    Ok(request)
                });
                unchanged.collect()
            }
            Workload::ReadOwned => {
                let bob = &self.bob;
                let paths = self
                    .entries
                    .iter()
                    .map(|id| format!("{}/{id}", entries::OWNED));
                Ok(paths.map(|path| bob.request("GET", &path, b"")).collect())
            }
            Workload::ListByCursor => Ok(vec![caller.request("GET", BY_CURSOR, b"")]),
            Workload::ListDeep => {
                let list = notes::page_behind(caller, plan.rows / 10 * 9)?;
                Ok(vec![caller.request("GET", &list, b"")])
            }
            Workload::ListByPage => Ok(vec![caller.request("GET", LIST, b"")]),
            Workload::ListFiltered => Ok(vec![caller.request("GET", FILTERED, b"")]),
            Workload::ListOwnedByCursor => {
                let list = format!("{}?cursor=", entries::OWNED);
                Ok(vec![self.bob.request("GET", &list, b"")])
            }
            Workload::ListOwned => {
                let list = format!("{}?page=1", entries::OWNED);
                Ok(vec![self.bob.request("GET", &list, b"")])
            }
            Workload::ListRelated => {
                let list = format!("{}?page=1", entries::RELATED);
                Ok(vec![self.bob.request("GET", &list, b"")])
            }
            Workload::ListExpanded => {
                let list = format!("{}?cursor=&expand=diary.author", entries::RELATED);
                Ok(vec![caller.request("GET", &list, b"")])
            }
            Workload::Refresh => {
                let sessions = (0..plan.refreshes).map(|_| caller.new_session());
                sessions.map(|token| Ok(refresh_request(&token?))).collect()
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Each record is deleted once, so they are numbered through the warm-up.
    fn delete(&self, plan: &Plan) -> Result<Row> {
        let count = plan.first_deletions() + plan.deletions;
        notes::fill_spare(&self.server, &self.caller, count)?;
        let next = Cell::new(0);
        self.run(plan, Workload::SoftDelete, |_, buffer| {
            let path = format!("{}/{}", notes::PATH, notes::spare_id(next.get()));
            next.set(next.get() + 1);
            self.caller.write(buffer, "DELETE", &path, b"");
        })
    }

    fn repeat(&self, plan: &Plan, workload: Workload, request: &[u8]) -> Result<Row> {
        self.run(plan, workload, |_, buffer| {
            buffer.extend_from_slice(request);
        })
    }

    fn run(
        &self,
        plan: &Plan,
        workload: Workload,
        write: impl Fn(u64, &mut Vec<u8>),
    ) -> Result<Row> {
        let server = &self.server;
        Row::measure(plan, workload, server.pid(), server.address, write)
    }

    fn id(&self, number: u64) -> &str {
        &self.ids[scattered(number, self.ids.len())]
    }
}

/// Goes through all of `count` in an order that jumps about, the same in every run.
fn scattered(number: u64, count: usize) -> usize {
    // A prime that divides no count that occurs, so that each is met as often as any other.
    (number as usize).wrapping_mul(7_919) % count
}

fn filled(rows: u64) -> Result<TempDir> {
    let origin = data_dir::with_admin()?;
    let server = Server::start(origin.path(), &[])?;
    let mut caller = Caller::sign_in(server.address)?;
    notes::define(&mut caller)?;
    papers::define(&mut caller)?;
    if rows <= THROUGH_API {
        notes::fill_through(&server, &caller, rows)?;
    }
    entries::fill(&server, &mut caller, rows.min(UNDER_RULES))?;
    server.stop()?;
    papers::fill_file(origin.path(), rows)?;
    if rows > THROUGH_API {
        notes::fill_file(origin.path(), rows)?;
    }
    Ok(origin)
}

//! What to run, how long and over how many records.

use std::time::Duration;

use crate::{Result, driver::Until};

/// Connections of every workload but the sign-ins.
pub const CONNECTIONS: usize = 32;

/// Connections of the sign-ins: each costs about 20 ms of CPU, and more would only queue.
pub const SIGN_IN_CONNECTIONS: usize = 8;

/// Records of one batch.
pub const BATCH: u32 = 100;

/// What a filter may call the starts, memory and size.
pub const STARTS: &str = "starts and sizes";

/// The number of records to run with, where it is not that of the form.
const ROWS: &str = "STEAD_BENCH_ROWS";

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// A bare handler that answers as many bytes as a record has.
    YardstickSmall,
    /// A bare handler that answers as many bytes as a list of 20 has.
    YardstickList,
    /// `GET` of one record by its id.
    ReadOne,
    /// The same on a server that keeps no records in memory.
    ReadUncached,
    /// The same with the tag of the answer before: 304.
    ReadUnchanged,
    /// `GET` of the first page of 20 by cursor, of which nothing is counted.
    ListByCursor,
    /// The same behind nine tenths of all records.
    ListDeep,
    /// `GET` of the first page of 20, with the exact total.
    ListByPage,
    /// The same of those that fit an expression.
    ListFiltered,
    /// `GET` of one record by its id, by a user whom a rule lets see it.
    ReadOwned,
    /// A page of 20 by cursor of the records that are the caller's own.
    ListOwnedByCursor,
    /// The same by page.
    ListOwned,
    /// The same where a relation says whose they are.
    ListRelated,
    /// `POST` of a record under a rule.
    CreateOwned,
    /// The same where a relation says whose it is.
    CreateOwnedRelated,
    /// `POST` of a record, on the disk with its event before it is answered.
    Create,
    /// The same with a relation and three indexes more.
    CreateIndexed,
    /// `POST` of a record with a commit for each request, on a server of its own.
    CreateAlone,
    /// `POST /api/batch` with 100 records to be made.
    Batch,
    /// `PATCH` of one field.
    Update,
    /// `DELETE` of a live record, which stays in the file.
    SoftDelete,
    /// `POST /api/auth/login`.
    Login,
    /// `POST /api/auth/refresh`, each session once.
    Refresh,
}

impl Workload {
    /// In the order of running. The yardstick comes before, between and after: the machine's own
    /// speed drifts, and the mean of the three stands nearer to each.
    const ORDER: [Self; 26] = [
        Self::YardstickSmall,
        Self::ReadOne,
        Self::ReadUncached,
        Self::ReadUnchanged,
        Self::YardstickList,
        Self::ListByCursor,
        Self::ListOwnedByCursor,
        Self::ListDeep,
        Self::ListByPage,
        Self::ListFiltered,
        Self::ReadOwned,
        Self::ListOwned,
        Self::ListRelated,
        Self::Create,
        Self::CreateOwned,
        Self::CreateOwnedRelated,
        Self::YardstickSmall,
        Self::CreateIndexed,
        Self::Batch,
        Self::Update,
        Self::SoftDelete,
        Self::Login,
        Self::Refresh,
        Self::CreateAlone,
        Self::YardstickSmall,
        Self::YardstickList,
    ];

    /// As the table and the filter know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::YardstickSmall => "yardstick small",
            Self::YardstickList => "yardstick list",
            Self::ReadOne => "read one by key",
            Self::ReadUncached => "read one, not kept",
            Self::ReadUnchanged => "read one, unchanged",
            Self::ListByCursor => "list 20 by cursor",
            Self::ListDeep => "list 20 by cursor, deep down",
            Self::ListByPage => "list 20 by page",
            Self::ListFiltered => "list 20, with a filter",
            Self::ReadOwned => "read one, owner rule",
            Self::ListOwnedByCursor => "list 20 by cursor, owner rule",
            Self::ListOwned => "list 20, owner rule",
            Self::ListRelated => "list 20, rule by relation",
            Self::CreateOwned => "create, owner rule",
            Self::CreateOwnedRelated => "create, owner by relation",
            Self::Create => "create",
            Self::CreateIndexed => "create, 3 indexes more",
            Self::CreateAlone => "create, one commit each",
            Self::Batch => "batch of 100",
            Self::Update => "update",
            Self::SoftDelete => "soft delete",
            Self::Login => "login",
            Self::Refresh => "refresh",
        }
    }

    fn needs_server(self) -> bool {
        !matches!(self, Self::YardstickSmall | Self::YardstickList)
    }
}

/// What the command line and the environment asked for.
pub struct Plan {
    /// Records in the collection before the first workload.
    pub rows: u64,
    /// How long each workload is measured.
    pub span: Duration,
    /// How long each workload runs before it is measured.
    pub warm_up: Duration,
    /// Sign-ins measured.
    pub logins: u64,
    /// Sessions refreshed, once each.
    pub refreshes: u64,
    /// Sign-ins of the flood.
    pub flood: u64,
    /// Deletions measured: as many records are made before, which are counted nowhere.
    pub deletions: u64,
    /// Starts measured, of each kind.
    pub starts: usize,
    filter: Option<String>,
}

impl Plan {
    /// Reads `[--short] [FILTER]`; the `--bench` that cargo adds is taken and ignored.
    pub fn from_arguments(arguments: &[String]) -> Result<Self> {
        let mut plan = Self::usual();
        for argument in arguments {
            match argument.as_str() {
                "--bench" => {}
                "--short" => {
                    plan = Self {
                        filter: plan.filter,
                        ..Self::short()
                    }
                }
                flag if flag.starts_with('-') => {
                    return Err(format!(
                        "{flag} is unknown; there is --short, and a word of a workload's name"
                    )
                    .into());
                }
                word => plan.filter = Some(word.to_owned()),
            }
        }
        if let Some(rows) = rows_asked_for()? {
            plan.rows = rows;
        }
        match plan.wants_starts() || plan.workloads().next().is_some() {
            true => Ok(plan),
            false => Err(format!("no workload has that in its name: {}", names()).into()),
        }
    }

    fn usual() -> Self {
        Self {
            rows: 10_000,
            span: Duration::from_secs(5),
            warm_up: Duration::from_secs(1),
            logins: 40,
            refreshes: 200,
            flood: 200,
            deletions: 50_000,
            starts: 5,
            filter: None,
        }
    }

    fn short() -> Self {
        Self {
            rows: 1_000,
            span: Duration::from_secs(1),
            warm_up: Duration::from_millis(200),
            logins: 16,
            refreshes: 32,
            flood: 32,
            deletions: 5_000,
            starts: 3,
            filter: None,
        }
    }

    /// What the filter leaves of the workloads, in the order of running.
    pub fn workloads(&self) -> impl Iterator<Item = Workload> {
        Workload::ORDER
            .into_iter()
            .filter(|workload| self.wants(workload.name()))
    }

    /// Whether the starts, memory and size are to be measured.
    pub fn wants_starts(&self) -> bool {
        self.wants(STARTS)
    }

    /// Whether anything is to run that is not a yardstick.
    pub fn wants_server(&self) -> bool {
        self.wants_starts() || self.workloads().any(Workload::needs_server)
    }

    /// When a workload ends, and over how many connections it runs.
    pub fn extent(&self, workload: Workload) -> (Until, usize) {
        match workload {
            Workload::Login => (Until::Answers(self.logins), SIGN_IN_CONNECTIONS),
            Workload::Refresh => (Until::Answers(self.refreshes), CONNECTIONS),
            Workload::SoftDelete => (Until::Answers(self.deletions), CONNECTIONS),
            _ => (Until::Elapsed(self.span), CONNECTIONS),
        }
    }

    /// What runs before the measuring starts: hot caches and grown buffers are the usual state.
    pub fn warm_up(&self, workload: Workload) -> Until {
        match workload {
            Workload::Login => Until::Answers(SIGN_IN_CONNECTIONS as u64),
            // A token is good for one refresh.
            Workload::Refresh => Until::Answers(0),
            Workload::SoftDelete => Until::Answers(self.first_deletions()),
            _ => Until::Elapsed(self.warm_up),
        }
    }

    /// Deletions before the measured ones.
    pub fn first_deletions(&self) -> u64 {
        self.deletions / 5
    }

    fn wants(&self, name: &str) -> bool {
        self.filter
            .as_ref()
            .is_none_or(|word| name.contains(word.as_str()))
    }
}

/// All that a filter may ask for.
fn names() -> String {
    let mut names: Vec<_> = Workload::ORDER.into_iter().map(Workload::name).collect();
    names.push(STARTS);
    names.sort_unstable();
    names.dedup();
    names.join("; ")
}

fn rows_asked_for() -> Result<Option<u64>> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the bench's own setting, not one of the server's"
    )]
    let Ok(text) = std::env::var(ROWS) else {
        return Ok(None);
    };
    let rows = text.replace(['_', ','], "").parse();
    Ok(Some(
        rows.map_err(|_| format!("{ROWS}={text} is no number"))?,
    ))
}

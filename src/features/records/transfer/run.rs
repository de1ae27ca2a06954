//! An import from its first row to its last: checked as a whole where one bad row is enough to
//! refuse it, and then written in batches, between which others write.

use std::{fs::File, path::PathBuf, time::Duration};

use tracing::{error, warn};

use super::{
    errors::Errors,
    import::{Importing, Report, is_of_a_row},
};
use crate::{
    base::{Code, Error, Id, Result},
    engine::{
        Entry, ImportRun, Once, Row, Rows, SeenRow, TakenBack, Target, Unlike, Written, together,
    },
    features::records::{Records, service::refused},
    telemetry::blocking,
};

/// How often a batch is tried again that the writer has no room for, and how long after.
const TRIES: usize = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// Rows, each by its line, read by the definition.
type Entries<'a> = Vec<(u64, Entry<'a>)>;

impl Importing {
    fn target(&self) -> Target<'_> {
        let upsert = self.upsert.as_ref();
        Target {
            collection: &self.collection,
            create: &self.create,
            upsert: upsert.map(|(field, rows)| (field, rows)),
            origin: &self.origin,
        }
    }

    fn begin(&self) -> ImportRun {
        ImportRun {
            id: Id::generate().to_string(),
            collection: self.collection.name.clone(),
            actor: self.origin.actor.clone(),
            mode: if self.upsert.is_some() {
                "upsert"
            } else {
                "create"
            }
            .to_owned(),
            on_error: if self.skips { "skip" } else { "abort" }.to_owned(),
        }
    }

    async fn rows(&self, file: &File) -> Result<Rows> {
        let file = file.try_clone().map_err(Error::internal)?;
        let (collection, format, most) = (self.collection.clone(), self.format, self.most);
        blocking::run("reading a header line", move || {
            Rows::open(&collection, format, file, most)
        })
        .await
    }
}

impl Records {
    pub(super) async fn run(
        &self,
        importing: &Importing,
        file: File,
        once: Option<&Once>,
    ) -> Result<Report> {
        if !importing.skips {
            let errors = self.check(importing, &file).await?;
            if let Some(refusal) = errors.refusal("nothing was written") {
                return Err(refusal);
            }
        }
        let run = importing.begin();
        let _claim = self.running.claim(&run.id);
        self.engine.db().write(run.begin()).await?;
        let mut report = Report {
            id: run.id.clone(),
            written: Written::default(),
            errors: Errors::default(),
        };
        let written = self.write(importing, &run, &file, &mut report).await;
        let ended = match written {
            Ok(()) => self.end(importing, &run, &report, once).await,
            Err(error) => Err(error),
        };
        match ended {
            Ok(()) => Ok(report),
            Err(error) => Err(self.cut_off(importing, &run, &report, error).await),
        }
    }

    /// Looks at every row before any is written.
    async fn check(&self, importing: &Importing, file: &File) -> Result<Errors> {
        let (target, mut errors) = (importing.target(), Errors::default());
        let (path, collection) = (self.scratch(), importing.collection.clone());
        let unlike = move || Unlike::open(&path, collection);
        let mut unlike = blocking::run("making a file", unlike).await?;
        let mut rows = importing.rows(file).await?;
        loop {
            let (some, rest) = take(rows).await?;
            rows = rest;
            if some.is_empty() {
                return Ok(errors);
            }
            let entries = read(&target, some, &mut errors);
            let asked: Vec<&Entry<'_>> = entries.iter().map(|(_, entry)| entry).collect();
            let refusals = self.engine.check_entries(&target, &asked).await?;
            let seen = entries.iter().map(|(line, entry)| entry.seen(*line));
            let seen: Vec<SeenRow> = seen.collect();
            let compare = move || Ok((unlike.take(&seen)?, unlike));
            let (twice, rest) = blocking::run("comparing rows", compare).await?;
            unlike = rest;
            for (((line, _), refusal), issues) in entries.iter().zip(refusals).zip(twice) {
                match refusal {
                    Some(error) => errors.add(*line, &refused(target.create, error)),
                    None if issues.is_empty() => {}
                    None => errors.add_issues(*line, issues),
                }
            }
        }
    }

    /// A path in the data directory for a file that loses its name at once.
    fn scratch(&self) -> PathBuf {
        let dir = self.engine.db().dir().path();
        dir.join(format!(".import-{}", Id::generate()))
    }

    async fn write(
        &self,
        importing: &Importing,
        run: &ImportRun,
        file: &File,
        report: &mut Report,
    ) -> Result<()> {
        let target = importing.target();
        let mut rows = importing.rows(file).await?;
        let mut size = usize::MAX;
        loop {
            let (some, rest) = take(rows).await?;
            rows = rest;
            if some.is_empty() {
                return Ok(());
            }
            let entries = read(&target, some, &mut report.errors);
            let done = self.write_some(&target, run, &entries, &mut size, report);
            done.await?;
            let bad = report.errors.failed > 0 && !importing.skips;
            if let Some(refusal) = report.errors.refusal("").filter(|_| bad) {
                return Err(refusal);
            }
        }
    }

    /// Writes rows in as few batches as it can, each bad one left out. `size` is how many fit one
    /// batch, as far as is known.
    async fn write_some(
        &self,
        target: &Target<'_>,
        run: &ImportRun,
        entries: &Entries<'_>,
        size: &mut usize,
        report: &mut Report,
    ) -> Result<()> {
        let is_aborted = run.on_error == "abort";
        let all: Vec<&Entry<'_>> = entries.iter().map(|(_, entry)| entry).collect();
        let mut at = 0;
        while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
            let count = together(rest).min((*size).max(1));
            let some = rest.get(..count).unwrap_or_default();
            let fault = match self.try_write(target, some, run).await {
                Ok(written) => {
                    report.written.created += written.created;
                    report.written.updated += written.updated;
                    (at, *size) = (at + count, size.saturating_mul(2));
                    continue;
                }
                Err(fault) => fault,
            };
            let error = refused(target.create, fault.error);
            match fault.place {
                // Those before it are well, as far as is known.
                Some(place) if place > 0 && !is_aborted => *size = place,
                None if count > 1 && error.code() == Code::Unprocessable => *size = count / 2,
                place if is_of_a_row(&error) && (place.is_some() || count == 1) => {
                    let place = at + place.unwrap_or(0);
                    let line = entries.get(place).map_or(0, |(line, _)| *line);
                    report.errors.add(line, &error);
                    if is_aborted {
                        return Ok(());
                    }
                    (at, *size) = (place + 1, (count / 2).max(1));
                }
                _ => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes some rows, once the writer has room for them.
    async fn try_write(
        &self,
        target: &Target<'_>,
        entries: &[&Entry<'_>],
        run: &ImportRun,
    ) -> Result<Written, crate::engine::Fault> {
        for _ in 1..TRIES {
            match self.engine.write_entries(target, entries, run).await {
                Err(fault) if fault.error.code() == Code::ServiceUnavailable => {
                    tokio::time::sleep(PAUSE).await;
                }
                done => return done,
            }
        }
        self.engine.write_entries(target, entries, run).await
    }

    /// What is told of an import that did not get to its end, once as much is undone as can be.
    async fn cut_off(
        &self,
        importing: &Importing,
        run: &ImportRun,
        report: &Report,
        error: Error,
    ) -> Error {
        let Written { created, updated } = report.written;
        let stays = match (importing.skips, importing.upsert.is_some()) {
            (false, false) => match self.undo(run).await {
                Ok(TakenBack { kept: 0, .. }) => "nothing was written".to_owned(),
                Ok(TakenBack { kept, .. }) => {
                    format!("{kept} records stay that have been changed since, all others are gone")
                }
                Err(cause) => {
                    error!(%cause, import.id = %run.id, "An import could not be taken back yet");
                    "what was written is taken back within the hour".to_owned()
                }
            },
            _ => {
                if let Err(cause) = self.engine.db().write(run.end(Vec::new(), None)).await {
                    warn!(?cause, import.id = %run.id, "The end of an import is not written down");
                }
                format!(
                    "{created} records were made and {updated} replaced before, and stay; the \
                     import is {}",
                    run.id
                )
            }
        };
        if let Some(refusal) = report
            .errors
            .refusal(&stays)
            .filter(|_| is_of_a_row(&error))
        {
            return refusal;
        }
        // What the error says of a single write does not hold of the whole.
        let why = error.message().split("; ").next().unwrap_or_default();
        let words = format!("{why}; {stays}");
        let mut told = Error::new(error.code(), words).with_issues(error.issues().to_vec());
        if let Some(cause) = error.cause() {
            told = told.caused_by(cause.to_string());
        }
        match error.retry_after_seconds() {
            Some(seconds) => told.retry_after(seconds),
            None => told,
        }
    }
}

/// The next rows, read on a thread that may wait for the disk.
async fn take(mut rows: Rows) -> Result<(Vec<Row>, Rows)> {
    blocking::run("reading rows", move || Ok((rows.take()?, rows))).await
}

/// Reads rows by the definition. The faults of those that cannot be are noted.
fn read<'a>(target: &Target<'a>, rows: Vec<Row>, errors: &mut Errors) -> Entries<'a> {
    let mut entries = Vec::with_capacity(rows.len());
    for Row { line, json } in rows {
        match json.map(|json| target.read(&json)) {
            Err(issue) => errors.add_issues(line, [issue]),
            Ok(Err(error)) => errors.add(line, &error),
            Ok(Ok(entry)) => entries.push((line, entry)),
        }
    }
    entries
}

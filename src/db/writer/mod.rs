//! The one thread that writes: it takes what is queued, commits it as a group, and only then has
//! caches renewed and answers sent. No timer: a group forms while the commit before it syncs.

use std::{
    fs::File,
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI32, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};
use tracing::{error, warn};

use super::{
    batch::{Batch, Receipt, Touch, WriteError},
    deadline::Deadline,
    foreign::Foreign,
    generation::Generations,
    group::{Applier, GROUP_TIME, Outcomes},
    open,
};
use crate::{
    base::{Clock, Instant},
    config,
};

/// Pages in the WAL after which it is copied into the database, as SQLite itself would do.
const CHECKPOINT_PAGES: i32 = 1_000;

/// When to ask the writer again if there was no place in the queue for the question.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// How the writer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It writes.
    Running,
    /// A sync has failed: it writes no more, and the process has to start again.
    Failed,
}

/// What was committed, as the writer's watchers are told before anybody is answered.
pub struct Commit<'a> {
    /// The connection that wrote it.
    pub conn: &'a Connection,
    /// The instant of the commit.
    pub at: Instant,
    /// The batches that were applied, in their order.
    pub batches: &'a [&'a Batch],
}

impl Commit<'_> {
    /// True if a batch asks for `touch`.
    pub fn touches(&self, touch: &Touch) -> bool {
        self.batches
            .iter()
            .any(|batch| batch.touches().contains(touch))
    }
}

/// Renews what hangs on the file's content. Called on the writer's thread, so it must be quick.
pub trait Watch: Send {
    /// Told after each commit, before its batches are answered.
    fn committed(&mut self, commit: &Commit<'_>);

    /// Told after another program has written to the file; what, nobody knows.
    fn foreign(&mut self, _: &Connection) {}
}

enum Message {
    Write(Job),
    /// Is answered when its turn comes, after a look for writes of other programs.
    Ask(oneshot::Sender<()>),
    /// Ends the thread, behind all that was queued before.
    Stop,
}

struct Job {
    batch: Batch,
    size: usize,
    reply: oneshot::Sender<Result<Receipt, WriteError>>,
}

/// The way to the writer. Cheap to clone.
#[derive(Clone)]
pub struct Queue {
    messages: SyncSender<Message>,
    bytes: Arc<AtomicUsize>,
    most_bytes: usize,
    state: watch::Receiver<State>,
}

impl Queue {
    /// Has `batch` written; it is on the disk when this returns.
    ///
    /// # Errors
    /// Why it was not applied; after [`WriteError::Unknown`] it may have been.
    pub async fn write(&self, batch: Batch) -> Result<Receipt, WriteError> {
        if batch.is_too_large() {
            return Err(WriteError::TooLarge);
        }
        if *self.state.borrow() == State::Failed {
            return Err(WriteError::Stopped);
        }
        let size = batch.size();
        if self.bytes.fetch_add(size, Ordering::AcqRel) + size > self.most_bytes {
            self.bytes.fetch_sub(size, Ordering::AcqRel);
            return Err(WriteError::Overloaded);
        }
        let (reply, answer) = oneshot::channel();
        if let Err(refused) = self
            .messages
            .try_send(Message::Write(Job { batch, size, reply }))
        {
            self.bytes.fetch_sub(size, Ordering::AcqRel);
            return Err(match refused {
                TrySendError::Full(_) => WriteError::Overloaded,
                TrySendError::Disconnected(_) => WriteError::Stopped,
            });
        }
        // The writer answers every job that it takes; one that it never took was not applied.
        answer.await.unwrap_or(Err(WriteError::Stopped))
    }

    /// Has the writer look for writes of other programs now, as it does each second by itself, and
    /// waits for it. Returns false if it has ended; who wants no more than a bounded time of this
    /// bounds it.
    pub async fn look(&self) -> bool {
        let (mut ask, answer) = oneshot::channel();
        loop {
            ask = match self.messages.try_send(Message::Ask(ask)) {
                Ok(()) => return answer.await.is_ok(),
                Err(TrySendError::Full(Message::Ask(ask))) => ask,
                Err(_) => return false,
            };
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    /// Has the writer end, behind all that was queued before. Waits for a place in the queue.
    pub fn stop(&self) {
        // One that has ended already needs no telling.
        let _ = self.messages.send(Message::Stop);
    }

    /// How the writer is, and a way to learn of a change.
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }
}

/// The thread and what it owns.
pub struct Writer {
    conn: Connection,
    deadline: Deadline,
    clock: Arc<Clock>,
    watches: Vec<Box<dyn Watch>>,
    messages: Receiver<Message>,
    bytes: Arc<AtomicUsize>,
    most_jobs: usize,
    state: watch::Sender<State>,
    marker: PathBuf,
    wal: Wal,
    generations: Generations,
    foreign: Foreign,
    /// True if no batch of the last group was refused.
    hope: bool,
}

/// How long the WAL is, and how long it was when it was last copied.
struct Wal {
    pages: Arc<AtomicI32>,
    tried: i32,
}

impl Writer {
    /// Starts the thread. It ends, with a last checkpoint, by [`Queue::stop`].
    ///
    /// # Errors
    /// If SQLite refuses the hooks or the system the thread.
    pub fn start(
        mut conn: Connection,
        config: &config::Storage,
        clock: Arc<Clock>,
        watches: Vec<Box<dyn Watch>>,
        generations: Generations,
        marker: PathBuf,
    ) -> Result<(Queue, JoinHandle<()>), super::OpenError> {
        let (sender, messages) = sync_channel(config.queue_batches.get());
        let bytes = Arc::new(AtomicUsize::new(0));
        let (state, seen) = watch::channel(State::Running);
        let queue = Queue {
            messages: sender,
            bytes: Arc::clone(&bytes),
            most_bytes: config.queue_bytes,
            state: seen,
        };
        let deadline = Deadline::install(&mut conn)?;
        let wal = Wal::watch(&mut conn)?;
        let foreign = Foreign::watch(&conn)?;
        let most_jobs = config.group_batches.get();
        let writer = Self {
            conn,
            deadline,
            clock,
            watches,
            messages,
            bytes,
            most_jobs,
            state,
            marker,
            wal,
            generations,
            foreign,
            hope: true,
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| super::OpenError::Thread(error.to_string()))?;
        Ok((queue, thread))
    }

    fn run(mut self) {
        let mut stopping = false;
        while !stopping {
            let mut group = Vec::with_capacity(self.most_jobs.min(64));
            let mut asked = Vec::new();
            let mut next = match self.messages.recv_timeout(self.foreign.due_in()) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Message::Stop),
            };
            while let Some(message) = next {
                match message {
                    Message::Write(job) => group.push(job),
                    Message::Ask(reply) => asked.push(reply),
                    Message::Stop => stopping = true,
                }
                let is_full = stopping || group.len() >= self.most_jobs;
                next = if is_full {
                    None
                } else {
                    self.messages.try_recv().ok()
                };
            }
            self.write(group);
            self.checkpoint();
            self.look(asked);
        }
        if *self.state.borrow() == State::Running
            && let Err(error) = super::start::checkpoint(&self.conn)
        {
            warn!(%error, "The last checkpoint failed; the next start repeats it");
        }
    }

    /// Writes a group, in more than one commit if it takes long.
    fn write(&mut self, mut group: Vec<Job>) {
        while !group.is_empty() {
            if *self.state.borrow() == State::Failed {
                return self.refuse(group);
            }
            let outcomes = self.write_first(&group);
            let rest = group.split_off(outcomes.len().min(group.len()));
            for (job, outcome) in group.into_iter().zip(outcomes) {
                self.answer(job, outcome);
            }
            group = rest;
        }
    }

    /// Writes what one commit holds, at least the first job.
    fn write_first(&mut self, group: &[Job]) -> Outcomes {
        // What cannot share a transaction is a group of its own.
        let is_alone = |job: &Job| job.batch.is_alone();
        let count = match group.iter().position(is_alone) {
            Some(0) => 1,
            Some(first) => first,
            None => group.len(),
        };
        let batches: Vec<&Batch> = group.iter().take(count).map(|job| &job.batch).collect();
        // A panic that ended the thread would drop the jobs unanswered, which means "not applied";
        // they may be on the disk already.
        let applied = catch_unwind(AssertUnwindSafe(|| self.apply(&batches)));
        let outcomes = applied.unwrap_or_else(|_| {
            let unknown = || Err(WriteError::Unknown("the writer panicked".to_owned()));
            batches.iter().map(|_| unknown()).collect()
        });
        let unknown = outcomes.iter().find_map(|outcome| match outcome {
            Err(WriteError::Unknown(cause)) => Some(cause.clone()),
            _ => None,
        });
        if let Some(cause) = unknown {
            self.generations.raise_all();
            self.fail(&cause);
        }
        outcomes
    }

    /// Has everything read anew if another program has written. Looks when somebody waits for it,
    /// and each second.
    fn look(&mut self, waiting: Vec<oneshot::Sender<()>>) {
        if (!waiting.is_empty() || self.foreign.is_due()) && self.foreign.has_written(&self.conn) {
            for watch in &mut self.watches {
                watch.foreign(&self.conn);
            }
            self.generations.raise_all();
        }
        for reply in waiting {
            // Whoever hung up in the meantime does not hear it.
            let _ = reply.send(());
        }
    }

    fn apply(&mut self, batches: &[&Batch]) -> Outcomes {
        let redefines = |batch: &&Batch| batch.touches().contains(&Touch::Schema);
        if !batches.iter().any(redefines) {
            return self.commit(batches);
        }
        let generations = self.generations.clone();
        generations.redefining(|| self.commit(batches))
    }

    /// Commits the batches as a group, and tells the watchers of those that were applied.
    fn commit(&mut self, batches: &[&Batch]) -> Outcomes {
        let applier = Applier {
            conn: &self.conn,
            deadline: &self.deadline,
            at: self.clock.now(),
            group_time: GROUP_TIME,
        };
        let outcomes = applier.apply(batches, self.hope);
        // Where one batch was refused, the next is likely to be: a race for one value, say.
        self.hope = outcomes.iter().all(Result::is_ok);
        let applied: Vec<&Batch> = batches
            .iter()
            .zip(&outcomes)
            .filter_map(|(batch, outcome)| outcome.is_ok().then_some(*batch))
            .collect();
        if !applied.is_empty() {
            let commit = Commit {
                conn: &self.conn,
                at: applier.at,
                batches: &applied,
            };
            for watch in &mut self.watches {
                watch.committed(&commit);
            }
            for batch in applied {
                self.generations.raise_for(batch);
            }
        }
        outcomes
    }

    /// Copies the WAL into the database when it has grown. A failed sync shows here, too: the
    /// kernel may from then on hold pages as clean that are not on the disk.
    fn checkpoint(&mut self) {
        if *self.state.borrow() == State::Failed || !self.wal.has_grown() {
            return;
        }
        let outcome = self
            .conn
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        self.wal.tried = self.wal.pages.load(Ordering::Relaxed);
        if let Err(error) = outcome {
            match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::SystemIoFailure) => self.fail(&error.to_string()),
                _ => warn!(%error, "A checkpoint failed; the next one repeats it"),
            }
        }
    }

    fn fail(&self, cause: &str) {
        error!(
            cause,
            "A sync failed: nothing more is written until Stead has started again"
        );
        let marked = open::private_file()
            .truncate(true)
            .open(&self.marker)
            .and_then(|mut file: File| {
                file.write_all(cause.as_bytes())
                    .and_then(|()| file.sync_all())
            });
        if let Err(error) = marked {
            error!(%error, "The marker for the next start could not be written");
        }
        self.state.send_replace(State::Failed);
    }

    fn refuse(&self, group: Vec<Job>) {
        for job in group {
            self.answer(job, Err(WriteError::Stopped));
        }
    }

    fn answer(&self, job: Job, outcome: Result<Receipt, WriteError>) {
        self.bytes.fetch_sub(job.size, Ordering::AcqRel);
        // Whoever hung up in the meantime does not hear it.
        let _ = job.reply.send(outcome);
    }
}

impl Wal {
    fn watch(conn: &mut Connection) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { pages, tried: 0 })
    }

    /// True after so many more pages than at the last attempt; a reader may have stopped that one
    /// from reaching the end.
    fn has_grown(&mut self) -> bool {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.tried {
            self.tried = 0;
        }
        pages - self.tried >= CHECKPOINT_PAGES
    }
}

#[cfg(test)]
mod tests;

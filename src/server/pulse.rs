//! Whether the server still answers: every worker and the writer are asked, and each has to say so
//! itself.
//!
//! No request is made for it. One would come in by the front door, where a crowd may stand, and a
//! crowd is no reason to start again; and an address that is gone for the moment is none either.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use crate::db::Db;

/// A question; whoever gets it answers.
type Question = oneshot::Sender<()>;

/// The threads that serve requests. Cheap to clone.
#[derive(Clone, Default)]
pub struct Workers(Arc<Mutex<Vec<mpsc::UnboundedSender<Question>>>>);

impl Workers {
    /// Has the calling worker answer from now on, between its requests, for as long as it lives.
    pub fn join(&self) {
        let (asked, mut questions) = mpsc::unbounded_channel::<Question>();
        self.all().push(asked);
        actix_web::rt::spawn(async move {
            while let Some(question) = questions.recv().await {
                // Whoever asked may have given up waiting.
                let _ = question.send(());
            }
        });
    }

    /// Waits until all have answered, without a bound. Returns false if there are none.
    async fn answer(&self) -> bool {
        let mut answers = Vec::new();
        // One that has ended in a panic is replaced by actix, and the new one joins.
        self.all().retain(|worker| {
            let (question, answer) = oneshot::channel();
            let is_there = worker.send(question).is_ok();
            answers.extend(is_there.then_some(answer));
            is_there
        });
        let is_any = !answers.is_empty();
        for answer in answers {
            if answer.await.is_err() {
                return false;
            }
        }
        is_any
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<mpsc::UnboundedSender<Question>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All that has to answer. Cheap to clone.
#[derive(Clone)]
pub struct Pulse {
    workers: Workers,
    db: Db,
}

impl Pulse {
    /// Of these workers and the writer of this database.
    pub(super) fn new(workers: Workers, db: Db) -> Self {
        Self { workers, db }
    }

    /// Waits until every worker and the writer have answered. There is no bound: who asks sets one.
    /// Returns false if one of them has ended.
    pub async fn beats(&self) -> bool {
        let (workers, writer) = tokio::join!(self.workers.answer(), self.db.writer_answers());
        workers && writer
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc},
        time::Duration,
    };

    use tokio::time::timeout;

    use super::{Pulse, Workers};
    use crate::{
        app::App,
        base::Clock,
        config::Config,
        db::{Batch, Commit, Statement, Watch},
    };

    /// Long enough for whoever answers at all.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A thread that is a worker, and ends when the sender is dropped.
    fn worker(workers: &Workers) -> (mpsc::Sender<()>, std::thread::JoinHandle<()>) {
        let (hold, held) = mpsc::channel::<()>();
        let (joined, joining) = mpsc::channel();
        let workers = workers.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                workers.join();
                joined.send(()).unwrap();
                while held.try_recv() != Err(mpsc::TryRecvError::Disconnected) {
                    tokio::task::yield_now().await;
                }
            });
        });
        joining.recv().unwrap();
        (hold, thread)
    }

    #[actix_web::test]
    async fn workers_answer_while_there_is_one_and_all_of_them_turn() {
        let workers = Workers::default();
        assert!(!workers.answer().await, "there is nobody");
        let (first, thread) = worker(&workers);
        let (_second, _) = worker(&workers);
        assert!(timeout(PATIENCE, workers.answer()).await.unwrap());
        drop(first);
        thread.join().unwrap();
        assert!(timeout(PATIENCE, workers.answer()).await.unwrap());
        // This one is a worker now, too, and stands still while it asks.
        workers.join();
        let asked = workers.answer();
        let answered = futures_util::FutureExt::now_or_never(asked);
        assert_eq!(answered, None);
    }

    /// Holds the writer up behind each commit until it is told to go on.
    struct Hold {
        held: tokio::sync::mpsc::UnboundedSender<()>,
        go_on: mpsc::Receiver<()>,
    }

    impl Watch for Hold {
        fn committed(&mut self, commit: &Commit<'_>) {
            // The first is the start's own.
            if commit.batches.iter().all(|batch| batch.size() > 100_000) {
                self.held.send(()).unwrap();
                self.go_on.recv().unwrap();
            }
        }
    }

    #[actix_web::test]
    async fn a_writer_that_stands_still_is_not_spoken_for() {
        let dir = tempfile::tempdir().unwrap();
        let ((held, mut holding), (told, go_on)) =
            (tokio::sync::mpsc::unbounded_channel(), mpsc::channel());
        let hold: Vec<Box<dyn Watch>> = vec![Box::new(Hold { held, go_on })];
        let config = Config::default_in(dir.path().join("data"));
        let app = App::open_with(config, Arc::new(Clock::system()), hold).await;
        let app = app.unwrap();
        let workers = Workers::default();
        workers.join();
        let pulse = Pulse::new(workers, app.db.clone());
        assert!(pulse.beats().await);
        let text = "UPDATE _instances SET demo = demo WHERE id <> ?";
        let long = Statement::new(text, vec!["x".repeat(200_000).into()]);
        let db = app.db.clone();
        let writing = actix_web::rt::spawn(async move {
            db.write(Batch::new().with(long)).await.unwrap();
        });
        holding.recv().await.unwrap();
        let mut beats = Box::pin(pulse.beats());
        let early = timeout(Duration::from_millis(100), &mut beats).await;
        assert!(early.is_err(), "nobody but the writer itself may answer");
        told.send(()).unwrap();
        assert!(timeout(PATIENCE, beats).await.unwrap());
        writing.await.unwrap();
        app.db.close();
        assert!(!pulse.beats().await, "one that has ended is told as that");
    }
}

//! Requests under a key that meet each other, or lose their client.

use actix_web::rt::task::JoinHandle;
use futures_util::FutureExt;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{NOTES, Stage, allowed, create, operator, origin, story};
use crate::{
    access::{Action, InstanceKey},
    base::{Code, Error, Instant, Result, json::Object},
    db::{Batch, Expect, Part, Receipt, Statement, Touch, WriteError},
    engine::{
        Draft, Expected, Further, Idempotency, Kept, Made, Once, Patch, Record, SentKey, Update,
    },
};

fn idempotency(stage: &Stage) -> Idempotency {
    let key = InstanceKey::open(stage.engine.db().dir().path()).unwrap();
    Idempotency::new(stage.engine.clone(), key)
}

fn sent(key: &str) -> Option<SentKey> {
    Some(SentKey {
        key: key.to_owned(),
        route: "/api/v1/notes?".to_owned(),
        at: Instant::from_millis(0),
    })
}

/// Does `make` under a key, whose answer cannot be given again.
async fn once<T>(
    idempotency: &Idempotency,
    key: &str,
    make: impl AsyncFnOnce() -> Result<T>,
) -> Result<T> {
    let make = async |_: Option<&Once>| make().await;
    let again = async |_: &Kept| unreachable!();
    let caller = operator();
    let made = idempotency.once(&caller, sent(key), b"", make, again);
    made.await.map(|made| made.value)
}

/// Makes a note under a key.
async fn note(stage: &Stage, idempotency: &Idempotency) -> Result<Made<Record>> {
    let notes = stage.engine.collection("notes").unwrap();
    let make = async |once: Option<&Once>| {
        let object = Object::parse(b"{}").unwrap();
        let draft = Draft::read(&notes, &object).unwrap();
        let once = once.unwrap();
        let further = Further {
            first: once.first(),
            last: vec![once.keep_record(201, "notes:read".into(), &notes, &draft.id)],
        };
        let rows = allowed("notes", Action::Create);
        let origin = origin(&operator());
        let made = stage.engine.create(&notes, &rows, draft, &origin, further);
        made.await
    };
    let again = async |kept: &Kept| kept.record(&stage.engine, &operator()).await;
    idempotency
        .once(&operator(), sent("k"), b"", make, again)
        .await
}

/// Holds the writer up until the gate is opened.
async fn hold(stage: &Stage) -> JoinHandle<Result<Receipt, WriteError>> {
    let first = Statement::new("SELECT 1", Vec::new()).expecting(Expect::Exists, "one");
    let batch = Batch::new().with(first).touching(Touch::Schema);
    let db = stage.engine.db().clone();
    let held = actix_web::rt::spawn(async move { db.write(batch).await });
    tokio::task::yield_now().await;
    stage.gate.arrived.recv().unwrap();
    held
}

async fn count(stage: &Stage, table: &'static str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let count = move |conn: &Connection| Ok(conn.query_row(&sql, [], |row| row.get(0))?);
    stage.engine.db().read(count).await.unwrap()
}

#[test]
fn while_the_first_is_in_flight_a_second_is_a_conflict() {
    story(async {
        let stage = Stage::new();
        let idempotency = idempotency(&stage);
        let (release, released) = oneshot::channel::<()>();
        let first = actix_web::rt::spawn({
            let idempotency = idempotency.clone();
            async move { once(&idempotency, "k", async || Ok(released.await.is_ok())).await }
        });
        tokio::task::yield_now().await;
        let second = once(&idempotency, "k", async || Ok(true)).await;
        assert_eq!(second.unwrap_err().code(), Code::Conflict);
        assert!(
            once(&idempotency, "other", async || Ok(true))
                .await
                .unwrap()
        );
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert!(once(&idempotency, "k", async || Ok(true)).await.unwrap());
    });
}

#[test]
fn a_client_that_hangs_up_leaves_its_key_neither_in_flight_nor_done_twice() {
    story(async {
        let stage = Stage::new();
        stage.define(NOTES).await;
        let idempotency = idempotency(&stage);
        let held = hold(&stage).await;
        // It has its place in the queue by then, and nobody waits for it any more.
        assert!(note(&stage, &idempotency).now_or_never().is_none());
        let again = note(&stage, &idempotency);
        let open = async {
            tokio::task::yield_now().await;
            stage.gate.open.send(()).unwrap();
        };
        let (again, ()) = tokio::join!(again, open);
        assert_eq!(again.unwrap().replayed, Some(201));
        held.await.unwrap().unwrap();
        assert_eq!(count(&stage, "notes").await, 1);
    });
}

#[test]
fn what_is_refused_because_a_first_without_a_client_has_done_it_is_answered_from_that() {
    story(async {
        let stage = Stage::new();
        stage.define(NOTES).await;
        let idempotency = idempotency(&stage);
        let held = hold(&stage).await;
        assert!(note(&stage, &idempotency).now_or_never().is_none());
        // It finds the world as the first has left it, say another version than it expects.
        let refused = async |_: Option<&Once>| {
            stage.gate.open.send(()).unwrap();
            held.await.unwrap().unwrap();
            stage.engine.db().write(Batch::new()).await.unwrap();
            Err(Error::new(Code::PreconditionFailed, "It has changed"))
        };
        let again = async |kept: &Kept| kept.record(&stage.engine, &operator()).await;
        let caller = operator();
        let second = idempotency.once(&caller, sent("k"), b"", refused, again);
        assert_eq!(second.await.unwrap().replayed, Some(201));
        assert_eq!(count(&stage, "notes").await, 1);
    });
}

#[test]
fn an_answer_without_a_change_is_kept_only_while_the_record_is_as_it_was_read() {
    story(async {
        let stage = Stage::new();
        stage.define(NOTES).await;
        let (engine, idempotency) = (&stage.engine, idempotency(&stage));
        let id = create(engine, "notes", "{}").await;
        let notes = engine.collection("notes").unwrap();
        let rows = allowed("notes", Action::View);
        let load = || engine.load(&notes, &rows, &id);
        let seen = load().await.unwrap();
        let object = Object::parse(br#"{ "title": "Toast" }"#).unwrap();
        let update = Update {
            patch: &Patch::read(&notes, &object).unwrap(),
            expected: Expected::Any,
            origin: &origin(&operator()),
            further: Vec::new(),
        };
        engine.update(&notes, &rows, &id, update).await.unwrap();
        for (seen, is_kept) in [(seen, false), (load().await.unwrap(), true)] {
            let leave = async |once: Option<&Once>| {
                let once = once.unwrap().around(200, "notes:read".into(), &notes, &id);
                engine.leave(&notes, seen, Expected::Any, once).await
            };
            let again = async |_: &Kept| unreachable!();
            let caller = operator();
            let left = idempotency.once(&caller, sent("k"), b"", leave, again);
            assert_eq!(left.await.unwrap().value.is_some(), is_kept);
            assert_eq!(count(&stage, "_idempotency_keys").await, i64::from(is_kept));
        }
    });
}

#[test]
fn an_answer_without_a_change_has_nothing_read_anew() {
    story(async {
        let stage = Stage::new();
        stage.define(NOTES).await;
        let engine = &stage.engine;
        let id = create(engine, "notes", "{}").await;
        let notes = engine.collection("notes").unwrap();
        let rows = allowed("notes", Action::View);
        let seen = engine.load(&notes, &rows, &id).await.unwrap();
        let generation = || engine.db().generation(&[Part::rights()]);
        let before = generation();
        let leave = async |once: Option<&Once>| {
            let once = once.unwrap().around(200, "notes:read".into(), &notes, &id);
            engine.leave(&notes, seen, Expected::Any, once).await
        };
        let again = async |_: &Kept| unreachable!();
        let (idempotency, caller) = (idempotency(&stage), operator());
        let left = idempotency.once(&caller, sent("k"), b"", leave, again);
        assert!(left.await.unwrap().value.is_some());
        assert_eq!(count(&stage, "_idempotency_keys").await, 1);
        assert_eq!(generation(), before);
    });
}

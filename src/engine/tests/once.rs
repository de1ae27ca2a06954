//! Requests under a key that meet each other, or lose their client.

use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::{NOTES, Stage, allowed, operator, origin, story};
use crate::{
    access::{Action, InstanceKey},
    base::{Code, Instant, Result, json::Object},
    db::{Batch, Expect, Statement, Touch},
    engine::{Draft, Further, Idempotency, Kept, Made, Once, Record, SentKey},
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
    let again = |_: &Kept| unreachable!();
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
        let made = stage.engine.create(&notes, rows, draft, &origin, further);
        made.await
    };
    let again = |kept: &Kept| kept.record(&stage.engine);
    idempotency
        .once(&operator(), sent("k"), b"", make, again)
        .await
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
        let first = Statement::new("SELECT 1", Vec::new()).expecting(Expect::Exists, "one");
        let held = Batch::new().with(first).touching(Touch::Schema);
        let db = stage.engine.db().clone();
        let held = actix_web::rt::spawn(async move { db.write(held).await });
        tokio::task::yield_now().await;
        stage.gate.arrived.recv().unwrap();
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
        let count = "SELECT count(*) FROM notes";
        let count =
            move |conn: &rusqlite::Connection| Ok(conn.query_row(count, [], |row| row.get(0))?);
        assert_eq!(stage.engine.db().read::<i64>(count).await.unwrap(), 1);
    });
}

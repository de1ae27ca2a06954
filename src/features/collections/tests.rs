//! Definitions that are made under a key whose first request has lost its client.

use std::{net::Ipv4Addr, sync::Arc};

use super::Collections;
use crate::{
    access::{Caller, InstanceKey, Who},
    base::{Clock, Code, Instant},
    config,
    db::{DataDir, Db, Watch},
    engine::{Catalog, Cursors, Engine, Idempotency, Kept, Once, SentKey},
};

#[test]
fn a_definition_that_another_request_has_made_meanwhile_is_given_again() {
    let dir = tempfile::tempdir().unwrap();
    let files = DataDir::open(dir.path()).unwrap();
    let clock = Arc::new(Clock::system());
    let (db, catalog) = Db::open(files, &config::Storage::default(), &clock, |conn| {
        let catalog = Catalog::load(conn)?;
        let renewed: Box<dyn Watch> = Box::new(catalog.clone());
        Ok((catalog, vec![renewed]))
    })
    .unwrap();
    let key = InstanceKey::open(dir.path()).unwrap();
    let cursors = Cursors::new(&key).unwrap();
    let engine = Engine::new(db, catalog, Arc::clone(&clock), 1 << 20, cursors);
    let idempotency = Idempotency::new(engine.clone(), key);
    let collections = Collections::new(engine, idempotency.clone());
    let caller = Caller {
        who: Who::Operator,
        request_id: "story".into(),
        address: Ipv4Addr::LOCALHOST.into(),
    };
    let definition =
        |name| format!(r#"{{ "name": "{name}", "fields": [{{ "name": "a", "type": "text" }}] }}"#);
    let sent = SentKey {
        key: "k".to_owned(),
        route: "/api/system/collections?".to_owned(),
        at: Instant::from_millis(0),
    };
    // The batch of the first request is written while the second one makes its own.
    let make = async |once: Option<&Once>| {
        let [first, second] = ["firsts", "seconds"].map(definition);
        collections.make(&caller, first.as_bytes(), once).await?;
        let second = collections.make(&caller, second.as_bytes(), once);
        let refused = second.await.unwrap_err();
        assert_eq!(refused.code(), Code::Conflict);
        Err(refused)
    };
    let again = idempotency.once(&caller, Some(sent), b"", make, async |kept: &Kept| {
        kept.value()
    });
    let again = actix_web::rt::System::new().block_on(again).unwrap();
    assert_eq!(again.replayed, Some(201));
    assert_eq!(again.value["name"], "firsts");
}

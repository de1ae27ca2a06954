//! Reading: snapshots, deadlines, and connections that come back broken.

use std::{sync::mpsc::channel, time::Duration};

use rusqlite::Connection;

use super::{Stage, names, story, thing};
use crate::{
    base::{Code, Error},
    config,
    db::Touch,
};

const ENDLESS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

/// One connection and short spans, so that a story meets the bounds. The wait also bounds the
/// opening of the connection, on a machine that may be busy.
fn narrow() -> config::Storage {
    config::Storage {
        readers: 1,
        read_wait: Duration::from_millis(500),
        read_timeout: Duration::from_millis(50),
        ..config::Storage::default()
    }
}

fn one_reader() -> config::Storage {
    config::Storage {
        readers: 1,
        ..config::Storage::default()
    }
}

#[test]
fn a_read_sees_one_snapshot_whatever_is_written_meanwhile() {
    story(async {
        let stage = Stage::new().await;
        stage.db.write(thing("one")).await.unwrap();
        let (seen, first) = channel();
        let (written, go_on) = channel::<()>();
        let db = stage.db.clone();
        let read = actix_web::rt::spawn(async move {
            db.read(move |conn| {
                seen.send(names(conn)?).unwrap();
                go_on.recv().unwrap();
                Ok(names(conn)?)
            })
            .await
        });
        let write = stage.db.write(thing("two"));
        let first = actix_web::web::block(move || first.recv().unwrap()).await;
        assert_eq!(first.unwrap(), ["one"]);
        write.await.unwrap();
        written.send(()).unwrap();
        assert_eq!(read.await.unwrap().unwrap(), ["one"]);
        assert_eq!(stage.names().await, ["one", "two"]);
    });
}

#[test]
fn a_read_cannot_write() {
    story(async {
        let stage = Stage::new().await;
        for text in [
            "INSERT INTO things (name) VALUES ('x')",
            "DROP TABLE things",
        ] {
            let refused: Result<usize, Error> =
                stage.db.read(move |conn| Ok(conn.execute(text, [])?)).await;
            assert_eq!(refused.unwrap_err().code(), Code::DatabaseError, "{text}");
        }
        assert!(stage.names().await.is_empty());
    });
}

#[test]
fn a_read_past_its_deadline_is_interrupted_and_its_connection_is_good_again() {
    story(async {
        let stage = Stage::with(narrow()).await;
        for by_key in [false, true] {
            let endless = |conn: &Connection| -> Result<i64, Error> {
                Ok(conn.query_row(ENDLESS, [], |row| row.get(0))?)
            };
            let outcome = match by_key {
                true => stage.db.read_by_key(endless).await,
                false => stage.db.read(endless).await,
            };
            let error = outcome.unwrap_err();
            assert_eq!(error.code(), Code::ServiceUnavailable);
            assert!(error.message().contains("too long"), "{}", error.message());
            assert!(stage.names().await.is_empty());
        }
    });
}

#[test]
fn waiting_for_a_connection_is_bounded() {
    story(async {
        let stage = Stage::with(narrow()).await;
        let (there, is_there) = channel();
        let (end, ends) = channel::<()>();
        let db = stage.db.clone();
        let first = actix_web::rt::spawn(async move {
            db.read(move |_| {
                there.send(()).unwrap();
                let _ = ends.recv();
                Ok(())
            })
            .await
        });
        actix_web::web::block(move || is_there.recv().unwrap())
            .await
            .unwrap();
        for _ in 0..2 {
            let error = stage.db.read_by_key(|_| Ok(())).await.unwrap_err();
            assert_eq!(error.code(), Code::ServiceUnavailable);
            assert!(error.message().contains("waiting"), "{}", error.message());
        }
        end.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert!(stage.names().await.is_empty());
    });
}

#[test]
fn a_transaction_that_was_left_open_does_not_pin_an_old_state() {
    story(async {
        let stage = Stage::with(one_reader()).await;
        let leak = |conn: &Connection| -> Result<Vec<String>, Error> {
            conn.execute_batch("BEGIN")?;
            Ok(names(conn)?)
        };
        assert!(stage.db.read_by_key(leak).await.unwrap().is_empty());
        stage.db.write(thing("one")).await.unwrap();
        assert_eq!(stage.names().await, ["one"]);
    });
}

#[test]
fn a_read_that_panics_costs_one_answer_and_no_connection() {
    story(async {
        let stage = Stage::with(one_reader()).await;
        for _ in 0..3 {
            let outcome: Result<(), Error> = stage.db.read(|_| panic!("a slip")).await;
            assert_eq!(outcome.unwrap_err().code(), Code::InternalError);
        }
        stage.db.write(thing("one")).await.unwrap();
        assert_eq!(stage.names().await, ["one"]);
    });
}

#[test]
fn a_read_that_is_not_done_at_once_begins_anew_where_it_holds_up_nobody() {
    story(async {
        let stage = Stage::new().await;
        let (tell, told) = channel();
        let here = std::thread::current().id();
        let twice = move |conn: &Connection| -> Result<i64, Error> {
            let thread = std::thread::current().id();
            tell.send(thread).unwrap();
            let question = if thread == here { ENDLESS } else { "SELECT 7" };
            Ok(conn.query_row(question, [], |row| row.get(0))?)
        };
        assert_eq!(stage.db.read_soon(twice).await.unwrap(), 7);
        assert_eq!(told.recv().unwrap(), here);
        assert_ne!(told.recv().unwrap(), here);
    });
}

#[test]
fn a_read_that_ends_at_once_goes_to_no_other_thread() {
    story(async {
        let stage = Stage::new().await;
        let thread = |_: &Connection| Ok(std::thread::current().id());
        let found = stage.db.read_soon(thread).await.unwrap();
        assert_eq!(found, std::thread::current().id());
        let failed = stage
            .db
            .read_soon(|_| -> Result<(), Error> { Err(Error::not_found()) });
        assert_eq!(failed.await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn a_statement_by_definitions_of_before_is_to_be_asked_again() {
    story(async {
        let stage = Stage::new().await;
        let gone = [
            "SELECT 1 FROM gone",
            "SELECT \"gone\" FROM sqlite_schema",
            "SELECT t.gone FROM sqlite_schema AS t",
            "SELECT 1 FROM sqlite_schema AS t WHERE \"t\".\"gone\" IS NULL",
            "SELECT 1 FROM sqlite_schema ORDER BY \"gone\"",
        ];
        let asked = async |sql: &'static str| {
            let read = move |conn: &Connection| Ok(conn.prepare(sql).map(|_| ())?);
            stage.db.read(read).await.unwrap_err().code()
        };
        for sql in gone {
            assert_eq!(asked(sql).await, Code::DatabaseError, "{sql}");
        }
        let redefines = thing("other").touching(Touch::Schema);
        stage.gate.open.send(()).unwrap();
        stage.db.write(redefines).await.unwrap();
        for sql in gone {
            assert_eq!(asked(sql).await, Code::ServiceUnavailable, "{sql}");
        }
        assert_eq!(asked("SELECT FROM").await, Code::DatabaseError);
    });
}

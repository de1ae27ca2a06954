//! A full disk: writes are refused, reads go on, and nobody has to start anything again.
//!
//! Once for real, on a small file system of its own, which only root can mount; and once with
//! `strace` in the place of the disk, which anybody can do.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
};

use serde_json::json;
use tempfile::TempDir;
use ulid::Ulid;

use super::{
    ledger::State,
    skip,
    stage::Stage,
    strace::{self, Tracer},
};
use crate::support::{http::Response, process::eventually};

#[test]
fn a_full_disk_refuses_writes_and_recovers_without_a_restart() {
    let Some(disk) = SmallDisk::mount("a real full disk") else {
        return;
    };
    let mut stage = Stage::on(disk.path());
    let ballast = disk.fill();
    let refusal = write_until_refused(&stage);
    assert_refused_while_reads_go_on(&stage, &refusal);
    let writers = stage.writers(4);
    let before = stage.ledger.tally().unavailable;
    stage
        .ledger
        .wait_until(|tally| tally.unavailable >= before + 100);
    fs::remove_file(ballast).unwrap();
    stage.ledger.wait_for_acknowledged(200);
    writers.stop();
    stage.stop_and_check();
}

#[test]
fn a_disk_that_takes_nothing_more_refuses_writes_and_recovers_without_a_restart() {
    let story = "a full disk, played by strace";
    if !strace::is_installed(story) {
        return;
    }
    let mut stage = Stage::new();
    let files = ["stead.db", "stead.db-wal"].map(|name| stage.dir.join(name));
    let [database, wal] = files.each_ref().map(|file| file.to_str().unwrap());
    let full = [
        "--trace=write,pwrite64,pwritev",
        "--inject=write,pwrite64,pwritev:error=ENOSPC",
        "--trace-path",
        database,
        "--trace-path",
        wal,
    ];
    let Some(tracer) = Tracer::attach(story, stage.stead.pid(), &full) else {
        return;
    };
    let refusal = stage.client().create().answer.expect("an answer");
    assert_refused_while_reads_go_on(&stage, &refusal);
    drop(tracer);
    assert_writes_again(&stage);
    stage.stop_and_check();
}

#[test]
fn a_disk_that_is_full_when_a_file_comes_refuses_the_import() {
    let Some(disk) = SmallDisk::mount("an import to a real full disk") else {
        return;
    };
    let stage = Stage::on(disk.path());
    define_rows(&stage);
    let ballast = disk.fill();
    let refusal = import(&stage, &rows(2_000));
    assert_refused_while_reads_go_on(&stage, &refusal);
    fs::remove_file(ballast).unwrap();
    let made = import(&stage, &rows(2_000));
    assert_eq!(made.json()["data"]["created"], 2_000, "{}", made.text());
}

/// The file is kept, and what is made of it has no room.
#[test]
fn a_disk_that_fills_up_in_an_import_leaves_nothing_of_it() {
    let Some(disk) = SmallDisk::mount("an import that fills a disk") else {
        return;
    };
    let mut stage = Stage::on(disk.path());
    define_rows(&stage);
    let refusal = import(&stage, &rows(20_000));
    assert_refused_while_reads_go_on(&stage, &refusal);
    let words = refusal.json()["error"]["message"].to_string();
    assert!(
        words.contains("nothing was") || words.contains("taken back within the hour"),
        "{words}"
    );
    stage.stead.terminate();
    stage.start_again();
    let database = rusqlite::Connection::open(stage.dir.join("stead.db")).unwrap();
    eventually("all of it is gone", || {
        let sql = "SELECT (SELECT count(*) FROM rows) + (SELECT count(*) FROM _imports)";
        let left: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        left == 0
    });
    let made = import(&stage, &rows(100));
    assert_eq!(made.json()["data"]["created"], 100, "{}", made.text());
}

fn define_rows(stage: &Stage) {
    let definition = json!({ "name": "rows", "deletion": "hard", "fields": [
        { "name": "title", "type": "text", "unique": true, "max": 200 } ] });
    let path = "/api/system/collections";
    let made = stage.stead.request(&stage.token, "POST", path, &definition);
    assert_eq!(made.status, 201, "{}", made.text());
}

/// A file with so many rows of 100 bytes.
fn rows(count: usize) -> String {
    let row = |i| format!("{i:0>99}\n");
    format!("title\n{}", (0..count).map(row).collect::<String>())
}

fn import(stage: &Stage, text: &str) -> Response {
    let bearer = format!("Bearer {}", stage.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "text/csv"),
    ];
    let mut connection = stage.stead.connect();
    connection
        .send("POST", "/api/v1/rows/import", &headers, text.as_bytes())
        .unwrap()
}

/// Creates big records until one is refused with 503.
fn write_until_refused(stage: &Stage) -> Response {
    let mut client = stage.client();
    let title = "x".repeat(4000);
    // Far more than the disk holds; what is free in the files is used up first.
    for _ in 0..5000 {
        let outcome = client.create_titled(&Ulid::generate().to_string(), &title);
        if outcome.state != State::Acknowledged {
            return outcome.answer.expect("an answer, not silence");
        }
    }
    panic!("the full disk took 20 MB");
}

fn assert_refused_while_reads_go_on(stage: &Stage, refusal: &Response) {
    assert_eq!(refusal.status, 503, "{}", refusal.text());
    assert_eq!(refusal.json()["error"]["code"], "SERVICE_UNAVAILABLE");
    let seconds = refusal
        .header("retry-after")
        .and_then(|text| text.parse().ok());
    assert!(seconds.is_some_and(|seconds: u32| seconds > 0));
    let shared = format!("/api/v1/notes/{}", stage.shared);
    assert_eq!(stage.get(&shared).status, 200);
    assert_eq!(stage.get("/api/v1/notes").status, 200);
}

fn assert_writes_again(stage: &Stage) {
    let mut client = stage.client();
    eventually("writes are taken again", || {
        client.create().state == State::Acknowledged
    });
}

/// A file system of 8 MB in memory, taken away again at the end.
pub(super) struct SmallDisk {
    dir: TempDir,
}

impl SmallDisk {
    /// None, and `story` is said to be left out, where the system does not allow it.
    pub fn mount(story: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m,mode=0700", "stead-full-disk"])
            .arg(dir.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self { dir }),
            Ok(output) => {
                skip(story, String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                skip(story, &format!("no mount: {error}"));
                None
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Fills what is free with one file, and gives its path.
    pub fn fill(&self) -> std::path::PathBuf {
        let path = self.path().join("ballast");
        let mut file = File::create(&path).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, because a server of a story that failed may still be there.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

//! An import of many rows: what it takes of memory, who writes beside it, and what a kill leaves.

use std::{fs, io, path::Path, thread, time::Duration};

use serde_json::{Value as Json, json};

use super::setting;
use crate::support::{
    http::Connection,
    process::{Stead, create_admin, eventually},
};

/// What an import or an export may take beside what the idle server has.
const BOUND_KIB: u64 = 64 << 10;

struct Stage {
    stead: Stead,
    token: String,
    dir: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        create_admin(dir.path());
        let stead = Stead::start(dir.path());
        let token = stead.sign_in();
        let fields = json!([{ "name": "code", "type": "integer", "unique": true },
            { "name": "title", "type": "text" }, { "name": "price", "type": "decimal", "scale": 2 }]);
        for name in ["rows", "notes"] {
            let definition = json!({ "name": name, "fields": fields });
            let made = stead.request(&token, "POST", "/api/system/collections", &definition);
            assert_eq!(made.status, 201);
        }
        Self { stead, token, dir }
    }

    /// What imports a text, on whichever thread.
    fn import<'a>(&self, text: &'a str) -> impl FnOnce() -> io::Result<Json> + Send + use<'a> {
        let (address, bearer) = (self.stead.address(), format!("Bearer {}", self.token));
        move || {
            let headers = [
                ("Authorization", bearer.as_str()),
                ("Content-Type", "text/csv"),
            ];
            let mut connection = Connection::open(address)?;
            let patience = Some(Duration::from_secs(3_600));
            connection.stream().set_read_timeout(patience)?;
            let path = "/api/v1/rows/import";
            Ok(connection
                .send("POST", path, &headers, text.as_bytes())?
                .json())
        }
    }

    /// So many KiB of a line of what the kernel tells of the process.
    fn memory(&self, line: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.stead.pid())).unwrap();
        let found = status
            .lines()
            .find_map(|known| known.strip_prefix(line))
            .unwrap();
        found
            .trim_matches([':', ' ', '\t', 'k', 'B'])
            .parse()
            .unwrap()
    }

    /// The greatest memory that `act` has taken over what there was.
    fn grows<T>(&self, act: impl FnOnce() -> T) -> (u64, T) {
        fs::write(format!("/proc/{}/clear_refs", self.stead.pid()), "5").unwrap();
        let before = self.memory("VmRSS");
        let outcome = act();
        (self.memory("VmHWM").saturating_sub(before), outcome)
    }

    fn count(&self, sql: &str) -> i64 {
        count(self.dir.path(), sql)
    }
}

fn count(dir: &Path, sql: &str) -> i64 {
    let conn = rusqlite::Connection::open(dir.join("stead.db")).unwrap();
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn rows(count: u64) -> String {
    let row = |i| format!("{i},\"row {i}, with a title of some length\",{i}.50\n");
    format!(
        "code,title,price\n{}",
        (0..count).map(row).collect::<String>()
    )
}

#[test]
fn many_rows_go_in_and_out_within_their_memory_while_others_write() {
    let mut stage = Stage::new();
    let many = setting("STEAD_IMPORT_ROWS", 10_000);
    let text = rows(many);
    let (grown, beside) = stage.grows(|| {
        thread::scope(|scope| {
            let import = scope.spawn(stage.import(&text));
            let (mut token, mut beside) = (stage.token.clone(), 0);
            while !import.is_finished() {
                let note = json!({ "title": "beside" });
                let made = stage.stead.request(&token, "POST", "/api/v1/notes", &note);
                match made.status {
                    // It takes longer than a token lives.
                    401 => token = stage.stead.sign_in(),
                    status => assert_eq!(status, 201),
                }
                let begun = "SELECT count(*) FROM _import_records";
                beside += i64::from(stage.count(begun) > 0);
            }
            let report = import.join().unwrap().unwrap();
            assert_eq!(report["data"]["created"], many, "{report}");
            beside
        })
    });
    assert!(beside > 0, "nobody wrote between its batches");
    assert!(grown < BOUND_KIB, "the import took {grown} KiB");
    stage.token = stage.stead.sign_in();
    let (grown, answer) = stage.grows(|| {
        let bearer = format!("Bearer {}", stage.token);
        let headers = [("Authorization", bearer.as_str())];
        let path = "/api/v1/rows/export?fields=code";
        stage
            .stead
            .connect()
            .send("GET", path, &headers, b"")
            .unwrap()
    });
    assert_eq!(answer.text().lines().count() as u64, many + 1);
    assert!(grown < BOUND_KIB, "the export took {grown} KiB");
    eprintln!("{many} rows, {beside} writes beside, {grown} KiB for the export");
}

#[test]
fn a_kill_in_the_middle_of_an_import_leaves_nothing_of_it() {
    let mut stage = Stage::new();
    let text = rows(20_000);
    let pid = stage.stead.pid().to_string();
    thread::scope(|scope| {
        let import = scope.spawn(stage.import(&text));
        eventually("some of it is written", || {
            stage.count("SELECT count(*) FROM _import_records") > 2
        });
        let killed = std::process::Command::new("kill")
            .args(["-9", &pid])
            .status();
        assert!(killed.unwrap().success());
        assert!(import.join().unwrap().is_err(), "it was not done yet");
    });
    stage.stead.kill();
    assert!(stage.count("SELECT count(*) FROM rows") > 0);
    stage.stead = Stead::start(stage.dir.path());
    eventually("it is taken back", || {
        stage.count("SELECT count(*) FROM _imports") == 0
    });
    assert_eq!(stage.count("SELECT count(*) FROM rows"), 0);
    stage.token = stage.stead.sign_in();
    let report = stage.import(&rows(10))().unwrap();
    assert_eq!(report["data"]["created"], 10, "{report}");
}

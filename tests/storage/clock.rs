//! Time goes on from where the file stands, even on a machine that has forgotten it.

use serde_json::json;

use super::shell;
use crate::support::process::{Stead, create_admin};

const LATER: &str = "2099-01-01T00:00:00.000Z";

#[test]
fn a_start_on_a_machine_whose_clock_stands_behind_goes_on_after_the_last_change() {
    for change in [
        "UPDATE _events SET at = ?1 WHERE seq = (SELECT max(seq) FROM _events)",
        "UPDATE _audit_entries SET at = ?1 WHERE seq = (SELECT max(seq) FROM _audit_entries)",
    ] {
        let dir = tempfile::tempdir().unwrap();
        create_admin(dir.path());
        // As a file that was written before the battery of the clock ran out.
        assert_eq!(shell(dir.path()).execute(change, [LATER]).unwrap(), 1);
        let stead = Stead::start(dir.path());
        let token = stead.sign_in();
        let notes = json!({ "name": "notes", "fields": [{ "name": "title", "type": "text" }] });
        let made = stead.request(&token, "POST", "/api/system/collections", &notes);
        assert_eq!(made.status, 201, "{}", made.text());
        let note = stead.request(&token, "POST", "/api/v1/notes", &json!({ "title": "x" }));
        let at = note.json()["data"]["createdAt"].clone();
        assert!(at.as_str().unwrap() >= LATER, "{at}");
        let answered = note.json()["meta"]["timestamp"].clone();
        assert!(answered.as_str().unwrap() >= LATER, "{answered}");
    }
}

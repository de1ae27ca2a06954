//! How long the first screens take over a slow line: measured, and never asserted.

use std::time::Instant;

use super::{driver::Page, story::story};

/// Name, milliseconds to there and back, bytes a second.
const LINES: [(&str, u32, i64); 2] = [
    ("3G, 1.6 Mbit/s, 300 ms", 300, 200_000),
    ("slow 3G, 400 kbit/s, 400 ms", 400, 50_000),
];

/// Loads the page anew over each line, until a heading is there.
fn measure(page: &Page, heading: &str) {
    for (line, latency_ms, bytes_per_second) in LINES {
        page.slow_line(latency_ms, bytes_per_second);
        let start = Instant::now();
        page.reload();
        page.has("heading", heading);
        let taken = start.elapsed().as_millis();
        eprintln!("{heading}, nothing cached, over {line}: {taken} ms");
    }
}

#[test]
#[ignore = "measures: cargo test --test main browser::slow_line -- --ignored --nocapture"]
fn the_first_screens_over_a_slow_line() {
    story(|stage| {
        measure(&stage.guest("/admin/"), "Sign in");
        let notes =
            serde_json::json!({ "name": "notes", "fields": [{ "name": "title", "type": "text" }] });
        stage.post("/api/system/collections", &notes);
        stage.post("/api/v1/notes", &serde_json::json!({ "title": "Milk" }));
        let home = stage.admin("/admin/");
        measure(&home, "Records per collection");
    });
}

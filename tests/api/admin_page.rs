//! The admin page, as a browser gets it.

use stead::base::Code;

use crate::support::{app::TestApp, http::Connection};

/// Where the page's files are.
fn assets(page: &str) -> &str {
    let (_, rest) = page.split_once("src=\"").expect("a script");
    rest.split_once("/app.js").expect("the one that starts").0
}

#[test]
fn the_page_has_nothing_inline_and_stands_alone() {
    let app = TestApp::start();
    let reply = app.guest().get("/admin/");
    let page = reply.response.text();
    assert_eq!(reply.status(), 200);
    assert_eq!(
        reply.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
    assert_eq!(
        reply.header("cross-origin-opener-policy"),
        Some("same-origin")
    );
    for inline in ["<style", " style=", " onclick=", "javascript:", "<script>"] {
        assert!(!page.contains(inline), "{inline} in {page}");
    }
}

#[test]
fn its_files_are_kept_for_ever_under_their_hash() {
    let app = TestApp::start();
    let page = app.guest().get("/admin/");
    let assets = assets(page.response.text());
    for (name, media) in [
        ("app.js", "text/javascript; charset=utf-8"),
        ("style/base.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let reply = app.guest().get(&format!("{assets}/{name}"));
        assert_eq!(
            (reply.status(), reply.header("content-type")),
            (200, Some(media))
        );
        let immutable = Some("public, max-age=31536000, immutable");
        assert_eq!(reply.header("cache-control"), immutable);
    }
    for path in [
        "/admin/assets/another/app.js",
        &format!("{assets}/index.html"),
        &format!("{assets}/../../Cargo.toml"),
        &format!("{assets}/%2e%2e/%2e%2e/Cargo.toml"),
    ] {
        app.guest().get(path).error(Code::NotFound);
    }
}

#[test]
fn the_root_leads_to_it() {
    let app = TestApp::start();
    for path in ["/", "/admin"] {
        let reply = app.guest().get(path);
        assert_eq!(
            (reply.status(), reply.header("location")),
            (307, Some("/admin/"))
        );
    }
}

#[test]
fn what_a_browser_has_already_is_not_sent_again() {
    let app = TestApp::start();
    let page = app.guest().get("/admin/");
    let path = format!("{}/app.js", assets(page.response.text()));
    let tag = app.guest().get(&path).etag();
    let mut connection = Connection::open(app.address()).unwrap();
    let known = connection.send("GET", &path, &[("If-None-Match", &tag)], b"");
    assert_eq!(known.unwrap().status, 304);
    // A body behind that would be taken for the next answer.
    let next = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(
        (next.status, next.json()["status"].as_str()),
        (200, Some("ok"))
    );
}

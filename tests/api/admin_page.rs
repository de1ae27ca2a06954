//! The admin page and its files, as a browser fetches them.

use stead::base::Code;

use crate::support::{app::TestApp, http::Connection};

/// The paths under `/admin/assets/` that the page names.
fn assets(page: &str) -> Vec<&str> {
    let links = page.split('"').filter(|word| word.starts_with("/admin/"));
    links.collect()
}

#[test]
fn the_page_is_found_from_the_root_and_asked_for_each_time() {
    let app = TestApp::start_empty();
    for path in ["/", "/admin"] {
        let reply = app.guest().get(path);
        assert_eq!(reply.status(), 307, "{path}");
        assert_eq!(reply.header("location"), Some("/admin/"), "{path}");
    }
    let page = app.guest().get("/admin/");
    assert_eq!(page.status(), 200);
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-cache"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn its_files_lie_under_one_hash_and_are_kept_for_ever() {
    let app = TestApp::start_empty();
    let page = app.guest().get("/admin/");
    let assets = assets(page.response.text());
    assert!(assets.iter().any(|path| path.ends_with("/app.js")));
    let folder = assets[0].split('/').take(4).collect::<Vec<_>>().join("/");
    for path in assets {
        assert!(path.starts_with(&format!("{folder}/")), "{path}");
        let file = app.guest().get(path);
        assert_eq!(file.status(), 200, "{path}");
        let kept = "public, max-age=31536000, immutable";
        assert_eq!(file.header("cache-control"), Some(kept), "{path}");
        assert!(!file.response.body.is_empty(), "{path}");
    }
    for path in [
        format!("{folder}/index.html"),
        format!("{folder}/../../Cargo.toml"),
        format!("{folder}/%2e%2e/%2e%2e/Cargo.toml"),
        format!("{folder}/nothing.js"),
        "/admin/assets/0000000000000000/app.js".to_owned(),
    ] {
        app.guest().get(&path).error(Code::NotFound);
    }
}

#[test]
fn what_a_browser_has_already_is_not_sent_again() {
    let app = TestApp::start_empty();
    let page = app.guest().get("/admin/");
    let path = assets(page.response.text())[0];
    let tag = app.guest().get(path).etag();
    let mut connection = Connection::open(app.address()).unwrap();
    let known = connection.send("GET", path, &[("If-None-Match", &tag)], b"");
    assert_eq!(known.unwrap().status, 304);
    // A body behind that would be taken for the next answer.
    let next = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(
        (next.status, next.json()["status"].as_str()),
        (200, Some("ok"))
    );
}

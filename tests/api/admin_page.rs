//! The admin page, as a browser gets it.

use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::Reply,
    http::{Connection, gunzip},
};

/// Where the page's files are.
fn assets(page: &str) -> String {
    let (_, rest) = page.split_once("src=\"").expect("a script");
    let relative = rest.split_once("/app.js").expect("the one that starts").0;
    format!("/admin/{relative}")
}

/// An answer's body as a browser unpacks it, with the tag.
fn unpacked(reply: &Reply) -> (Vec<u8>, String) {
    let body = &reply.response.body;
    let bytes = match reply.header("content-encoding") {
        None => body.clone(),
        Some("gzip") => gunzip(body),
        Some("br") => {
            let mut bytes = Vec::new();
            brotli::BrotliDecompress(&mut &body[..], &mut bytes).unwrap();
            bytes
        }
        Some(other) => panic!("{other}"),
    };
    (bytes, reply.etag())
}

#[test]
fn its_files_come_packed_as_the_browser_likes() {
    let app = TestApp::start();
    let page = app.guest().get("/admin/");
    let path = format!("{}/app.js", assets(page.response.text()));
    let get = |accepted: &str| app.guest().with("Accept-Encoding", accepted).get(&path);
    let plain = app.guest().get(&path);
    assert_eq!(plain.header("content-encoding"), None);
    let mut tags = vec![plain.etag()];
    for (accepted, encoding) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip")] {
        let reply = get(accepted);
        assert_eq!(reply.header("content-encoding"), Some(encoding));
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"));
        assert!(reply.response.body.len() < plain.response.body.len());
        let (bytes, tag) = unpacked(&reply);
        assert_eq!(bytes, plain.response.body);
        let known = app
            .guest()
            .with("Accept-Encoding", accepted)
            .with("If-None-Match", &tag);
        assert_eq!(known.get(&path).status(), 304);
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "other bytes have another tag: {tags:?}");
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
        ("style.css", "text/css; charset=utf-8"),
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
    let mut connection = Connection::open(app.address()).unwrap();
    for path in ["/admin/", &path] {
        let tag = app.guest().get(path).etag();
        let known = connection.send("GET", path, &[("If-None-Match", &tag)], b"");
        assert_eq!(known.unwrap().status, 304, "{path}");
    }
    // A body behind that would be taken for the next answer.
    let next = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(
        (next.status, next.json()["status"].as_str()),
        (200, Some("ok"))
    );
}

#[test]
fn the_first_screen_is_small_and_comes_in_few_requests() {
    let app = TestApp::start();
    let packed = app.guest().with("Accept-Encoding", "gzip").get("/admin/");
    let page = app.guest().get("/admin/");
    let assets = assets(page.response.text());
    // The page, and all that it names: the icons come with the first of them that is drawn.
    let names = ["app.js", "style.css", "icon.svg", "icons.svg"];
    let of = |name: &str| {
        let path = format!("{assets}/{name}");
        let reply = app.guest().with("Accept-Encoding", "gzip").get(&path);
        assert_eq!(reply.status(), 200, "{name}");
        reply.response.body.len()
    };
    let bytes = names.map(of).iter().sum::<usize>() + packed.response.body.len();
    assert!(
        bytes <= 150_000,
        "{bytes} bytes by gzip, which all browsers take"
    );
    for tag in ["<script", "<link rel=\"stylesheet\""] {
        assert_eq!(page.response.text().matches(tag).count(), 1, "{tag}");
    }
}

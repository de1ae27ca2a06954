//! The operator's own front end beside the API: what is served of the folder, and what never is.

use std::{fs, os::unix::fs::symlink, path::Path};

use stead::{base::Code, config::Config};
use tempfile::TempDir;

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
    http::{Connection, gunzip, gzip},
};

const PAGE: &str = "<!doctype html><title>Shop</title>";
const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// A front end, with things around and in it that nobody may see.
fn front_end() -> (TempDir, TestApp) {
    front_end_with(|_| {})
}

fn front_end_with(configure: impl FnOnce(&mut Config)) -> (TempDir, TestApp) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("www");
    for (name, text) in [
        ("www/index.html", PAGE),
        ("www/app.js", "start();"),
        ("www/docs/index.html", "docs"),
        ("www/docs/a b.txt", "ab"),
        ("www/assets/app.3f2a.css", "body{}"),
        ("www/.env", "SECRET=1"),
        ("www/.git/config", "SECRET=2"),
        ("www/.well-known/security.txt", "Contact:"),
        ("www/admin/index.html", "not the admin page"),
        ("www/api/v1/x.json", "{}"),
        ("secret.txt", "SECRET=3"),
        ("wwwsecret/x.txt", "SECRET=4"),
    ] {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let app = TestApp::start_with(|config| {
        config.server.public_dir = Some(root);
        configure(config);
    });
    (dir, app)
}

fn body(reply: &Reply) -> (u16, &str) {
    (reply.status(), reply.response.text())
}

fn browser(app: &TestApp) -> Client {
    app.guest().with("Accept", BROWSER)
}

#[test]
fn files_are_served_from_the_root_with_their_media_types() {
    let (_dir, app) = front_end();
    for (path, text, media) in [
        ("/", PAGE, "text/html; charset=utf-8"),
        ("/index.html", PAGE, "text/html; charset=utf-8"),
        ("/app.js", "start();", "text/javascript; charset=utf-8"),
        ("/app.js?v=2", "start();", "text/javascript; charset=utf-8"),
        ("/docs/", "docs", "text/html; charset=utf-8"),
        ("/docs/a%20b.txt", "ab", "text/plain; charset=utf-8"),
        (
            "/.well-known/security.txt",
            "Contact:",
            "text/plain; charset=utf-8",
        ),
    ] {
        let reply = app.guest().get(path);
        assert_eq!(body(&reply), (200, text), "{path}");
        assert_eq!(reply.header("content-type"), Some(media), "{path}");
        let opener = reply.header("cross-origin-opener-policy");
        assert_eq!(opener, Some("same-origin-allow-popups"));
        let head = app.guest().send("HEAD", path, None);
        assert_eq!(head.status(), 200);
        assert_eq!(
            head.header("content-length"),
            Some(text.len().to_string().as_str())
        );
    }
}

#[test]
fn a_folder_without_its_slash_is_shown_the_way() {
    let (_dir, app) = front_end();
    for (path, target) in [
        ("/docs", "/docs/"),
        ("/docs?page=2&q=a", "/docs/?page=2&q=a"),
    ] {
        let reply = app.guest().get(path);
        let told = (reply.status(), reply.header("location"));
        assert_eq!(told, (307, Some(target)));
    }
}

#[test]
fn an_address_within_an_application_gets_its_page() {
    let (_dir, app) = front_end();
    for path in ["/posts", "/posts/7", "/a/b/c/", "/assets", "/v1.2/x"] {
        assert_eq!(body(&app.guest().get(path)), (200, PAGE), "{path}");
    }
    assert_eq!(
        body(&browser(&app).get("/users/ann@example.com")),
        (200, PAGE)
    );
    app.guest().get("/assets/gone.js").error(Code::NotFound);
    app.guest()
        .get("/users/ann@example.com")
        .error(Code::NotFound);
}

#[test]
fn what_is_steads_own_never_falls_through_to_the_page() {
    let (_dir, app) = front_end();
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/v1/x.json",
        "/%61pi/nothing",
        "/health/nothing",
        "/metrics/nothing",
        "/admin/nothing",
        "/admin/index.html",
        "/%61dmin/index.html",
        "/admin/assets/x",
    ] {
        browser(&app).get(path).error(Code::NotFound);
    }
    assert!(
        !browser(&app)
            .get("/admin/")
            .response
            .text()
            .contains("not the admin page")
    );
    assert_eq!(app.guest().get("/health/live").status(), 200);
}

#[test]
fn nothing_is_served_that_lies_outside_or_is_hidden() {
    let (_dir, app) = front_end();
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/docs/../../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/docs/..%5c..%5csecret.txt",
        "/../wwwsecret/x.txt",
        "//secret.txt",
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/docs/%00",
        "/app.js%00.html",
        "/docs/.well-known/x",
    ] {
        for client in [app.guest(), browser(&app)] {
            let reply = client.get(path);
            assert_eq!(reply.status(), 404, "{path}");
            assert!(!reply.response.text().contains("SECRET"), "{path}");
        }
    }
}

#[test]
fn a_link_is_followed_within_the_folder_alone() {
    let (dir, app) = front_end();
    let root = dir.path().join("www");
    for (target, link) in [
        ("app.js", "inside.js"),
        ("../secret.txt", "outside.txt"),
        ("..", "up"),
        ("/etc", "etc"),
        ("circle.txt", "circle.txt"),
        (".env", "env.txt"),
    ] {
        symlink(target, root.join(link)).unwrap();
    }
    assert_eq!(body(&app.guest().get("/inside.js")), (200, "start();"));
    for path in [
        "/outside.txt",
        "/up/secret.txt",
        "/etc/hostname.x",
        "/circle.txt",
    ] {
        app.guest().get(path).error(Code::NotFound);
    }
    assert_eq!(
        body(&app.guest().get("/etc/passwd")),
        (200, PAGE),
        "the application's page"
    );
}

#[test]
fn what_is_no_file_is_not_opened() {
    let (dir, app) = front_end();
    let pipe = dir.path().join("www/pipe.txt");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    app.guest().get("/pipe.txt").error(Code::NotFound);
}

#[test]
fn the_folder_may_be_a_link_that_changes_under_way() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("current");
    let release = |name: &str| {
        let folder = dir.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("index.html"), name).unwrap();
        let new = dir.path().join("new");
        symlink(folder, &new).unwrap();
        fs::rename(new, &link).unwrap();
    };
    release("one");
    let app = TestApp::start_with(|config| config.server.public_dir = Some(link.clone()));
    assert_eq!(body(&app.guest().get("/")), (200, "one"));
    release("two");
    assert_eq!(body(&app.guest().get("/")), (200, "two"));
}

#[test]
fn what_a_browser_has_already_is_not_sent_again() {
    let (dir, app) = front_end();
    let first = app.guest().get("/app.js");
    let (tag, date) = (
        first.etag(),
        first.header("last-modified").unwrap().to_owned(),
    );
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    for (name, value) in [("If-None-Match", &tag), ("If-Modified-Since", &date)] {
        let reply = app.guest().with(name, value).get("/app.js");
        assert_eq!(
            (reply.status(), reply.response.body.len()),
            (304, 0),
            "{name}"
        );
        assert_eq!(reply.etag(), tag);
    }
    let both = app
        .guest()
        .with("If-None-Match", "\"x\"")
        .with("If-Modified-Since", &date);
    assert_eq!(both.get("/app.js").status(), 200, "the tag counts");
    fs::write(dir.path().join("www/app.js"), "begin();").unwrap();
    let reply = app.guest().with("If-None-Match", &tag).get("/app.js");
    assert_eq!(body(&reply), (200, "begin();"));
}

#[test]
fn files_with_a_hash_in_their_names_are_kept_for_ever() {
    let (_dir, app) =
        front_end_with(|config| config.server.public_immutable = vec!["/assets/".to_owned()]);
    let cache = |path: &str| {
        let reply = app.guest().get(path);
        assert_eq!(reply.status(), 200);
        reply.header("cache-control").unwrap().to_owned()
    };
    assert_eq!(
        cache("/assets/app.3f2a.css"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(cache("/app.js"), "no-cache");
    assert_eq!(
        cache("/assets/no-such-page"),
        "no-cache",
        "the page in its place"
    );
}

#[test]
fn a_part_of_a_file_is_sent_to_who_asks_for_one() {
    let (dir, app) = front_end();
    let long: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    fs::write(dir.path().join("www/film.mp4"), &long).unwrap();
    let whole = app.guest().get("/film.mp4");
    assert_eq!(
        (whole.status(), whole.header("accept-ranges")),
        (200, Some("bytes"))
    );
    assert!(whole.response.body == long);
    let part = |range: &str| app.guest().with("Range", range).get("/film.mp4");
    for (range, first, last) in [
        ("bytes=0-9", 0, 9),
        ("bytes=2999990-", 2_999_990, 2_999_999),
        ("bytes=-10", 2_999_990, 2_999_999),
        ("bytes=100-2500000", 100, 2_500_000),
    ] {
        let reply = part(range);
        let told = format!("bytes {first}-{last}/3000000");
        assert_eq!(
            (reply.status(), reply.header("content-range")),
            (206, Some(told.as_str()))
        );
        assert!(reply.response.body == long[first..=last], "{range}");
    }
    let outside = part("bytes=3000000-");
    assert_eq!(outside.status(), 416);
    assert_eq!(outside.header("content-range"), Some("bytes */3000000"));
    let other = app
        .guest()
        .with("Range", "bytes=0-9")
        .with("If-Range", "\"x\"");
    assert_eq!(
        other.get("/film.mp4").status(),
        200,
        "a part of another version"
    );
    let same = app
        .guest()
        .with("Range", "bytes=0-9")
        .with("If-Range", &whole.etag());
    assert_eq!(same.get("/film.mp4").status(), 206);
}

#[test]
fn packed_files_beside_are_sent_in_their_place() {
    let (dir, app) = front_end();
    let at = |name: &str| dir.path().join("www").join(name);
    fs::write(at("app.js.br"), "as brotli").unwrap();
    fs::write(at("app.js.gz"), gzip("as gzip")).unwrap();
    let get = |accepted: &str| app.guest().with("Accept-Encoding", accepted).get("/app.js");
    for (accepted, text, encoding) in [
        ("gzip, br", "as brotli", Some("br")),
        ("gzip", "as gzip", Some("gzip")),
        ("identity", "start();", None),
    ] {
        let reply = get(accepted);
        assert_eq!(reply.response.unpacked().text(), text);
        assert_eq!(reply.header("content-encoding"), encoding);
        assert_eq!(
            reply.header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"));
    }
    assert_ne!(get("br").etag(), get("gzip").etag());
    symlink(Path::new("../../secret.txt"), at("docs/index.html.gz")).unwrap();
    let reply = app.guest().with("Accept-Encoding", "gzip").get("/docs/");
    assert_eq!(
        body(&reply),
        (200, "docs"),
        "also of these none from outside"
    );
}

#[test]
fn texts_without_packed_files_are_packed_on_the_way() {
    let (dir, app) = front_end();
    let text = "let x = 1;\n".repeat(500);
    fs::write(dir.path().join("www/long.js"), &text).unwrap();
    let packing = app.guest().with("Accept-Encoding", "gzip");
    let reply = packing.get("/long.js");
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert_eq!(gunzip(&reply.response.body), text.as_bytes());
    let tag = reply.etag();
    assert!(tag.starts_with("W/"));
    let known = packing.with("If-None-Match", &tag).get("/long.js");
    assert_eq!((known.status(), known.etag()), (304, tag));
    let part = packing.with("Range", "bytes=4-4").get("/long.js");
    assert_eq!(body(&part), (206, "x"));
}

#[test]
fn its_policy_is_a_setting_and_that_of_the_admin_page_is_not() {
    let own = "default-src 'self'; img-src 'self' data:";
    let (_dir, app) = front_end_with(|config| config.server.public_policy = own.to_owned());
    let mut connection = Connection::open(app.address()).unwrap();
    let mut policy = |path: &str| {
        let reply = connection.send("GET", path, &[], b"").unwrap();
        reply.header("content-security-policy").unwrap().to_owned()
    };
    assert_eq!(policy("/"), own);
    assert_eq!(policy("/posts/7"), own);
    for path in ["/admin/", "/api/auth/me", "/gone.js"] {
        assert_eq!(
            policy(path),
            stead::config::CONTENT_SECURITY_POLICY,
            "{path}"
        );
    }
}

#[test]
fn it_lies_below_the_path_of_the_instance() {
    let url = "https://example.org/stead".parse().unwrap();
    let (_dir, app) = front_end_with(|config| config.server.public_url = Some(url));
    for base in ["/stead", ""] {
        assert_eq!(
            body(&app.guest().get(&format!("{base}/app.js"))),
            (200, "start();")
        );
        assert_eq!(
            app.guest().get(&format!("{base}/docs")).header("location"),
            Some("/stead/docs/")
        );
        browser(&app)
            .get(&format!("{base}/api/nothing"))
            .error(Code::NotFound);
    }
}

#[test]
fn only_reading_is_known_there() {
    let (_dir, app) = front_end();
    app.guest()
        .send("POST", "/app.js", None)
        .error(Code::NotFound);
    app.guest()
        .send("DELETE", "/", None)
        .error(Code::MethodNotAllowed);
}

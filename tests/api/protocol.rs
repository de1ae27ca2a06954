//! What every answer has, and every code of the table of errors that can be reached.

use std::time::Duration;

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, path_of},
    http::Connection,
};

const NOTES: &str = "/api/v1/notes";

fn notes() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection(
        "notes",
        json!([{ "name": "title", "type": "text", "required": true, "unique": true }]),
    );
    let admin = app.admin();
    (app, admin)
}

fn bread(client: &Client) -> String {
    path_of(
        "notes",
        &client.post(NOTES, &json!({ "title": "Bread" })).created(),
    )
}

#[test]
fn validation_error_and_missing_field() {
    let (_app, admin) = notes();
    admin
        .post(NOTES, &json!({ "title": 1 }))
        .faults(Code::ValidationError, &["title"]);
    admin
        .post(NOTES, &json!({}))
        .faults(Code::MissingField, &["title"]);
    admin
        .post(NOTES, &json!({ "nope": 1 }))
        .faults(Code::ValidationError, &["nope", "title"]);
}

#[test]
fn invalid_input() {
    let (_app, admin) = notes();
    admin
        .send_text("POST", NOTES, "{")
        .faults(Code::InvalidInput, &["_"]);
    admin
        .get(&format!("{NOTES}?nope=1"))
        .faults(Code::InvalidInput, &["nope"]);
}

#[test]
fn unauthorized_and_its_kin() {
    let (app, admin) = notes();
    app.guest().get(NOTES).error(Code::Unauthorized);
    let login = |password: &str| {
        let body = json!({ "email": "ann@example.com", "password": password });
        app.guest().post("/api/auth/login", &body)
    };
    login("wrong horse battery").error(Code::InvalidCredentials);
    app.guest()
        .with("Authorization", "Bearer nonsense")
        .get(NOTES)
        .error(Code::TokenInvalid);
    app.guest()
        .with("Authorization", "Basic eDp5")
        .get(NOTES)
        .error(Code::Unauthorized);
    app.clock().advance(Duration::from_secs(901));
    admin.get(NOTES).error(Code::TokenExpired);
}

#[test]
fn forbidden_and_insufficient_permissions() {
    let (app, _admin) = notes();
    let browser = app.guest().sign_in_by_cookie("ann@example.com", PASSWORD);
    browser
        .post(NOTES, &json!({ "title": "B" }))
        .error(Code::Forbidden);
    browser
        .with_csrf()
        .post(NOTES, &json!({ "title": "B" }))
        .created();
    app.viewer()
        .post(NOTES, &json!({}))
        .error(Code::InsufficientPermissions);
}

#[test]
fn not_found_and_method_not_allowed() {
    let (_app, admin) = notes();
    for path in [
        "/nothing",
        "/api",
        "/api/",
        "/api/v2/notes",
        "/api/v1",
        "/api/v1/notes/a/b/c/d",
        "/api/v1/notes/a/b/",
        "/api/v1/notes/",
    ] {
        for method in ["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"] {
            admin.send(method, path, None).error(Code::NotFound);
        }
    }
    let many = "/api/system/collections";
    admin.send("PUT", many, None).error(Code::MethodNotAllowed);
}

#[test]
fn already_exists_conflict_and_precondition_failed() {
    let (_app, admin) = notes();
    let path = bread(&admin);
    admin
        .post(NOTES, &json!({ "title": "Bread" }))
        .faults(Code::AlreadyExists, &["title"]);
    admin
        .patch(&path, &json!({ "version": 2 }))
        .faults(Code::Conflict, &["version"]);
    admin
        .with("If-Match", "2")
        .patch(&path, &json!({}))
        .error(Code::PreconditionFailed);
}

#[test]
fn payload_too_large_and_unsupported_media_type() {
    let (_app, admin) = notes();
    let long = "x".repeat((1 << 20) + 1);
    admin
        .send_text("POST", NOTES, &long)
        .error(Code::PayloadTooLarge);
    admin
        .send_bytes("POST", NOTES, Some("text/plain"), b"x")
        .error(Code::UnsupportedMediaType);
}

#[test]
fn unprocessable() {
    let (_app, admin) = notes();
    admin
        .delete("/api/system/collections/users")
        .error(Code::Unprocessable);
}

#[test]
fn rate_limited() {
    let app = TestApp::start_with(|config| {
        config.rate_limit.enabled = true;
        config.rate_limit.per_minute = 3.try_into().unwrap();
    });
    let replies: Vec<_> = (0..4).map(|_| app.guest().get(NOTES)).collect();
    let left: Vec<_> = replies
        .iter()
        .map(|r| r.header("x-ratelimit-remaining").unwrap())
        .collect();
    assert_eq!(left, ["2", "1", "0", "0"]);
    let error = replies[3].error(Code::RateLimited);
    assert_eq!(
        error["message"],
        "Too many requests, please try again later"
    );
    let wait: u64 = replies[3].header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    app.guest().get("/health").response.json();
}

#[test]
fn another_spelling_of_a_path_shares_its_limit() {
    let app = TestApp::start_with(|config| {
        config.rate_limit.enabled = true;
        config.rate_limit.auth_per_minute = 2.try_into().unwrap();
    });
    let body = json!({ "email": "ann@example.com", "password": "wrong horse battery" });
    for path in ["/api/auth/login", "/api/auth/%6Cogin"] {
        app.guest()
            .post(path, &body)
            .error(Code::InvalidCredentials);
    }
    for path in ["/%61pi/auth/login", "/api/auth/login"] {
        app.guest().post(path, &body).error(Code::RateLimited);
    }
}

#[test]
fn another_spelling_of_a_path_is_the_same_path() {
    let (app, admin) = notes();
    assert_eq!(admin.get("/%61pi/v1/n%6Ftes").ok()["items"], json!([]));
    let reply = app.guest().get("/%61pi/v1/notes");
    reply.error(Code::Unauthorized);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    app.guest().get("/api%2Fv1/notes").error(Code::NotFound);
}

#[test]
fn a_path_that_is_nearly_one_of_ours_is_none() {
    let (_app, admin) = notes();
    for path in [
        "//api/v1/notes",
        "/api//v1/notes",
        "/api/v1//notes",
        "/api/v1/notes/",
        "/api/v1/notes//",
        "/api/v1/",
        "/api/v1/*",
        "/api/v1/%7Bcollection%7D",
        "/api/v1/notes/%7Bid%7D/",
        "/api/v1/notes/%20",
        "/api/v1/n%C3%B6tes",
        "/api/v1/notes/%2F",
        "/api/v1/users/x/y/z/a",
    ] {
        admin.get(path).error(Code::NotFound);
        assert_eq!(admin.send("HEAD", path, None).status(), 404, "{path}");
    }
}

#[test]
fn a_table_that_somebody_took_away_is_a_database_error() {
    let (mut app, _) = notes();
    // Nobody has changed a definition, so that none can have been overtaken.
    app.restart_with(|_| {});
    let admin = app.admin();
    app.sql()
        .execute_batch("ALTER TABLE notes RENAME TO gone")
        .unwrap();
    admin.get(NOTES).error(Code::DatabaseError);
    admin
        .post(NOTES, &json!({ "title": "Bread" }))
        .error(Code::DatabaseError);
    app.sql()
        .execute_batch("ALTER TABLE gone RENAME TO notes")
        .unwrap();
    admin.post(NOTES, &json!({ "title": "Bread" })).created();
}

#[test]
fn a_queue_that_is_full_is_unavailable_and_changes_nothing() {
    let app = TestApp::start_with(|config| config.storage.queue_bytes = 64 << 10);
    app.collection("notes", json!([{ "name": "meta", "type": "json" }]));
    let admin = app.admin();
    let reply = admin.post(NOTES, &json!({ "meta": "x".repeat(64 << 10) }));
    reply.error(Code::ServiceUnavailable);
    assert_eq!(reply.header("retry-after"), Some("1"));
    admin.post(NOTES, &json!({ "meta": "x" })).created();
    assert_eq!(admin.get(NOTES).ok()["pagination"]["totalItems"], 1);
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let (_app, admin) = notes();
    for (path, allow) in [
        (NOTES, "GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS"),
        ("/api/v1/notes/x", "GET, PATCH, PUT, DELETE, HEAD, OPTIONS"),
        ("/api/system/collections", "GET, POST, HEAD, OPTIONS"),
        (
            "/api/system/roles/editor",
            "GET, PATCH, DELETE, HEAD, OPTIONS",
        ),
        ("/api/auth/login", "POST, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
    ] {
        let reply = admin.send("PROPFIND", path, None);
        reply.error(Code::MethodNotAllowed);
        assert_eq!(reply.header("allow"), Some(allow), "{path}");
        let reply = admin.send("OPTIONS", path, None);
        reply.no_content();
        assert_eq!(reply.header("allow"), Some(allow), "{path}");
    }
}

#[test]
fn head_works_wherever_get_does() {
    let (_app, admin) = notes();
    let one = bread(&admin);
    for path in [
        NOTES,
        &one,
        "/api/system/collections",
        "/api/auth/me",
        "/health/live",
        "/nothing",
    ] {
        let (get, head) = (admin.get(path), admin.send("HEAD", path, None));
        assert_eq!(head.status(), get.status(), "{path}");
        assert!(head.response.body.is_empty());
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(
                head.header(name).is_some(),
                get.header(name).is_some(),
                "{path}: {name}"
            );
        }
    }
}

#[test]
fn a_request_keeps_its_own_id_if_it_can_be_shown() {
    let app = TestApp::start();
    let longest = "x".repeat(128);
    for id in ["1", "a-b_c.d", r#""quoted\""#, "~!@#$%^&*()", &longest] {
        let reply = app.guest().with("X-Request-Id", id).get(NOTES);
        assert_eq!(reply.header("x-request-id"), Some(id));
        assert_eq!(reply.json()["meta"]["requestId"], id);
    }
}

#[test]
fn another_id_of_a_request_is_replaced() {
    let app = TestApp::start();
    let too_long = "x".repeat(129);
    for id in ["", "a b", "é", "a\tb", &too_long] {
        let reply = app.guest().with("X-Request-Id", id).get(NOTES);
        assert_eq!(reply.header("x-request-id").map(str::len), Some(26), "{id}");
    }
    let reply = app.guest().get(NOTES);
    assert_eq!(reply.header("x-request-id").map(str::len), Some(26));
}

#[test]
fn a_trace_does_no_harm() {
    let (_app, admin) = notes();
    for trace in [
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "",
        "00",
        "\u{e9}",
        "ff-0-0-0",
    ] {
        admin.with("traceparent", trace).get(NOTES).ok();
    }
}

#[test]
fn an_answer_under_api_is_kept_by_nobody_unless_it_says_so() {
    let (app, admin) = notes();
    let path = bread(&admin);
    for (reply, cache) in [
        (admin.get(&path), "private, no-cache"),
        (admin.get(NOTES), "private, no-cache"),
        (app.guest().get(&path), "no-store"),
        (admin.get("/api/auth/me"), "no-store"),
        (admin.get("/api/system/collections/notes"), "no-store"),
        (admin.get("/api/system/roles/editor"), "no-store"),
        (admin.get("/api/nothing"), "no-store"),
    ] {
        assert_eq!(
            reply.header("cache-control"),
            Some(cache),
            "{}",
            reply.json()
        );
        let vary = Some("Cookie, Authorization, Accept-Encoding, Origin");
        assert_eq!(reply.header("vary"), vary);
    }
}

#[test]
fn https_is_demanded_where_a_trusted_proxy_speaks_it() {
    let app = TestApp::start();
    let strict = |proto: &str| {
        let reply = app
            .guest()
            .with("X-Forwarded-Proto", proto)
            .get("/health/live");
        reply.header("strict-transport-security").map(str::to_owned)
    };
    assert_eq!(
        strict("https").as_deref(),
        Some("max-age=31536000; includeSubDomains")
    );
    assert_eq!(strict("http"), None);
    assert_eq!(
        app.guest()
            .get("/health/live")
            .header("strict-transport-security"),
        None
    );
}

#[test]
fn https_is_not_believed_of_strangers_and_preload_is_a_setting() {
    let app = TestApp::start_with(|config| config.server.trusted_proxies = Vec::new());
    let reply = app
        .guest()
        .with("X-Forwarded-Proto", "https")
        .get("/health/live");
    assert_eq!(reply.header("strict-transport-security"), None);
    let app = TestApp::start_with(|config| config.server.hsts_preload = true);
    let reply = app
        .guest()
        .with("X-Forwarded-Proto", "https")
        .get("/health/live");
    let preload = "max-age=31536000; includeSubDomains; preload";
    assert_eq!(reply.header("strict-transport-security"), Some(preload));
}

#[test]
fn health_stands_outside_the_envelope() {
    let app = TestApp::start();
    let reply = app.guest().get("/health");
    let health = reply.json();
    assert_eq!(reply.status(), 200);
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["timestamp"], app.clock().now().to_string());
    assert_eq!(health["checks"]["database"]["status"], "up");
    assert!(health["checks"]["database"]["latency"].is_u64(), "{health}");
    assert_eq!(health["checks"]["writer"]["status"], "up");
    let live = app.guest().get("/health/live").json();
    assert_eq!(live["status"], "ok");
    assert!(live["uptime"].is_u64(), "{live}");
    assert_eq!(
        app.guest().get("/health/ready").json(),
        json!({ "status": "ok" })
    );
}

#[test]
fn requests_on_one_connection_do_not_mix() {
    let (app, admin) = notes();
    let path = bread(&admin);
    let bearer = format!("Bearer {}", admin.access.as_deref().unwrap());
    let mut connection = Connection::open(app.address()).unwrap();
    for _ in 0..3 {
        let as_admin = connection
            .send("GET", &path, &[("Authorization", &bearer)], b"")
            .unwrap();
        let as_guest = connection.send("GET", &path, &[], b"").unwrap();
        assert_eq!((as_admin.status, as_guest.status), (200, 401));
        assert_ne!(
            as_admin.header("x-request-id"),
            as_guest.header("x-request-id")
        );
    }
}

#[test]
fn a_body_in_another_encoding_is_refused_as_such() {
    let (_app, admin) = notes();
    let body = json!({ "title": "bread" });
    for encoding in ["gzip", "br", "gzip, identity"] {
        let packed = admin.with("Content-Encoding", encoding);
        let reply = packed.post("/api/v1/notes", &body);
        reply.error(Code::UnsupportedMediaType);
    }
    let plain = admin.with("Content-Encoding", "identity");
    plain.post("/api/v1/notes", &body).created();
}

#[test]
fn a_guest_cannot_fill_the_answer_with_faults() {
    let app = TestApp::start();
    let body: serde_json::Map<_, _> = (0..50_000).map(|i| (format!("k{i}"), json!(1))).collect();
    let reply = app.guest().post("/api/auth/login", &body.into());
    reply.error(Code::ValidationError);
    assert!(
        reply.response.body.len() < 100_000,
        "{}",
        reply.response.body.len()
    );
    let query: Vec<String> = (0..5_000).map(|i| format!("k{i}")).collect();
    let reply = app
        .admin()
        .get(&format!("/api/v1/users?{}", query.join("&")));
    reply.error(Code::InvalidInput);
    assert!(
        reply.response.body.len() < 100_000,
        "{}",
        reply.response.body.len()
    );
}

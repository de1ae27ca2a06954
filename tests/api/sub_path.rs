//! An instance below a path of its host, whether the proxy takes that path off or hands it on.

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::Client,
};

fn below_stead() -> TestApp {
    let url = "https://example.org/stead".parse().unwrap();
    TestApp::start_with(|config| config.server.public_url = Some(url))
}

/// The path as a proxy hands it on, and as one takes it off.
const BOTH: [&str; 2] = ["/stead", ""];

#[test]
fn every_route_is_there_with_and_without_the_path() {
    let app = below_stead();
    for base in BOTH {
        app.admin().get(&format!("{base}/api/auth/me")).ok();
        let page = app.guest().get(&format!("{base}/admin/"));
        assert_eq!(page.status(), 200);
        assert_eq!(app.guest().get(&format!("{base}/health")).status(), 200);
        app.guest()
            .get(&format!("{base}/api/nothing"))
            .error(Code::NotFound);
        app.guest()
            .get(&format!("{base}/api/auth/me"))
            .error(Code::Unauthorized);
    }
    app.guest()
        .get("/steadfast/api/auth/me")
        .error(Code::NotFound);
}

#[test]
fn what_counts_for_a_path_counts_below_the_other_too() {
    let app = below_stead();
    let reply = app.guest().get("/stead/api/auth/me");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    let stranger = app.guest().with("Origin", "https://evil.example");
    stranger
        .post("/stead/api/auth/login", &body)
        .error(Code::Forbidden);
    let own = app.guest().with("Origin", "https://example.org");
    own.post("/stead/api/auth/login", &body).ok();
}

#[test]
fn every_address_that_leaves_has_the_path() {
    let app = below_stead();
    let admin = app.admin();
    for (number, base) in BOTH.into_iter().enumerate() {
        let name = format!("notes{number}");
        let definition = json!({ "name": name, "fields": [{ "name": "title", "type": "text" }] });
        let made = admin.post(&format!("{base}/api/system/collections"), &definition);
        made.created();
        let location = format!("/stead/api/system/collections/{name}");
        assert_eq!(made.header("location"), Some(location.as_str()));
        let path = format!("{base}/api/v1/{name}");
        for _ in 0..2 {
            let made = admin.post(&path, &json!({ "title": "a" }));
            let at = made.header("location").unwrap().to_owned();
            assert_eq!(admin.get(&at).ok(), made.created());
        }
        let list = admin.get(&format!("{path}?pageSize=1"));
        let next = format!("/stead/api/v1/{name}?page=2&pageSize=1");
        assert_eq!(list.ok()["links"]["next"], next);
        assert_eq!(
            list.header("link"),
            Some(format!("<{next}>; rel=\"next\"").as_str())
        );
        assert_eq!(admin.get(&next).ok()["items"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn the_root_leads_to_the_admin_page_below_the_path() {
    let app = below_stead();
    for path in ["/stead", "/stead/", "/", "/stead/admin", "/admin"] {
        let reply = app.guest().get(path);
        assert_eq!(
            (reply.status(), reply.header("location")),
            (307, Some("/stead/admin/"))
        );
    }
}

#[test]
fn the_cookies_are_for_the_path_alone() {
    let app = below_stead();
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    let login = app.guest().post("/stead/api/auth/login", &body);
    let paths: Vec<&str> = login
        .response
        .headers("set-cookie")
        .map(|line| {
            line.split("; Path=")
                .nth(1)
                .unwrap()
                .split(';')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(paths, ["/stead", "/stead/api/auth", "/stead"]);
    let mut browser: Client = app.guest();
    browser.keep_cookies(&login);
    browser.get("/stead/api/auth/me").ok();
    let out = browser
        .with_csrf()
        .send("POST", "/stead/api/auth/logout", None);
    browser.keep_cookies(&out);
    assert!(browser.cookies.is_empty());
}

#[test]
fn the_admin_page_names_its_files_relative_to_itself() {
    let app = below_stead();
    let page = app.guest().get("/stead/admin/");
    let page = page.response.text();
    for attribute in ["src=\"", "href=\""] {
        for rest in page.split(attribute).skip(1) {
            let file = rest.split('"').next().unwrap();
            assert!(file.starts_with("assets/"), "{file}");
            for base in BOTH {
                assert_eq!(
                    app.guest().get(&format!("{base}/admin/{file}")).status(),
                    200
                );
            }
        }
    }
}

//! A story: an instance of its own with an admin, the API beside the page, and the account at the
//! end.

use std::{cell::OnceCell, fs, path::Path, rc::Rc};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::driver::{Browser, Page};
use crate::{
    durability::skip,
    support::process::{EMAIL, PASSWORD, Stead, create_admin},
};

/// What a story has at hand.
pub struct Stage {
    /// The server; a story may end it.
    pub stead: Stead,
    pub browser: Rc<Browser>,
    /// The admin's access token, once it was needed.
    token: OnceCell<String>,
    dir: TempDir,
}

/// Tells a story of an instance that has been set up, and holds its pages to account. Said on
/// stderr and left out where there is no Chromium, but a failure where `CI` is set.
#[track_caller]
pub fn story(tell: impl FnOnce(&Stage)) {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    tell_on(dir, tell);
}

/// The same for an instance that nobody has set up.
#[track_caller]
pub fn story_from_nothing(tell: impl FnOnce(&Stage)) {
    tell_on(tempfile::tempdir().unwrap(), tell);
}

#[track_caller]
fn tell_on(dir: TempDir, tell: impl FnOnce(&Stage)) {
    if let Some(stage) = Stage::start(dir) {
        tell(&stage);
        stage.browser.finish();
    }
}

impl Stage {
    fn start(dir: TempDir) -> Option<Self> {
        let stead = Stead::start(dir.path());
        let origin = format!("http://{}", stead.address());
        let Some(browser) = Browser::new(&origin) else {
            let thread = std::thread::current();
            skip(
                thread.name().unwrap_or("a story"),
                "chromium is not installed",
            );
            return None;
        };
        Some(Self {
            stead,
            browser,
            token: OnceCell::new(),
            dir,
        })
    }

    /// Where the data of the instance lies.
    pub fn data(&self) -> &Path {
        self.dir.path()
    }

    /// Opens an address as a guest.
    pub fn guest(&self, path: &str) -> Page {
        self.browser.open(path)
    }

    /// Opens an address as the admin, who has signed in before.
    pub fn admin(&self, path: &str) -> Page {
        self.signed_in(EMAIL, PASSWORD, path)
    }

    /// Opens an address as any user, who has signed in before.
    #[track_caller]
    pub fn signed_in(&self, email: &str, password: &str, path: &str) -> Page {
        let body = json!({ "email": email, "password": password });
        let answer = self.stead.request("", "POST", "/api/auth/login", &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookies = answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie");
        let cookies: Vec<&str> = cookies.map(|(_, value)| value.as_str()).collect();
        self.browser.open_with(&cookies, path)
    }

    /// The link that the first start leaves where nobody looks at it.
    #[track_caller]
    pub fn setup_link(&self) -> String {
        // It is written before the server listens.
        let link = fs::read_to_string(self.data().join("setup-link")).unwrap();
        let (_, token) = link.trim().split_once("#setup=").unwrap();
        format!("/admin/#setup={token}")
    }

    /// Asks the API as the admin, beside the page; gives what is under `data`.
    #[track_caller]
    pub fn api(&self, method: &str, path: &str, body: &Value) -> Value {
        let token = self.token.get_or_init(|| self.stead.sign_in());
        let answer = self.stead.request(token, method, path, body);
        let is_done = (200..300).contains(&answer.status);
        assert!(
            is_done,
            "{method} {path}: {} {}",
            answer.status,
            answer.text()
        );
        answer.json()["data"].take()
    }

    /// The same for a `GET`.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.api("GET", path, &Value::Null)
    }

    /// The same for a `POST`.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.api("POST", path, body)
    }
}

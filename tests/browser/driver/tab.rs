//! One page of the browser: its session, questions to it, and waiting for it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{chromium::Chromium, patience, record};

/// What the page is asked in; see there.
const ROLES: &str = include_str!("roles.js");
const PROBES: &str = include_str!("probes.js");

/// What a page says in whose place another one comes, or that has not begun.
const BETWEEN_PAGES: &[&str] = &[
    "Cannot find context",
    "Execution context was destroyed",
    "Inspected target navigated",
    "Cannot find default execution context",
    "__seen is not defined",
    "Cannot read properties of undefined (reading 'until')",
];

/// Cookies, storage and downloads of its own, as another browser would have.
pub struct Profile {
    pub chromium: Arc<Chromium>,
    pub id: String,
}

/// A tab, and what is known of it.
pub struct Tab {
    pub profile: Arc<Profile>,
    pub origin: String,
    pub session: String,
    pub target: String,
    /// Statuses that the story has announced.
    pub expected: RefCell<BTreeSet<u16>>,
    /// Whether the story takes the server away.
    pub expects_silence: Cell<bool>,
    /// Downloads that the story has taken.
    pub downloads: Cell<usize>,
    /// Whether the state of the page has been told already.
    pub told: Cell<bool>,
}

/// Why a step could not be done.
pub enum Fault {
    /// It stayed so until time was over.
    Unmet(String),
    /// The step, or the browser, is at fault.
    Broken(String),
}

impl Profile {
    pub fn new(chromium: Arc<Chromium>) -> Arc<Self> {
        let made = chromium.call("", "Target.createBrowserContext", json!({}));
        let id = text(&made.expect("a new profile"), "browserContextId");
        let profile = Self { chromium, id };
        let downloads = json!({
            "behavior": "allowAndName",
            "browserContextId": profile.id,
            "downloadPath": profile.chromium.folder(),
            "eventsEnabled": true,
        });
        let set = profile
            .chromium
            .call("", "Browser.setDownloadBehavior", downloads);
        set.expect("a folder for downloads");
        Arc::new(profile)
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // The browser may have ended, which whoever asked it before has told.
        let own = json!({ "browserContextId": self.id });
        let _ = self.chromium.tell("", "Target.disposeBrowserContext", own);
    }
}

impl Tab {
    /// Opens an empty page in a window of its own, since one behind another draws nothing.
    pub fn new(profile: &Arc<Profile>, origin: &str) -> Self {
        let chromium = &profile.chromium;
        let wanted = json!({
            "url": "about:blank",
            "browserContextId": profile.id,
            "newWindow": true,
        });
        let made = chromium.call("", "Target.createTarget", wanted);
        let target = text(&made.expect("a new page"), "targetId");
        let how = json!({ "targetId": target, "flatten": true });
        let attached = chromium.call("", "Target.attachToTarget", how);
        let tab = Self {
            profile: Arc::clone(profile),
            origin: origin.to_owned(),
            session: text(&attached.expect("a session"), "sessionId"),
            target,
            expected: RefCell::default(),
            expects_silence: Cell::new(false),
            downloads: Cell::new(0),
            told: Cell::new(false),
        };
        for domain in ["Page", "Runtime", "Network", "Log", "Audits", "DOM"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        let script = json!({ "source": format!("{ROLES}\n{PROBES}") });
        tab.call("Page.addScriptToEvaluateOnNewDocument", script);
        tab.call(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
        tab
    }

    pub fn chromium(&self) -> &Chromium {
        &self.profile.chromium
    }

    /// Calls a method that cannot fail where this driver is right.
    pub fn call(&self, method: &str, params: Value) -> Value {
        let answer = self.chromium().call(&self.session, method, params);
        answer.unwrap_or_else(|why| panic!("the browser refused: {why}"))
    }

    /// Asks a probe (see `probes.js`) until it has an answer, over as many pages as it takes.
    pub fn until(&self, probe: &str, spec: &Value, time: Duration) -> Result<Value, Fault> {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let (name, ms) = (json!(probe), left.as_millis());
            let asked = self.evaluate(&format!("__seen.until({name}, {spec}, {ms})"));
            match asked {
                Ok(mut answer) => {
                    if let Some(why) = answer["unmet"].as_str() {
                        return Err(Fault::Unmet(why.to_owned()));
                    }
                    if let Some(why) = answer["broken"].as_str() {
                        return Err(Fault::Broken(why.to_owned()));
                    }
                    return Ok(answer["answer"].take());
                }
                Err(why) if left.is_zero() => return Err(Fault::Unmet(why)),
                Err(why) if BETWEEN_PAGES.iter().any(|it| why.contains(it)) => {}
                Err(why) => return Err(Fault::Broken(why)),
            }
        }
    }

    /// Runs an expression in the page, waits for what it promises, and gives the value.
    pub fn evaluate(&self, expression: &str) -> Result<Value, String> {
        let how = json!({
            "expression": expression,
            "awaitPromise": true,
            "returnByValue": true,
            "userGesture": true,
        });
        let chromium = self.chromium();
        let mut answer = chromium.call(&self.session, "Runtime.evaluate", how)?;
        let thrown = &answer["exceptionDetails"];
        if thrown.is_object() {
            let words = thrown["exception"]["description"].as_str();
            return Err(words.unwrap_or("the page threw something").to_owned());
        }
        Ok(answer["result"]["value"].take())
    }

    /// Does what leads to another place of the page, and waits until it is there.
    pub fn moves(&self, act: impl FnOnce()) {
        let (session, target) = (self.session.as_str(), self.target.as_str());
        let first = self.chromium().events(session).len();
        act();
        let arrived = self.chromium().wait(patience(), |state| {
            let mut events = state.since(session, first).iter();
            events.find(|event| is_arrival(event, target)).map(drop)
        });
        assert!(arrived.is_some(), "the page goes nowhere");
    }

    /// What the story would be blamed for now; see [`record`].
    pub fn faults(&self) -> Vec<String> {
        // What the page said before it answers this has come when it does.
        let frame = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))";
        let _ = self.evaluate(frame);
        record::faults(
            &self.chromium().events(&self.session),
            &self.origin,
            &self.expected.borrow(),
            self.expects_silence.get(),
        )
    }
}

fn is_arrival(event: &Value, target: &str) -> bool {
    let params = &event["params"];
    match event["method"].as_str() {
        Some("Page.frameNavigated") => params["frame"]["id"] == target,
        Some("Page.navigatedWithinDocument") => params["frameId"] == target,
        _ => false,
    }
}

/// A text of an answer.
pub fn text(answer: &Value, key: &str) -> String {
    let text = answer[key].as_str();
    text.unwrap_or_else(|| panic!("no {key} in {answer}"))
        .to_owned()
}

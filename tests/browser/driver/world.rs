//! What is around a page: its address, its window, the network, downloads.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use super::{page::Page, patience, report};

/// What the system of the user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// A file that the page gave to its user.
pub struct Download {
    /// As the page calls it.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Page {
    /// A desk in the light, and nothing that moves: what is asked for is there when it is there.
    pub(super) fn look_as_usual(&self) {
        self.width(1_440);
        self.theme(Theme::Light);
    }

    /// Goes to an address of the instance, or (`#/…`) of its page, as if it were typed.
    #[track_caller]
    pub fn go(&self, path: &str) {
        let page = if path.starts_with('#') { "/admin/" } else { "" };
        let url = format!("{}{page}{path}", self.tab.origin);
        let answer = self.tab.call("Page.navigate", json!({ "url": url }));
        if let Some(why) = answer["errorText"].as_str() {
            self.fail(&format!("goes to {path}"), why);
        }
    }

    /// Loads the page anew.
    #[track_caller]
    pub fn reload(&self) {
        self.tab.moves(|| {
            self.tab.call("Page.reload", json!({}));
        });
    }

    /// Goes where the user was before.
    #[track_caller]
    pub fn back(&self) {
        self.travel(-1);
    }

    /// Goes where the user went back from.
    #[track_caller]
    pub fn forward(&self) {
        self.travel(1);
    }

    #[track_caller]
    fn travel(&self, steps: i64) {
        let history = self.tab.call("Page.getNavigationHistory", json!({}));
        let place = history["currentIndex"].as_i64().unwrap() + steps;
        let entry = usize::try_from(place).map(|place| history["entries"][place]["id"].clone());
        let Some(entry) = entry.ok().filter(Value::is_number) else {
            self.fail("goes through the history", "there is nothing that way");
        };
        self.tab.moves(|| {
            let there = json!({ "entryId": entry });
            self.tab.call("Page.navigateToHistoryEntry", there);
        });
    }

    /// One more page of the same user: another tab, with the same cookies.
    pub fn tab(&self, path: &str) -> Self {
        self.browser.beside(self, path)
    }

    /// A page of somebody else, at another computer.
    pub fn another(&self, path: &str) -> Self {
        self.browser.open(path)
    }

    /// The next file that the page has given since the last one.
    #[track_caller]
    pub fn download(&self) -> Download {
        let number = self.tab.downloads.get();
        let began = |event: &&Value| {
            event["method"] == "Browser.downloadWillBegin"
                && event["params"]["frameId"] == self.tab.target.as_str()
        };
        let done = self.tab.chromium().wait(patience(), |state| {
            let events = state.since("", 0);
            let file = &events.iter().filter(began).nth(number)?["params"];
            let mut ends = events.iter().map(|event| &event["params"]);
            let is_whole = ends.any(|it| it["guid"] == file["guid"] && it["state"] == "completed");
            is_whole.then(|| file.clone())
        });
        let Some(file) = done else {
            self.fail("downloads", "no file came, or not all of it");
        };
        self.tab.downloads.set(number + 1);
        let path = self
            .tab
            .chromium()
            .folder()
            .join(file["guid"].as_str().unwrap());
        let name = file["suggestedFilename"].as_str().unwrap().to_owned();
        let bytes = fs::read(path).unwrap();
        Download { name, bytes }
    }

    /// Takes the network away, or gives it back.
    pub fn offline(&self, is_offline: bool) {
        self.network(is_offline, 0, -1);
    }

    /// A slow line: so many milliseconds to there and back, so many bytes a second; and nothing is
    /// kept in the cache.
    pub fn slow_line(&self, latency_ms: u32, bytes_per_second: i64) {
        self.tab
            .call("Network.setCacheDisabled", json!({ "cacheDisabled": true }));
        self.network(false, latency_ms, bytes_per_second);
    }

    fn network(&self, is_offline: bool, latency_ms: u32, bytes_per_second: i64) {
        let link = json!({
            "offline": is_offline,
            "latency": latency_ms,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        });
        self.tab.call("Network.emulateNetworkConditions", link);
    }

    /// Light or dark, as the user's system asks for; always without motion.
    pub fn theme(&self, theme: Theme) {
        let value = if theme == Theme::Dark {
            "dark"
        } else {
            "light"
        };
        let features = json!([
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tab.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
    }

    /// The width of the window; below 600 it is as high as a phone.
    pub fn width(&self, width: u32) {
        let height = if width < 600 { 740 } else { 900 };
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tab.call("Emulation.setDeviceMetricsOverride", size);
        // What the page makes of it is drawn in the frame after the next.
        let frame =
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
        self.script(&format!("{frame}.then(() => true)"));
    }

    /// Waits until every request of the page has been answered.
    #[track_caller]
    pub fn rests(&self) {
        let rested = self.tab.chromium().wait(patience(), |state| {
            let mut open = BTreeSet::new();
            for event in state.since(&self.tab.session, 0) {
                let id = event["params"]["requestId"].as_str().unwrap_or_default();
                match event["method"].as_str().unwrap_or_default() {
                    "Network.requestWillBeSent" => open.insert(id),
                    "Network.loadingFinished" | "Network.loadingFailed" => open.remove(id),
                    _ => false,
                };
            }
            open.is_empty().then_some(())
        });
        if rested.is_none() {
            self.fail("rests", "a request stays without an answer");
        }
    }

    /// The whole page as a PNG.
    #[track_caller]
    pub fn screenshot(&self) -> Vec<u8> {
        let picture = report::screenshot(&self.tab);
        picture.unwrap_or_else(|why| self.fail("takes a picture", &why))
    }
}

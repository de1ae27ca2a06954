//! What a page has said and asked for meanwhile, and which of it a story is blamed for: words of
//! warning, what the policy of the page forbade, requests that went elsewhere or were refused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Everything that should not have been, a line each.
pub fn faults(
    events: &[Value],
    origin: &str,
    expected: &BTreeSet<u16>,
    expects_silence: bool,
) -> Vec<String> {
    let mut record = Record {
        origin,
        expected,
        expects_silence,
        requests: BTreeMap::new(),
        came: BTreeSet::new(),
        faults: Vec::new(),
    };
    for event in events {
        record.take(
            event["method"].as_str().unwrap_or_default(),
            &event["params"],
        );
    }
    for status in expected.difference(&record.came) {
        let line = format!("the story expects {status}, and no answer had it");
        record.faults.push(line);
    }
    record.faults
}

/// The console and the requests so far, for whoever looks for the reason of a failure.
pub fn told(events: &[Value]) -> String {
    let lines = events.iter().filter_map(|event| {
        let params = &event["params"];
        match event["method"].as_str()? {
            "Runtime.consoleAPICalled" => Some(format!("console: {}", words(params))),
            "Runtime.exceptionThrown" => Some(format!("uncaught: {}", thrown(params))),
            "Log.entryAdded" => Some(format!("browser: {}", entry(params))),
            "Network.responseReceived" => answer(&params["response"]),
            _ => None,
        }
    });
    let lines: Vec<String> = lines.map(|line| format!("  {line}")).collect();
    let skipped = lines.len().saturating_sub(60);
    lines[skipped..].join("\n")
}

/// One that is worth telling: files that came as they should are not.
fn answer(response: &Value) -> Option<String> {
    let (status, url) = (&response["status"], plain(&response["url"]));
    let is_usual = *status == 200 && !url.contains("/api/");
    (!is_usual).then(|| format!("{status} {url}"))
}

struct Record<'a> {
    origin: &'a str,
    expected: &'a BTreeSet<u16>,
    expects_silence: bool,
    /// Method and address by the browser's id.
    requests: BTreeMap<String, String>,
    /// Announced statuses that came.
    came: BTreeSet<u16>,
    faults: Vec<String>,
}

impl Record<'_> {
    fn take(&mut self, method: &str, params: &Value) {
        let fault = match method {
            "Network.requestWillBeSent" => self.request(params),
            "Network.responseReceived" => self.response(params),
            "Network.loadingFailed" => self.failure(params),
            "Network.webSocketCreated" => self.elsewhere("a socket to", &params["url"]),
            "Runtime.exceptionThrown" => Some(format!("uncaught: {}", thrown(params))),
            "Runtime.consoleAPICalled" => is_bad(&params["type"])
                .then(|| format!("console {}: {}", plain(&params["type"]), words(params))),
            "Log.entryAdded" => self.entry(params),
            "Audits.issueAdded" => issue(&params["issue"]),
            "Page.javascriptDialogOpening" => (params["type"] != "beforeunload")
                .then(|| format!("a {} of the browser's", plain(&params["type"]))),
            _ => None,
        };
        self.faults.extend(fault);
    }

    fn request(&mut self, params: &Value) -> Option<String> {
        let request = &params["request"];
        let line = format!("{} {}", plain(&request["method"]), plain(&request["url"]));
        self.requests.insert(plain(&params["requestId"]), line);
        self.elsewhere("a request to", &request["url"])
    }

    fn elsewhere(&self, what: &str, url: &Value) -> Option<String> {
        let url = plain(url);
        let socket = self.origin.replacen("http", "ws", 1);
        let own = [self.origin, &socket, "data:", "blob:", "about:"];
        let stays = own.iter().any(|start| url.starts_with(start));
        (!stays).then(|| format!("{what} another origin: {url}"))
    }

    fn response(&mut self, params: &Value) -> Option<String> {
        let status = params["response"]["status"].as_u64().unwrap_or_default();
        let status = u16::try_from(status).unwrap_or_default();
        if status < 400 {
            return None;
        }
        if self.expected.contains(&status) {
            self.came.insert(status);
            return None;
        }
        let request = self.named(&params["requestId"]);
        Some(format!(
            "{status}, which the story does not expect: {request}"
        ))
    }

    fn failure(&mut self, params: &Value) -> Option<String> {
        let why = plain(&params["errorText"]);
        let is_left = params["canceled"] == true || why == "net::ERR_ABORTED";
        let is_known = is_left || self.is_silence(&why);
        (!is_known).then(|| format!("{why}: {}", self.named(&params["requestId"])))
    }

    /// Only a story that goes offline brings this about.
    fn is_silence(&self, why: &str) -> bool {
        why.contains("ERR_INTERNET_DISCONNECTED") || self.expects_silence && why.contains("net::")
    }

    fn named(&self, id: &Value) -> String {
        self.requests.get(&plain(id)).cloned().unwrap_or_default()
    }

    /// The browser writes a line of its own for each answer of 400 and above, and for none at all.
    fn entry(&self, params: &Value) -> Option<String> {
        let entry = &params["entry"];
        let text = plain(&entry["text"]);
        let is_answer = entry["source"] == "network" && text.starts_with("Failed to load resource");
        let is_known = is_answer && (text.contains("with a status of") || self.is_silence(&text));
        (is_bad(&entry["level"]) && !is_known).then(|| format!("browser: {}", self::entry(params)))
    }
}

/// What the browser holds against the page's own code; policies are told by the page, too.
fn issue(issue: &Value) -> Option<String> {
    let code = plain(&issue["code"]);
    let counts = [
        "ContentSecurityPolicyIssue",
        "MixedContentIssue",
        "CookieIssue",
    ];
    counts
        .contains(&code.as_str())
        .then(|| format!("{code}: {}", issue["details"]))
}

fn is_bad(level: &Value) -> bool {
    ["error", "warning", "assert"]
        .iter()
        .any(|bad| level == bad)
}

fn words(params: &Value) -> String {
    let parts = params["args"].as_array().into_iter().flatten();
    let parts: Vec<String> = parts
        .map(|part| match &part["value"] {
            Value::Null => plain(&part["description"]),
            value => plain(value),
        })
        .collect();
    parts.join(" ")
}

fn thrown(params: &Value) -> String {
    let details = &params["exceptionDetails"];
    match details["exception"]["description"].as_str() {
        Some(words) => words.to_owned(),
        None => format!(
            "{} {}",
            plain(&details["text"]),
            details["exception"]["value"]
        ),
    }
}

fn entry(params: &Value) -> String {
    let entry = &params["entry"];
    format!("{} {}", plain(&entry["text"]), plain(&entry["url"]))
}

/// A JSON value without quotes around a text.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

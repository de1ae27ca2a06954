//! A browser: curl, with its cookie jar, which minds `Secure`, paths and prefixes as browsers do.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::support::http::Response;

/// The origin of the instance, as the address bar has it.
pub const ORIGIN: &str = "https://example.org";

/// Where the browser asks from: no address that Stead trusts.
pub const ADDRESS: &str = "127.0.0.2";

pub struct Browser {
    dir: TempDir,
    port: u16,
    base: String,
}

impl Browser {
    pub fn new(dir: &Path, port: u16, base: &str) -> Self {
        Self {
            dir: tempfile::tempdir_in(dir).unwrap(),
            port,
            base: base.to_owned(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A request to a path of the instance, or why it has no answer.
    pub fn attempt(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, String> {
        let url = format!("{ORIGIN}{}{path}", self.base);
        self.ask(method, &url, headers, body)
    }

    /// A request to a path of the instance.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let answer = self.attempt(method, path, headers, body);
        answer.unwrap_or_else(|why| panic!("{method} {path} has no answer: {why}"))
    }

    /// A request to a path of the host.
    pub fn at(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let answer = self.ask("GET", &format!("{ORIGIN}{path}"), headers, b"");
        answer.unwrap_or_else(|why| panic!("{path} has no answer: {why}"))
    }

    fn ask(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, String> {
        let [jar, head, out] = ["jar", "head", "body"].map(|name| self.file(name));
        for file in [&head, &out] {
            let _ = fs::remove_file(file);
        }
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--insecure",
            "--path-as-is",
            "--max-time",
            "60",
        ])
        .args(["--interface", ADDRESS, "--noproxy", "*"])
        .args([
            "--connect-to",
            &format!("example.org:443:127.0.0.1:{}", self.port),
        ])
        .arg("--cookie")
        .arg(&jar)
        .arg("--cookie-jar")
        .arg(&jar)
        .arg("--dump-header")
        .arg(&head)
        .arg("--output")
        .arg(&out);
        for (name, value) in headers {
            curl.args(["--header", &format!("{name}: {value}")]);
        }
        match method {
            "HEAD" => curl.arg("--head"),
            "GET" => &mut curl,
            method => curl.args(["--request", method, "--data-binary", "@-"]),
        };
        let pipes = curl.stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.arg(url).spawn().unwrap();
        // curl may have its answer before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(body);
        let ended = child.wait_with_output().unwrap();
        if ended.status.success() {
            return Ok(response(&head, &out));
        }
        Err(String::from_utf8_lossy(&ended.stderr).into_owned())
    }

    /// Name and attributes of the cookies in the jar: `name path secure value`.
    pub fn cookies(&self) -> Vec<[String; 4]> {
        let jar = fs::read_to_string(self.file("jar")).unwrap_or_default();
        let lines = jar
            .lines()
            .map(|line| line.trim_start_matches("#HttpOnly_"));
        let cookies = lines.filter_map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            let [_, _, path, secure, _, name, value] = parts[..] else {
                return None;
            };
            Some([name, path, secure, value].map(str::to_owned))
        });
        let mut cookies: Vec<_> = cookies.collect();
        cookies.sort();
        cookies
    }

    /// The value of a cookie in the jar.
    pub fn cookie(&self, name: &str) -> String {
        let cookies = self.cookies();
        let found = cookies.iter().find(|cookie| cookie[0] == name);
        found.unwrap_or_else(|| panic!("no {name} in {cookies:?}"))[3].clone()
    }
}

/// What curl has written down; of several heads (`100 Continue`) the last one.
fn response(head: &Path, body: &Path) -> Response {
    let head = fs::read_to_string(head).unwrap();
    let last = head.trim_end().split("\r\n\r\n").last().unwrap();
    let mut lines = last.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.filter_map(|line| line.split_once(':'));
    Response {
        status: status.parse().unwrap(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
        body: fs::read(body).unwrap_or_default(),
    }
}

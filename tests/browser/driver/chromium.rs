//! A headless Chromium as a process, and the `DevTools` protocol with it: JSON over two pipes.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::process::unconfigured;

/// Where Debian has it.
const PROGRAM: &str = "/usr/bin/chromium";

/// The protocol goes over the descriptors 3 and 4, which the shell makes of what we have pipes for.
const REDIRECTED: &str = r#"exec "$@" 3<&0 4>&1 </dev/null >&2"#;

const FLAGS: &[&str] = &[
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-component-update",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--lang=en-US",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
    // What would leave the machine finds no address.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

/// How much longer an answer may take than what was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// How long it may take to end when asked to; then it is killed.
const FAREWELL: Duration = Duration::from_secs(10);

/// The one that runs for all stories of now; it ends with the last of them.
static RUNNING: Mutex<Weak<Chromium>> = Mutex::new(Weak::new());

/// A running browser. Dropping it ends it; it ends by itself when its pipe closes, so that none
/// outlives the tests however they end.
pub struct Chromium {
    child: Mutex<Child>,
    outbox: Arc<Outbox>,
    inbox: Arc<Inbox>,
    readers: Vec<JoinHandle<()>>,
    dir: TempDir,
}

/// The way to the browser.
struct Outbox {
    pipe: Mutex<Option<ChildStdin>>,
    next: AtomicU64,
}

/// What has come from the browser.
#[derive(Default)]
pub struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
}

/// Answers that nobody has taken yet, and all events by their session (that of the browser is "").
#[derive(Default)]
pub struct State {
    answers: HashMap<u64, Value>,
    events: HashMap<String, Vec<Value>>,
    /// What it said on stderr.
    words: String,
    ended: bool,
}

impl Chromium {
    /// The browser that runs, or a new one; none where none is installed.
    pub fn shared() -> Option<Arc<Self>> {
        if !Path::new(PROGRAM).exists() {
            return None;
        }
        // Whoever failed to start one has told so; the next story tries again.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let alive = running.upgrade().filter(|it| !it.inbox.lock().ended);
        let browser = alive.unwrap_or_else(|| Arc::new(Self::start()));
        *running = Arc::downgrade(&browser);
        Some(browser)
    }

    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = unconfigured("sh");
        command.args(["-c", REDIRECTED, "sh", PROGRAM]).args(FLAGS);
        if is_root() {
            // Its sandbox refuses to run as root.
            command.arg("--no-sandbox");
        }
        command.arg(format!("--user-data-dir={}", dir.path().display()));
        command.arg("about:blank");
        // So that it finds no settings of whoever runs the tests, and leaves nothing there.
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env(name, dir.path());
        }
        let mut child = launch(command);
        let inbox = Arc::new(Inbox::default());
        let outbox = Arc::new(Outbox {
            pipe: Mutex::new(child.stdin.take()),
            next: AtomicU64::new(1),
        });
        let readers = vec![
            read_messages(&mut child, Arc::clone(&inbox), Arc::clone(&outbox)),
            read_words(&mut child, Arc::clone(&inbox)),
        ];
        Self {
            child: Mutex::new(child),
            outbox,
            inbox,
            readers,
            dir,
        }
    }

    /// A folder that goes with the browser.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Calls a method of the protocol, for a session or (empty) the browser; gives its result, or
    /// what the browser has against it.
    pub fn call(&self, session: &str, method: &str, params: Value) -> Result<Value, String> {
        let id = self.tell(session, method, params);
        // A page that waits tells what for when its time is over, which must not come too late.
        let time = super::patience() + GRACE;
        let answer = self.wait(time, |state| state.answers.remove(&id));
        let Some(mut answer) = answer else {
            return Err(format!("{method} has no answer{}", self.inbox.last_words()));
        };
        if let Some(message) = answer["error"]["message"].as_str() {
            return Err(format!("{method}: {message}"));
        }
        Ok(answer["result"].take())
    }

    /// Sends a call without waiting for its answer; gives the number of the call.
    pub fn tell(&self, session: &str, method: &str, params: Value) -> u64 {
        self.outbox.tell(session, method, params)
    }

    /// Waits until `look` finds something in what has come. None where time, or the browser, is over.
    pub fn wait<T>(
        &self,
        patience: Duration,
        mut look: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now() + patience;
        let mut state = self.inbox.lock();
        loop {
            if let Some(found) = look(&mut state) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || state.ended {
                return None;
            }
            let waited = self.inbox.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The events of a session so far.
    pub fn events(&self, session: &str) -> Vec<Value> {
        let state = self.inbox.lock();
        state.events.get(session).cloned().unwrap_or_default()
    }
}

impl State {
    /// The events of a session from the given one on.
    pub fn since(&self, session: &str, first: usize) -> &[Value] {
        let events = self.events.get(session).map_or(&[][..], Vec::as_slice);
        events.get(first..).unwrap_or_default()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.tell("", "Browser.close", json!({}));
        let deadline = Instant::now() + FAREWELL;
        let mut state = self.inbox.lock();
        while !state.ended && Instant::now() < deadline {
            let waited = self.inbox.changed.wait_timeout(state, FAREWELL);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        lock(&self.outbox.pipe).take();
        let mut child = lock(&self.child);
        // Its processes are a group of their own: none of them stays.
        let group = format!("-{}", child.id());
        let _ = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = child.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
    }
}

impl Outbox {
    fn tell(&self, session: &str, method: &str, params: Value) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({ "id": id, "method": method });
        message["params"] = params;
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let bytes = format!("{message}\0");
        if let Some(pipe) = lock(&self.pipe).as_mut() {
            // If it has ended, nothing will answer, and that is told with its words.
            let _ = pipe.write_all(bytes.as_bytes());
        }
        id
    }

    /// A question of the browser's holds everything up until it has an answer. Leaving a page with
    /// changes is what a story does on purpose; any other question is held against it later.
    fn agree(&self, event: &Value) {
        if event["method"] == "Page.javascriptDialogOpening" {
            let session = event["sessionId"].as_str().unwrap_or_default();
            let yes = json!({ "accept": true });
            self.tell(session, "Page.handleJavaScriptDialog", yes);
        }
    }
}

impl Inbox {
    /// Why nothing comes any more, if so.
    fn last_words(&self) -> String {
        let state = self.lock();
        if state.ended {
            return format!("; Chromium has ended:\n{}", state.words);
        }
        String::new()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn take(&self, message: Value) {
        let mut state = self.lock();
        if let Some(id) = message["id"].as_u64() {
            state.answers.insert(id, message);
        } else {
            let session = message["sessionId"].as_str().unwrap_or_default().to_owned();
            state.events.entry(session).or_default().push(message);
        }
        self.changed.notify_all();
    }
}

/// A story that failed leaves nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn launch(mut command: Command) -> Child {
    command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Chromium can be started")
}

fn read_messages(child: &mut Child, inbox: Arc<Inbox>, outbox: Arc<Outbox>) -> JoinHandle<()> {
    let mut messages = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        while messages
            .read_until(0, &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            bytes.pop();
            if let Ok(message) = serde_json::from_slice(&bytes) {
                outbox.agree(&message);
                inbox.take(message);
            }
            bytes.clear();
        }
        inbox.lock().ended = true;
        inbox.changed.notify_all();
    })
}

fn read_words(child: &mut Child, inbox: Arc<Inbox>) -> JoinHandle<()> {
    let mut stderr = child.stderr.take().unwrap();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read) = stderr.read(&mut bytes) {
            if read == 0 {
                break;
            }
            inbox.lock().words += &String::from_utf8_lossy(&bytes[..read]);
        }
    })
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

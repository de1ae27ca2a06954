//! A Stead with a proxy before it, each a process of its own on a free port of loopback.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::{browser::Browser, document};
use crate::{
    durability::skip,
    support::process::{Stead, create_admin, unconfigured},
};

/// "nobody" and "nogroup" on Debian. A proxy needs no more, and must not get more from the tests.
const NOBODY: u32 = 65_534;

/// A port may be taken by somebody else between the moment it was free and the proxy's start.
const ATTEMPTS: u32 = 5;

pub struct Stage {
    // Ends before Stead does.
    proxy: Proxy,
    stead: Stead,
    /// The path below which the instance lies: `/stead`, or nothing.
    pub base: String,
    data: PathBuf,
    dir: TempDir,
}

struct Proxy {
    child: Child,
    port: u16,
}

/// A program that stories need.
fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/bin"];
    let mut paths = folders.iter().map(|folder| Path::new(folder).join(name));
    paths.find(|path| path.exists())
}

impl Stage {
    /// Starts Stead and the proxy as `docs/proxies.md` says under `title`. None, and said so, where
    /// a program is not installed.
    pub fn start(title: &str) -> Option<Self> {
        let proxy = if title.starts_with("Caddy") {
            "caddy"
        } else {
            "nginx"
        };
        let missing = [proxy, "curl", "openssl"]
            .into_iter()
            .find(|name| program(name).is_none());
        if let Some(missing) = missing {
            skip(
                &format!("behind {title}"),
                &format!("{missing} is not installed"),
            );
            return None;
        }
        let (text, own) = document::configuration(title);
        let dir = tempfile::tempdir().unwrap();
        let (data, config) = (dir.path().join("data"), dir.path().join("stead.toml"));
        fs::write(&config, own).unwrap();
        create_admin(&data);
        let env = [("STEAD_CONFIG", config.to_str().unwrap())];
        let stead = Stead::launch(&data, &[], &env).listening();
        certificate(dir.path());
        let proxy = Proxy::start(proxy, text, stead.address(), dir.path());
        let base = if own.contains("example.org/stead") {
            "/stead"
        } else {
            ""
        };
        let stage = Self {
            proxy,
            stead,
            base: base.to_owned(),
            data,
            dir,
        };
        stage.wait();
        Some(stage)
    }

    /// A browser that has been nowhere yet.
    pub fn browser(&self) -> Browser {
        Browser::new(self.dir.path(), self.proxy.port, &self.base)
    }

    /// What a query of one text gives, in a shell of its own.
    pub fn text(&self, sql: &str) -> String {
        let database = self.data.join(stead::db::DATABASE);
        let conn = rusqlite::Connection::open(database).unwrap();
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn wait(&self) {
        let browser = self.browser();
        crate::support::process::eventually("the proxy answers", || {
            let answer = browser.attempt("GET", "/health/live", &[], b"");
            answer.is_ok_and(|answer| answer.status == 200)
        });
        assert!(self.stead.pid() > 0);
    }
}

impl Proxy {
    fn start(name: &str, text: &str, stead: SocketAddr, dir: &Path) -> Self {
        for _ in 0..ATTEMPTS {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let (file, whole) = match name {
                "caddy" => ("Caddyfile", caddyfile(text, stead, dir, port)),
                _ => ("nginx.conf", nginx_conf(text, stead, dir, port)),
            };
            fs::write(dir.join(file), whole).unwrap();
            let mut proxy = Self {
                child: command(name, &dir.join(file), dir).spawn().unwrap(),
                port,
            };
            let address = SocketAddr::from(([127, 0, 0, 1], port));
            while matches!(proxy.child.try_wait(), Ok(None)) {
                if std::net::TcpStream::connect(address).is_ok() {
                    return proxy;
                }
                std::thread::yield_now();
            }
        }
        let said = fs::read_to_string(dir.join("proxy.log")).unwrap_or_default();
        panic!("{name} does not start:\n{said}");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // SIGTERM: nginx then ends its workers as well.
        if matches!(self.child.try_wait(), Ok(None)) {
            let pid = self.child.id().to_string();
            let _ = Command::new("kill").args(["-s", "TERM", &pid]).status();
        }
        let _ = self.child.wait();
    }
}

fn command(name: &str, config: &Path, dir: &Path) -> Command {
    let home = dir.join("proxy");
    fs::create_dir_all(&home).unwrap();
    let log = fs::File::create(dir.join("proxy.log")).unwrap();
    let mut command = unconfigured(program(name).unwrap().to_str().unwrap());
    match name {
        "caddy" => command
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(config),
        _ => command.args(["-e", "stderr", "-c"]).arg(config),
    };
    command
        .env("HOME", &home)
        .env("XDG_DATA_HOME", &home)
        .env("XDG_CONFIG_HOME", &home)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    let is_root = fs::metadata(&home).unwrap().uid() == 0;
    if is_root {
        for path in [
            dir,
            &home,
            config,
            &dir.join("key.pem"),
            &dir.join("cert.pem"),
        ] {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// The Caddyfile of the document, with a certificate of Caddy's own authority on a port of ours.
fn caddyfile(text: &str, stead: SocketAddr, dir: &Path, port: u16) -> String {
    let home = dir.join("proxy");
    let text = replaced(text, "127.0.0.1:8080", &stead.to_string());
    format!(
        "{{\n  admin off\n  local_certs\n  skip_install_trust\n  auto_https disable_redirects\n  \
         https_port {port}\n  default_bind 127.0.0.1\n  storage file_system {}\n}}\n{text}",
        home.display()
    )
}

/// The file of the document, with what Debian's `nginx.conf` has around it, on a port of ours.
fn nginx_conf(text: &str, stead: SocketAddr, dir: &Path, port: u16) -> String {
    let at = |name: &str| dir.join(name).display().to_string();
    let text = replaced(text, "127.0.0.1:8080", &stead.to_string());
    let text = replaced(&text, "listen 443 ", &format!("listen 127.0.0.1:{port} "));
    let text = replaced(&text, "/etc/ssl/example.org.crt", &at("cert.pem"));
    let text = replaced(&text, "/etc/ssl/example.org.key", &at("key.pem"));
    let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("  {name}_temp_path {};\n", at(&format!("proxy/{name}"))))
        .collect();
    format!(
        "daemon off;\nworker_processes 1;\npid {};\nevents {{}}\nhttp {{\n  access_log off;\n\
         {folders}{text}}}\n",
        at("proxy/pid")
    )
}

/// What is not in the document any more must not be left unreplaced without a word.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from} in\n{text}");
    text.replace(from, to)
}

/// A certificate that nobody has signed but itself.
fn certificate(dir: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-newkey", "ec", "-days", "2"])
        .args([
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-subj",
            "/CN=example.org",
        ])
        .args(["-addext", "subjectAltName=DNS:example.org"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "no certificate: {words}");
}

//! The yardstick: a bare handler of the same framework that answers a constant.
//!
//! It runs as a process of its own, this very program started again, so that its cost is counted
//! as the server's is.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    thread,
};

use actix_web::{App, HttpResponse, HttpServer, web};

use crate::{
    Result,
    driver::write_request,
    plan::{Plan, Workload},
    process,
    report::Row,
};

/// With the number of bytes behind it, makes this program the yardstick.
pub const FLAG: &str = "--yardstick";

/// A running yardstick.
pub struct Yardstick {
    child: Child,
    address: SocketAddr,
}

impl Yardstick {
    /// Measures one that answers bodies of so many bytes.
    pub fn measure(plan: &Plan, workload: Workload, bytes: usize) -> Result<Row> {
        let yardstick = Self::start(bytes)?;
        let mut request = Vec::new();
        write_request(&mut request, "GET", "/", None, b"");
        Row::measure(
            plan,
            workload,
            yardstick.child.id(),
            yardstick.address,
            |_, buffer| buffer.extend_from_slice(&request),
        )
    }

    fn start(bytes: usize) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args([FLAG, &bytes.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse();
        let address = address.map_err(|_| format!("the yardstick said {line:?}"))?;
        Ok(Self { child, address })
    }
}

impl Drop for Yardstick {
    fn drop(&mut self) {
        process::kill(&mut self.child);
    }
}

/// Is the yardstick, until its input ends: with as many workers as the server has by default.
pub fn serve(bytes: &str) -> Result<()> {
    // The bench holds the other end: killed, it leaves no process behind.
    thread::spawn(|| {
        let _ = io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    let body = web::Bytes::from(constant(bytes.parse()?));
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(move || {
            let body = body.clone();
            App::new().route("/", web::get().to(move || answer(body.clone())))
        });
        let server = server.bind("127.0.0.1:0")?;
        let address = server.addrs().first().copied().ok_or("no address")?;
        writeln!(io::stdout(), "{address}")?;
        Ok(server.run().await?)
    })
}

async fn answer(body: web::Bytes) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(body)
}

/// A JSON text of so many bytes, at least those of its frame.
fn constant(bytes: usize) -> String {
    const FRAME: usize = r#"{"data":""}"#.len();
    format!(
        r#"{{"data":"{}"}}"#,
        "a".repeat(bytes.saturating_sub(FRAME))
    )
}

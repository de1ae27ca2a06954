//! `stead import`.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use serde_json::Value as Json;

use super::{FormatName, cannot, escaped, is_standard, progress::Progress, served};
use crate::{
    app::App,
    cli::{
        Common, Failure,
        operator::{self, Instance},
        print,
        socket::{self, Socket},
        visible,
    },
    web::{Query, Spool},
};

/// Read records from a file into a collection
#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The collection, as in its path: order-items
    collection: String,
    /// The file, or - for standard input
    file: PathBuf,
    /// The form of the file [default: by its name, else csv]
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// What a row does
    #[arg(long, value_enum, default_value = "create")]
    mode: Mode,
    /// The unique field by which a row finds its record, for --mode upsert
    #[arg(long, value_name = "FIELD")]
    on: Option<String>,
    /// What becomes of the others if a row is bad
    #[arg(long, value_enum, default_value = "abort")]
    on_error: OnError,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    /// It makes a record
    Create,
    /// It replaces the record that has the same value, or makes one
    Upsert,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnError {
    /// None is written
    Abort,
    /// They are written
    Skip,
}

impl Import {
    pub(crate) fn run(self, common: &Common) -> Result<(), Failure> {
        let config = crate::config::load(&common.flags(None))?;
        let report = actix_web::rt::System::new().block_on(async {
            match operator::reach(config, false).await? {
                Instance::Served(socket) => self.by_server(socket),
                Instance::Own(app) => {
                    let outcome = self.here(&app).await;
                    app.db.close();
                    outcome
                }
            }
        });
        tell(&report?)
    }

    fn query(&self) -> String {
        let mode = match self.mode {
            Mode::Create => "create",
            Mode::Upsert => "upsert",
        };
        let on_error = match self.on_error {
            OnError::Abort => "abort",
            OnError::Skip => "skip",
        };
        let on = self.on.as_ref();
        let on = on.map(|on| format!("&on={}", escaped(on)));
        format!("mode={mode}&onError={on_error}{}", on.unwrap_or_default())
    }

    fn open(&self) -> Result<Option<File>, Failure> {
        if is_standard(&self.file) {
            return Ok(None);
        }
        let file = File::open(&self.file).map_err(|error| cannot("read", &self.file, &error))?;
        Ok(Some(file))
    }

    fn by_server(&self, socket: Socket) -> Result<Json, Failure> {
        let path = format!(
            "/api/v1/{}/import?{}",
            escaped(&self.collection),
            self.query()
        );
        let broken = |error: io::Error| served::broken(&error);
        let file = self.open()?;
        let length = file.as_ref().and_then(|file| file.metadata().ok());
        let mut progress = Progress::new("Sent", length.map(|known| known.len()));
        let input: Box<dyn Read> = match file {
            Some(file) => Box::new(file),
            None => Box::new(io::stdin()),
        };
        // Checking and writing may take longer than any other task.
        socket.be_patient().map_err(broken)?;
        let media = FormatName::of(self.format, &self.file).media_type();
        let body = Some((media, input));
        let sent = |count| {
            progress.add(count);
        };
        let mut answer = served::send(socket, ("POST", &path), body, sent).map_err(broken)?;
        let body = answer.whole().map_err(broken)?;
        if !answer.is_ok {
            return Err(socket::refused(&answer.head, &body));
        }
        let envelope: Json = serde_json::from_slice(&body).unwrap_or_default();
        Ok(envelope.get("data").cloned().unwrap_or_default())
    }

    async fn here(&self, app: &App) -> Result<Json, Failure> {
        let (caller, query) = (App::operator("import"), Query::parse(&self.query())?);
        let most = app.config.server.body_limit;
        let importing = app
            .records
            .importing(&caller, &self.collection, query, most)?;
        let importing = importing.of(FormatName::of(self.format, &self.file));
        let file = match self.open()? {
            Some(file) if file.metadata().is_ok_and(|known| known.is_file()) => file,
            other => {
                let mut input: Box<dyn Read> = match other {
                    Some(pipe) => Box::new(pipe),
                    None => Box::new(io::stdin()),
                };
                let spooled = Spool::of(&mut *input, app.db.dir().path());
                spooled.map_err(|error| cannot("read", &self.file, &error))?
            }
        };
        let progress = Progress::new("Importing", None);
        progress.say("Checking and writing ...");
        let made = app.records.import(&importing, file, &[], None).await?;
        Ok(made.value)
    }
}

/// Prints what has come of it.
///
/// # Errors
/// If a row was bad.
fn tell(report: &Json) -> Result<(), Failure> {
    let number = |name: &str| report.get(name).and_then(Json::as_u64).unwrap_or_default();
    let (created, updated, failed) = (number("created"), number("updated"), number("failed"));
    let id = report
        .get("importId")
        .and_then(Json::as_str)
        .unwrap_or_default();
    print(&format!(
        "created {created}, updated {updated}, failed {failed} (import {id})"
    ));
    if failed == 0 {
        return Ok(());
    }
    let errors = report.get("errors").and_then(Json::as_array);
    let lines = errors.into_iter().flatten().map(|error| {
        let text = |name: &str| error.get(name).and_then(Json::as_str).unwrap_or_default();
        let line = error.get("line").and_then(Json::as_u64).unwrap_or_default();
        format!(
            "\n  line {line}, {}: {}",
            visible(text("field")),
            visible(text("message"))
        )
    });
    let lines: String = lines.collect();
    Err(Failure::Other(format!(
        "{failed} rows were not imported{lines}"
    )))
}

//! `stead export`.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{FormatName, cannot, escaped, is_standard, progress::Progress, served};
use crate::{
    app::App,
    cli::{
        Common, Failure,
        operator::{self, Instance},
        socket::{self, Socket},
    },
    web::Query,
};

/// Write the records of a collection to a file
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The collection, as in its path: order-items
    collection: String,
    /// Where to; a file is put in place once it is whole
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The form of the file [default: by its name, else csv]
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// Only records that fulfil this, in the language of rules
    #[arg(long)]
    filter: Option<String>,
    /// Only these fields: id,title
    #[arg(long)]
    fields: Option<String>,
    /// In this order: -createdAt,title [default: the oldest first]
    #[arg(long)]
    sort: Option<String>,
}

impl Export {
    pub(crate) fn run(self, common: &Common) -> Result<(), Failure> {
        let config = crate::config::load(&common.flags(None))?;
        let mut target = Target::open(&self.file)?;
        let exported = actix_web::rt::System::new().block_on(async {
            match operator::reach(config, false).await? {
                Instance::Served(socket) => self.by_server(socket, &mut target),
                Instance::Own(app) => {
                    let outcome = self.here(&app, &mut target).await;
                    app.db.close();
                    outcome
                }
            }
        });
        exported.and_then(|()| target.finish())
    }

    fn query(&self) -> String {
        let format = FormatName::of(self.format, &self.file).name().to_owned();
        let parameters = [
            ("format", Some(&format)),
            ("filter", self.filter.as_ref()),
            ("fields", self.fields.as_ref()),
            ("sort", self.sort.as_ref()),
        ];
        let given = parameters.into_iter();
        let given = given.filter_map(|(name, value)| Some(format!("{name}={}", escaped(value?))));
        given.collect::<Vec<_>>().join("&")
    }

    fn by_server(&self, socket: Socket, target: &mut Target) -> Result<(), Failure> {
        let path = format!(
            "/api/v1/{}/export?{}",
            escaped(&self.collection),
            self.query()
        );
        let broken = |error: io::Error| served::broken(&error);
        let mut answer = served::send(socket, ("GET", &path), None, |_| {}).map_err(broken)?;
        if !answer.is_ok {
            let body = answer.whole().map_err(broken)?;
            return Err(socket::refused(&answer.head, &body));
        }
        loop {
            let piece = answer.piece().map_err(broken)?;
            if piece.is_empty() {
                return Ok(());
            }
            target.write(&piece)?;
        }
    }

    async fn here(&self, app: &App, target: &mut Target) -> Result<(), Failure> {
        let (caller, query) = (App::operator("export"), Query::parse(&self.query())?);
        let begun = app.records.export(&caller, &self.collection, query);
        let (mut exporting, first) = begun.await?;
        target.write(&first)?;
        while let Some(piece) = exporting.next().await? {
            target.write(&piece)?;
        }
        Ok(())
    }
}

/// Where the records go.
struct Target {
    output: Box<dyn Write>,
    /// The file that is written, and the one that it becomes.
    file: Option<(PathBuf, PathBuf)>,
    progress: Progress,
}

impl Target {
    fn open(file: &Path) -> Result<Self, Failure> {
        let progress = Progress::new("Exported", None);
        if is_standard(file) {
            return Ok(Self {
                output: Box::new(io::stdout()),
                file: None,
                progress,
            });
        }
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let output = fs::File::create(&part).map_err(|error| cannot("written", &part, &error))?;
        Ok(Self {
            output: Box::new(output),
            file: Some((part, file.to_owned())),
            progress,
        })
    }

    fn write(&mut self, piece: &[u8]) -> Result<(), Failure> {
        let written = self.output.write_all(piece);
        written.map_err(|error| Failure::Other(format!("cannot write: {error}")))?;
        self.progress.add(piece.len());
        Ok(())
    }

    fn finish(mut self) -> Result<(), Failure> {
        let flushed = self.output.flush();
        flushed.map_err(|error| Failure::Other(format!("cannot write: {error}")))?;
        if let Some((part, file)) = self.file.take() {
            fs::rename(part, &file).map_err(|error| cannot("written", &file, &error))?;
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some((part, _)) = self.file.take() {
            // Half a file is of no use to anybody.
            let _ = fs::remove_file(part);
        }
    }
}

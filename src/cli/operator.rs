//! How a command has something done: by the server that runs on the data directory, else in this
//! process, under the lock of the directory. A command does not know which.

use std::{
    io::{self, ErrorKind},
    path::Path,
    time::{Duration, Instant},
};

use super::{Common, Failure, socket::Socket};
use crate::{
    app::{App, StartError, operator::Task},
    config::Config,
    db::{DATABASE, OpenError},
};

/// How long a command waits for a lock without a socket: another command, or a server that is
/// just starting or ending.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it looks meanwhile.
const PAUSE: Duration = Duration::from_millis(50);

/// The instance, wherever it is open.
pub(super) enum Instance {
    Own(Box<App>),
    Served(Socket),
}

/// Has `task` done for the command `what`, such as `admin create`.
///
/// # Errors
/// If the instance cannot be reached, and those of the task.
pub(super) fn run<T: Task>(common: &Common, what: &str, task: T) -> Result<T::Answer, Failure> {
    let config = crate::config::load(&common.flags(None))?;
    actix_web::rt::System::new().block_on(async move {
        match reach(config, T::MAKES_INSTANCE).await? {
            Instance::Served(socket) => socket.run(&task),
            Instance::Own(app) => {
                let outcome = task.run(&app, &App::operator(what)).await;
                app.db.close();
                outcome.map_err(Failure::from)
            }
        }
    })
}

/// The instance, in the server that has it or in this process.
///
/// # Errors
/// If it cannot be reached, and if there is none and `makes` is false.
pub(super) async fn reach(config: Config, makes: bool) -> Result<Instance, Failure> {
    let dir = config.data_dir.clone();
    must_exist(&dir, makes)?;
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(socket) = served(&dir)? {
            return Ok(Instance::Served(socket));
        }
        match App::open(config.clone()).await {
            Ok(app) => return Ok(Instance::Own(Box::new(app))),
            Err(StartError::Open(OpenError::InUse(_))) if Instant::now() < until => {}
            Err(error) => return Err(error.into()),
        }
        actix_web::rt::time::sleep(PAUSE).await;
    }
}

/// Opens the instance in this process; a command that has it for a moment is waited for.
///
/// # Errors
/// `InUse` if a server has it, else why it cannot be used.
pub(super) async fn open(config: Config) -> Result<App, Failure> {
    let dir = config.data_dir.clone();
    match reach(config, true).await? {
        Instance::Own(app) => Ok(*app),
        Instance::Served(_) => Err(StartError::Open(OpenError::InUse(dir)).into()),
    }
}

/// The server on `dir`, if one answers.
///
/// # Errors
/// If it must not be talked to.
fn served(dir: &Path) -> Result<Option<Socket>, Failure> {
    match Socket::connect(dir) {
        Ok(socket) => Ok(Some(socket)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Failure::Other(format!(
            "the server on {} cannot be reached by its socket: {error}",
            dir.display()
        ))),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::NotADirectory
    )
}

/// Refuses a directory without a database: a slip of the pen must not make a new instance.
///
/// # Errors
/// If there is none, and `makes` is false.
pub(super) fn must_exist(dir: &Path, makes: bool) -> Result<(), Failure> {
    if makes || dir.join(DATABASE).exists() {
        return Ok(());
    }
    Err(Failure::Other(format!(
        "there is no database in {}; name its directory with --data-dir",
        dir.display()
    )))
}

//! The Unix socket in the data directory, by which commands reach a running server.
//!
//! Whoever may connect is the operator, so nobody else may at any moment: it is bound in a folder
//! that is closed to others, and moved to its place once its mode is 0600.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io::{self, ErrorKind},
    os::{
        fd::AsRawFd,
        unix::{
            fs::{DirBuilderExt, PermissionsExt},
            net::{UnixListener, UnixStream},
        },
    },
    path::Path,
};

/// Name of the socket in the data directory.
pub const SOCKET: &str = "stead.sock";
/// Name of the folder in the data directory that it is bound in.
const CLOSED: &str = ".stead.sock";
/// Its name in there.
const BOUND: &str = "bound";

/// Listens on the socket in `dir`, in place of one that a dead server has left. Only who holds the
/// lock of `dir` may call this.
///
/// # Errors
/// If the file system has no sockets, or the directory cannot be written.
pub fn listen(dir: &Path) -> io::Result<UnixListener> {
    let closed = dir.join(CLOSED);
    let bound = closed.join(BOUND);
    // What a kill in the middle has left.
    let _ = fs::remove_file(&bound);
    let _ = fs::remove_dir(&closed);
    DirBuilder::new().mode(0o700).create(&closed)?;
    let listener = by_short_path(&bound, |path| UnixListener::bind(path)).and_then(|listener| {
        fs::set_permissions(&bound, Permissions::from_mode(0o600))?;
        fs::rename(&bound, dir.join(SOCKET))?;
        Ok(listener)
    });
    if listener.is_err() {
        let _ = fs::remove_file(&bound);
    }
    let _ = fs::remove_dir(&closed);
    listener
}

/// Connects to the socket in `dir`. `NotFound` and `ConnectionRefused` mean that no server answers.
///
/// # Errors
/// Those, and `PermissionDenied` for whoever is not the operator.
pub fn connect(dir: &Path) -> io::Result<UnixStream> {
    by_short_path(&dir.join(SOCKET), |path| UnixStream::connect(path))
}

/// Removes the socket in `dir`, for who holds its lock.
///
/// # Errors
/// If it is there and cannot be removed.
pub fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_file(dir.join(SOCKET)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Calls `use_it` with `path`, and where that is too long for the name of a socket (108 bytes on
/// Linux), with a short one by way of its open directory.
fn by_short_path<T>(path: &Path, use_it: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    match use_it(path) {
        Err(error) if error.kind() == ErrorKind::InvalidInput => {}
        outcome => return outcome,
    }
    let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ErrorKind::InvalidInput.into());
    };
    let dir = File::open(dir)?;
    let short = Path::new("/proc/self/fd").join(dir.as_raw_fd().to_string());
    if !short.exists() {
        let words =
            "the path of the data directory is too long for a socket, and there is no /proc";
        return Err(io::Error::new(ErrorKind::InvalidInput, words));
    }
    use_it(&short.join(name))
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{ErrorKind, Read, Write},
        os::unix::fs::PermissionsExt,
        path::Path,
    };

    use super::{CLOSED, SOCKET, connect, listen, remove};

    fn passes_a_word(dir: &Path) {
        let listener = listen(dir).unwrap();
        connect(dir).unwrap().write_all(b"hello").unwrap();
        let mut word = String::new();
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_to_string(&mut word).unwrap();
        assert_eq!(word, "hello");
    }

    #[test]
    fn it_is_for_its_owner_alone_and_leaves_nothing_else_behind() {
        let dir = tempfile::tempdir().unwrap();
        passes_a_word(dir.path());
        let mode = fs::metadata(dir.path().join(SOCKET)).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn that_of_a_dead_server_is_replaced_and_what_a_kill_has_left_in_the_middle() {
        let dir = tempfile::tempdir().unwrap();
        drop(listen(dir.path()).unwrap());
        let refused = connect(dir.path()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        fs::create_dir(dir.path().join(CLOSED)).unwrap();
        fs::write(dir.path().join(CLOSED).join("bound"), "").unwrap();
        passes_a_word(dir.path());
        remove(dir.path()).unwrap();
        remove(dir.path()).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_path_may_be_longer_than_the_name_of_a_socket() {
        let dir = tempfile::tempdir().unwrap();
        let long = dir.path().join("a".repeat(120)).join("b".repeat(120));
        fs::create_dir_all(&long).unwrap();
        passes_a_word(&long);
    }
}

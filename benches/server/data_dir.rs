//! Data directories on a real disk, below the target directory, so that syncs cost what they cost.

use std::{fs, io::Write as _, path::Path, process::Stdio};

use tempfile::TempDir;

use super::caller;
use crate::Result;

/// Makes an empty one.
pub fn empty() -> Result<TempDir> {
    let target = env!("CARGO_TARGET_TMPDIR");
    fs::create_dir_all(target)?;
    let data_dir = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(target)?;
    Ok(data_dir)
}

/// Makes a new one with the admin in it.
pub fn with_admin() -> Result<TempDir> {
    let data_dir = empty()?;
    let mut child = super::program()
        .args(["admin", "create", caller::EMAIL, "--password-stdin"])
        .arg("--data-dir")
        .arg(data_dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{}", caller::PASSWORD)?;
    }
    let status = child.wait()?;
    match status.success() {
        true => Ok(data_dir),
        false => Err(format!("`stead admin create` ended with {status}").into()),
    }
}

/// Copies one that no server has open.
pub fn copy_of(origin: &Path) -> Result<TempDir> {
    let copy = empty()?;
    copy_into(origin, copy.path())?;
    Ok(copy)
}

/// The size of a file in a data directory, in bytes; 0 if there is none.
pub fn size_of(data_dir: &Path, file: &str) -> u64 {
    fs::metadata(data_dir.join(file)).map_or(0, |file| file.len())
}

fn copy_into(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            fs::create_dir_all(&target)?;
            copy_into(&entry.path(), &target)?;
        } else if kind.is_file() {
            // Takes the mode along, which the server checks on its keys.
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

//! Looks for a file in the folder, and opens it. Everything here waits for the disk.

use std::{
    fs::{self, File, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::name::Name;
use crate::{
    base::{Error, Result},
    web::Encoding,
};

/// What there is at a name.
pub enum Outcome {
    /// A file.
    Found(Found),
    /// A folder that was named without a slash.
    Folder,
    /// Nothing that may be seen.
    Nothing,
}

/// A file that is open.
pub struct Found {
    /// The file, or what is packed of it.
    pub file: File,
    /// Its path below the folder, by which it is known, with slashes.
    pub name: String,
    /// How it is packed.
    pub encoding: Encoding,
    /// Its length in bytes.
    pub length: u64,
    /// When it was last changed, where the file system knows.
    pub modified: Option<SystemTime>,
    /// Its tag, with quotes: another as soon as it is written anew.
    pub tag: String,
}

/// Looks for `name`, then for `fallback`. `choose` says which of the encodings that are there is
/// taken.
///
/// # Errors
/// `INTERNAL_ERROR` if the disk fails.
pub fn look(
    root: &Path,
    name: &Name,
    fallback: Option<&Name>,
    choose: impl Fn(&[Encoding]) -> Encoding,
) -> Result<Outcome> {
    // Each time anew: who changes the link that the folder is, changes all its files at once.
    let Some(root) = seen(fs::canonicalize(root))? else {
        return Ok(Outcome::Nothing);
    };
    if let Some(found) = find(&root, &name.path(), &choose)? {
        return Ok(Outcome::Found(found));
    }
    let has_page = || {
        let page = root.join(name.path()).join(super::INDEX);
        Ok::<_, Error>(!name.is_folder() && open(&root, &page)?.is_some())
    };
    if has_page()? {
        return Ok(Outcome::Folder);
    }
    let found = fallback.map(|name| find(&root, &name.path(), &choose));
    Ok(found
        .transpose()?
        .flatten()
        .map_or(Outcome::Nothing, Outcome::Found))
}

fn find(
    root: &Path,
    name: &Path,
    choose: impl Fn(&[Encoding]) -> Encoding,
) -> Result<Option<Found>> {
    let path = root.join(name);
    let Some(plain) = open(root, &path)? else {
        return Ok(None);
    };
    let mut forms = Vec::new();
    for (encoding, end) in [(Encoding::Brotli, "br"), (Encoding::Gzip, "gz")] {
        if let Some(form) = open(root, &beside(&path, end))? {
            forms.push((encoding, form));
        }
    }
    let there: Vec<Encoding> = forms.iter().map(|(encoding, _)| *encoding).collect();
    let best = choose(&there);
    let packed = forms.into_iter().find(|(encoding, _)| *encoding == best);
    let (encoding, (file, data)) = packed.unwrap_or((Encoding::Identity, plain));
    Ok(Some(Found {
        file,
        name: name.to_string_lossy().into_owned(),
        encoding,
        length: data.len(),
        modified: data.modified().ok(),
        tag: tag(&data),
    }))
}

/// `app.js` with `br` is `app.js.br`.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".");
    beside.push(end);
    beside.into()
}

/// Opens a file that lies below `root` in truth, wherever links lead; nothing but files, because
/// to open a pipe would wait for ever.
fn open(root: &Path, path: &Path) -> Result<Option<(File, Metadata)>> {
    let Some(real) = seen(fs::canonicalize(path))?.filter(|real| real.starts_with(root)) else {
        return Ok(None);
    };
    if !seen(fs::metadata(&real))?.is_some_and(|data| data.is_file()) {
        return Ok(None);
    }
    let Some(file) = seen(File::open(&real))? else {
        return Ok(None);
    };
    let data = file.metadata().map_err(Error::internal)?;
    Ok(data.is_file().then_some((file, data)))
}

/// None for what is not there, or not for us to see.
fn seen<T>(outcome: io::Result<T>) -> Result<Option<T>> {
    use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound, PermissionDenied};
    match outcome {
        Ok(thing) => Ok(Some(thing)),
        Err(error)
            if matches!(
                error.kind(),
                NotFound | NotADirectory | PermissionDenied | InvalidFilename
            ) =>
        {
            Ok(None)
        }
        // Links that lead in a circle have no kind of their own that is stable.
        Err(error) if error.raw_os_error() == Some(ELOOP) => Ok(None),
        Err(error) => Err(Error::internal(error)),
    }
}

/// "Too many levels of symbolic links" on Linux.
const ELOOP: i32 = 40;

/// Which file it is, how long, and when it was written, to the nanosecond.
fn tag(data: &Metadata) -> String {
    let (inode, length) = (data.ino(), data.len());
    let (seconds, nanos) = (data.mtime(), data.mtime_nsec());
    format!("\"{inode:x}-{length:x}-{seconds:x}.{nanos:x}\"")
}

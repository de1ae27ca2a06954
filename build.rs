//! Puts files into the program: those of the admin page, its scripts and style sheets joined, and of
//! the page about the API, as they are sent: plain, as brotli and as gzip; and the undo scripts of
//! migrations. Has the crate built again when one of them changes. And asks the linker for a smaller
//! table of addresses, where the C library can read it.

#[path = "static/bundle.rs"]
mod bundle;

use std::{
    env,
    fmt::Write as _,
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
    if packs_relocations() {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    embed(&joined(&root.join("static/admin"), &out)?, &out, "admin")?;
    embed(&found(&root.join("static/docs"))?, &out, "docs")?;
    embed_undo_scripts(&root.join("migrations/undo"), &out)
}

/// True if the program is built for this machine, whose C library is glibc 2.36 or newer: it reads
/// packed addresses, which take half a megabyte less in the file and well over one in memory.
fn packs_relocations() -> bool {
    let is_own = env::var_os("HOST") == env::var_os("TARGET");
    let is_glibc = env::var_os("CARGO_CFG_TARGET_ENV").is_some_and(|env| env == "gnu");
    if !is_own || !is_glibc {
        return false;
    }
    // "glibc 2.41"
    let version = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let version = version
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let minor = version
        .as_deref()
        .and_then(|version| version.trim().strip_prefix("glibc 2."));
    minor
        .and_then(|minor| minor.parse().ok())
        .is_some_and(|minor: u32| minor >= 36)
}

/// A file of a page: its name there, and where it lies.
type Part = (String, PathBuf);

/// All files below a folder, as they are.
fn found(root: &Path) -> io::Result<Vec<Part>> {
    let names = names(root)?;
    let parts = names.into_iter().map(|name| {
        let path = root.join(&name);
        (name, path)
    });
    Ok(parts.collect())
}

/// The files below a folder, with its modules joined to an `app.js` and what is loaded later, and
/// its style sheets to one `style.css`. What is for its authors alone stays out.
fn joined(root: &Path, out: &Path) -> io::Result<Vec<Part>> {
    let is_joined = |name: &str| {
        [".js", ".mjs", ".css"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let (sources, mut parts): (Vec<Part>, Vec<Part>) = found(root)?
        .into_iter()
        .partition(|(name, _)| is_joined(name));
    parts.retain(|(name, _)| !name.ends_with(".md"));
    let mut files = bundle::Files::new();
    for (name, path) in sources {
        files.insert(name, fs::read_to_string(path)?);
    }
    let mut made = bundle::scripts(&files, "app.js").map_err(io::Error::other)?;
    made.insert("style.css".to_owned(), bundle::styles(&files, "style"));
    for (name, text) in made {
        let path = out.join(format!("admin_{name}"));
        fs::write(&path, text)?;
        parts.push((name, path));
    }
    parts.sort();
    address(&mut parts, out)?;
    Ok(parts)
}

/// Puts the hash over all files, under which they lie, into the page that names them; here, so that
/// no start has to read them.
fn address(parts: &mut [Part], out: &Path) -> io::Result<()> {
    let mut all = DefaultHasher::new();
    for (name, path) in &*parts {
        name.hash(&mut all);
        fs::read(path)?.hash(&mut all);
    }
    let hash = format!("{:016x}", all.finish());
    for (_, path) in parts.iter_mut().filter(|(name, _)| name == "index.html") {
        let page = fs::read_to_string(&*path)?;
        *path = out.join("admin_index.html");
        fs::write(
            &*path,
            page.replace("{{assets}}", &format!("assets/{hash}")),
        )?;
    }
    fs::write(out.join("admin_hash"), hash)
}

/// Makes a table of the files of a page, for `web::embedded`.
fn embed(parts: &[Part], out: &Path, page: &str) -> io::Result<()> {
    let mut table = String::from("&[\n");
    for (number, (name, plain)) in parts.iter().enumerate() {
        let bytes = fs::read(plain)?;
        let brotli = keep(
            &out.join(format!("{page}_{number}.br")),
            &brotli(&bytes)?,
            &bytes,
        )?;
        let gzip = keep(
            &out.join(format!("{page}_{number}.gz")),
            &gzip(&bytes)?,
            &bytes,
        )?;
        let _ = writeln!(
            table,
            "    File {{ name: {name:?}, plain: include_bytes!({plain:?}), brotli: {brotli}, gzip: \
             {gzip} }},"
        );
    }
    fs::write(out.join(format!("{page}_files.rs")), table + "]\n")
}

fn embed_undo_scripts(root: &Path, out: &Path) -> io::Result<()> {
    let mut table = String::from("&[\n");
    for name in names(root)? {
        let path = root.join(&name);
        let _ = writeln!(table, "    ({name:?}, include_str!({path:?})),");
    }
    fs::write(out.join("undo_scripts.rs"), table + "]\n")
}

/// The files below a folder, by their paths from there, with slashes; sorted.
fn names(root: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    list(root, "", &mut names)?;
    names.sort();
    Ok(names)
}

fn list(folder: &Path, above: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

/// Keeps what is packed, and says where; but only where it has become smaller.
fn keep(path: &Path, packed: &[u8], plain: &[u8]) -> io::Result<String> {
    if packed.len() >= plain.len() {
        return Ok("None".to_owned());
    }
    fs::write(path, packed)?;
    Ok(format!("Some(include_bytes!({path:?}))"))
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &best)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

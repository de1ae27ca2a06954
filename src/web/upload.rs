//! Bodies too long for memory: written to a file that has no name, piece by piece.

use std::{fs::File, io::Write, path::Path, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use super::{
    body::{BodyLimits, broken, content_length, too_large},
    error::Failure,
};
use crate::{
    base::{Code, Error, Id, Result},
    db::private_file,
    telemetry::blocking,
};

/// Bytes that are gathered before they are written.
const PIECE: usize = 256 << 10;

/// The bound of such a body in bytes, as data of the app.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimit(pub u64);

/// A body that is still on its way. Nothing of it is read before [`Upload::spool`].
pub struct Upload(HttpRequest);

/// A body that has arrived.
#[derive(Debug)]
pub struct Spool {
    /// Its bytes. The file is gone with this, however the process ends.
    pub file: File,
    /// SHA-256 of its bytes.
    pub digest: Vec<u8>,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(request.clone())))
    }
}

impl Upload {
    /// The media type without parameters, in small letters.
    ///
    /// # Errors
    /// `UNSUPPORTED_MEDIA_TYPE` for a body that is packed, or not in UTF-8.
    pub fn media_type(&self) -> Result<String> {
        let text = |name| {
            let header = self.0.headers().get(name);
            let header = header.and_then(|value| value.to_str().ok());
            header.unwrap_or_default().to_ascii_lowercase()
        };
        let refused = |words| Err(Error::new(Code::UnsupportedMediaType, words));
        if !matches!(text(CONTENT_ENCODING).as_str(), "" | "identity") {
            return refused("Send the body as it is, without `Content-Encoding`");
        }
        let header = text(CONTENT_TYPE);
        let mut parts = header.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_owned();
        let charset = parts.find_map(|part| part.strip_prefix("charset="));
        match charset.map(|charset| charset.trim_matches('"')) {
            None | Some("utf-8") => Ok(essence),
            Some(_) => refused("Send the body in UTF-8"),
        }
    }

    /// Most bytes of one record in it: those of a JSON body.
    pub fn most_of_a_row(&self) -> usize {
        let limits = self.0.app_data::<BodyLimits>();
        limits.map_or(0, |limits| limits.bytes)
    }

    /// Writes the body to a file in `dir`, which has no name there any more. Each piece has the
    /// time that a whole JSON body has.
    ///
    /// # Errors
    /// `PAYLOAD_TOO_LARGE`, `INVALID_INPUT` if it breaks off, `SERVICE_UNAVAILABLE` if the disk is
    /// full; a [`Failure`] if no piece comes in time.
    pub async fn spool(self, dir: &Path) -> Result<Spool, actix_web::Error> {
        // A request without a body has none.
        let payload = self.0.extensions_mut().remove::<Payload>();
        let mut payload = payload.unwrap_or(Payload::None);
        let spooled = self.read(&mut payload, dir).await;
        if spooled.is_err() {
            self.0.extensions_mut().insert(payload);
        }
        spooled
    }

    async fn read(&self, payload: &mut Payload, dir: &Path) -> Result<Spool, actix_web::Error> {
        let (limit, time) = self.limits()?;
        if content_length(&self.0).is_some_and(|length| length > limit) {
            return Err(too_large(limit).into());
        }
        let mut writing = Writing::begin(dir.to_owned()).await?;
        let (mut piece, mut length) = (Vec::new(), 0);
        loop {
            let next = tokio::time::timeout(time, payload.next());
            let Some(chunk) = next.await.map_err(|_| Failure::Timeout)? else {
                break;
            };
            let chunk = chunk.map_err(|error| broken(&error))?;
            length += chunk.len() as u64;
            if length > limit {
                return Err(too_large(limit).into());
            }
            piece.extend_from_slice(&chunk);
            if piece.len() >= PIECE {
                writing = writing.add(std::mem::take(&mut piece)).await?;
            }
        }
        let Writing { file, hash } = writing.add(piece).await?;
        Ok(Spool {
            file,
            digest: hash.finalize().to_vec(),
        })
    }

    fn limits(&self) -> Result<(u64, Duration)> {
        let limit = self.0.app_data::<UploadLimit>();
        let time = self.0.app_data::<BodyLimits>();
        let both = limit.zip(time).map(|(limit, time)| (limit.0, time.time));
        both.ok_or_else(|| Error::internal("no limits for uploads"))
    }
}

/// A file that is being written.
struct Writing {
    file: File,
    hash: Sha256,
}

impl Writing {
    async fn begin(dir: std::path::PathBuf) -> Result<Self> {
        blocking::run("making a file", move || {
            let path = dir.join(format!(".import-{}", Id::generate()));
            let file = private_file().create_new(true).open(&path).map_err(disk)?;
            // Nobody needs its name, and without one it is gone with the process.
            std::fs::remove_file(&path).map_err(disk)?;
            let hash = Sha256::new();
            Ok(Self { file, hash })
        })
        .await
    }

    async fn add(mut self, piece: Vec<u8>) -> Result<Self> {
        blocking::run("writing a file", move || {
            self.hash.update(&piece);
            self.file.write_all(&piece).map_err(disk)?;
            Ok(self)
        })
        .await
    }
}

fn disk(error: std::io::Error) -> Error {
    Error::unavailable("The body could not be kept; nothing was changed", 30).caused_by(error)
}

impl Spool {
    /// Everything that `input` gives, in a file in `dir` without a name: for a command that reads
    /// its standard input.
    ///
    /// # Errors
    /// If it cannot be read or kept.
    pub fn of(input: &mut dyn std::io::Read, dir: &Path) -> std::io::Result<File> {
        let path = dir.join(format!(".import-{}", Id::generate()));
        let mut file = private_file().create_new(true).open(&path)?;
        std::fs::remove_file(&path)?;
        std::io::copy(input, &mut file)?;
        Ok(file)
    }
}

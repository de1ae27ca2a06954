//! The answer with a file, or with a part of it, or that nothing has changed.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    time::{Duration, SystemTime},
};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{
        StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HttpDate, IF_MODIFIED_SINCE, IF_NONE_MATCH,
            IF_RANGE, LAST_MODIFIED, RANGE, VARY,
        },
    },
    web::Bytes,
};
use futures_util::stream;

use super::{
    Folder,
    found::Found,
    range::{self, Part},
};
use crate::{
    base::{Error, Result},
    telemetry::blocking,
    web::{Encoding, etag, media_type},
};

/// Up to so many bytes are read in one go, and may then be packed; longer files go out piece by
/// piece, as they lie there.
const SHORT: u64 = 1 << 20;

/// The length of a piece.
const PIECE: u64 = 64 << 10;

/// Answers with `found`.
///
/// # Errors
/// `INTERNAL_ERROR` if the file cannot be read.
pub async fn answer(request: &HttpRequest, folder: &Folder, found: Found) -> Result<HttpResponse> {
    let headers = request.headers();
    if is_known(headers, &found) {
        return Ok(begin(StatusCode::NOT_MODIFIED, folder, &found).finish());
    }
    let wanted = text(headers, RANGE).filter(|_| is_same(headers, &found));
    let length = found.length;
    match range::part(wanted, length) {
        Part::Whole => {
            let mut response = begin(StatusCode::OK, folder, &found);
            send(&mut response, found, 0, length).await
        }
        Part::Bytes(first, last) => {
            let mut response = begin(StatusCode::PARTIAL_CONTENT, folder, &found);
            response.insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{length}")));
            send(&mut response, found, first, last - first + 1).await
        }
        Part::Outside => {
            let mut response = begin(StatusCode::RANGE_NOT_SATISFIABLE, folder, &found);
            response.insert_header((CONTENT_RANGE, format!("bytes */{length}")));
            Ok(response.finish())
        }
    }
}

/// Everything of an answer but its body.
fn begin(status: StatusCode, folder: &Folder, found: &Found) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    let path = format!("/{}", found.name);
    let is_immutable = folder
        .immutable
        .iter()
        .any(|folder| path.starts_with(folder));
    let cache = match is_immutable {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    response
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((CONTENT_SECURITY_POLICY, folder.policy.clone()))
        // Pages of others cannot hold on to a window with it; its own popups go on working.
        .insert_header(("Cross-Origin-Opener-Policy", "same-origin-allow-popups"))
        .insert_header((ETAG, found.tag.clone()))
        .insert_header((VARY, "Accept-Encoding"));
    if let Some(modified) = found.modified {
        response.insert_header((LAST_MODIFIED, HttpDate::from(modified)));
    }
    if found.encoding == Encoding::Identity {
        response.insert_header((ACCEPT_RANGES, "bytes"));
    }
    if status == StatusCode::OK || status == StatusCode::PARTIAL_CONTENT {
        response.insert_header((CONTENT_TYPE, media_type(&found.name)));
        if let Some(encoding) = found.encoding.name() {
            response.insert_header((CONTENT_ENCODING, encoding));
        }
    }
    response
}

/// True if the client has the file as it is. Its tag counts, and the time only where it has none.
fn is_known(headers: &HeaderMap, found: &Found) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        return etag::is_known(headers, &found.tag);
    }
    let since = text(headers, IF_MODIFIED_SINCE).and_then(date);
    since
        .zip(found.modified)
        .is_some_and(|(since, modified)| whole_seconds(modified) <= since)
}

/// True unless the client has a part of another version, to which a part of this would not fit.
fn is_same(headers: &HeaderMap, found: &Found) -> bool {
    let Some(known) = text(headers, IF_RANGE) else {
        return !headers.contains_key(IF_RANGE);
    };
    let is_time = || {
        let times = date(known).zip(found.modified);
        times.is_some_and(|(known, modified)| whole_seconds(modified) == known)
    };
    known == found.tag || is_time()
}

/// The time as headers have it, without fractions of a second.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map(|since| since.as_secs()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn date(text: &str) -> Option<SystemTime> {
    text.parse::<HttpDate>().ok().map(SystemTime::from)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

async fn send(
    response: &mut HttpResponseBuilder,
    found: Found,
    first: u64,
    length: u64,
) -> Result<HttpResponse> {
    let mut file = found.file;
    if length <= SHORT {
        let read = move || {
            seek(&mut file, first)?;
            read(&mut file, length)
        };
        let bytes = blocking::run("reading a file", read).await?;
        return Ok(response.body(bytes));
    }
    seek(&mut file, first)?;
    let pieces = stream::try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let next = move || {
            let piece = read(&mut file, left.min(PIECE))?;
            Ok((piece, file))
        };
        let (piece, file) = blocking::run("reading a file", next).await?;
        Ok::<_, Error>(Some((piece, (file, left - left.min(PIECE)))))
    });
    Ok(response.body(SizedStream::new(length, pieces)))
}

fn seek(file: &mut File, first: u64) -> Result<()> {
    file.seek(SeekFrom::Start(first)).map_err(Error::internal)?;
    Ok(())
}

/// Reads just so many bytes. A file that has become shorter meanwhile is a failure: its length
/// has been told already.
fn read(file: &mut File, length: u64) -> Result<Bytes> {
    let mut bytes = vec![0; usize::try_from(length).map_err(Error::internal)?];
    file.read_exact(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.into())
}

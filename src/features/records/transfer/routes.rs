//! `/api/v1/{collection}/export` and `/api/v1/{collection}/import`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    web::{Bytes, Data, Path},
};
use futures_util::stream;
use serde_json::json;

use super::Exporting;
use crate::{
    access::Caller,
    base::{Code, Error, Result},
    engine::Format,
    features::records::Records,
    web::{Guard, IdempotencyKey, Query, Reply, RequestInfo, Routes, Upload},
};

/// The routes.
pub fn routes() -> Routes {
    let import = "/api/v1/{collection}/import";
    let made = "/api/v1/{collection}/import/{importId}";
    Routes::new()
        .on(
            Method::GET,
            "/api/v1/{collection}/export",
            Guard::Caller,
            export,
        )
        .once(import, self::import)
        .on(Method::DELETE, made, Guard::Caller, take_back)
}

async fn export(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    info: RequestInfo,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse> {
    let (exporting, first) = records.export(&caller, &path, query).await?;
    let day = info.at().to_string();
    let day = day.split('T').next().unwrap_or_default();
    let (name, format) = (exporting.file_stem(), exporting.format());
    let name = format!("attachment; filename=\"{name}-{day}.{}\"", format.name());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"));
    if *request.method() == Method::HEAD {
        let nothing = stream::empty::<Result<Bytes, Error>>();
        return Ok(response.streaming(nothing));
    }
    Ok(response.streaming(Box::pin(pieces(exporting, first))))
}

/// The file, piece by piece, each read when the one before it has gone out. An error breaks the
/// connection off, so that nobody takes half a file for a whole one.
fn pieces(
    exporting: Exporting,
    first: Vec<u8>,
) -> impl stream::Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold((exporting, Some(first)), async |(mut exporting, first)| {
        let piece = match first {
            Some(first) => Some(first),
            None => exporting.next().await.inspect_err(|error| {
                tracing::warn!(%error, "An export was broken off");
            })?,
        };
        Ok(piece.map(|piece| (Bytes::from(piece), (exporting, None))))
    })
}

async fn import(
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
    key: IdempotencyKey,
    upload: Upload,
) -> Result<Reply, actix_web::Error> {
    // Who may not import is told so, whatever is sent.
    let importing = records.importing(&caller, &path, query, upload.most_of_a_row())?;
    let importing = importing.of(format(&upload)?);
    let spool = upload.spool(records.dir()).await?;
    // Once it writes, it goes on to its end, whether or not its client waits for that.
    let running = actix_web::rt::spawn(async move {
        let (file, digest) = (spool.file, spool.digest);
        records.import(&importing, file, &digest, key.0).await
    });
    let made = running
        .await
        .map_err(|_| Error::unavailable("Shutting down", 1))??;
    let reply = Reply::ok(&made.value).private();
    Ok(reply.replaying(made.replayed))
}

fn format(upload: &Upload) -> Result<Format> {
    match upload.media_type()?.as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/x-ndjson" => Ok(Format::Ndjson),
        _ => {
            let words = "Send `text/csv` or `application/x-ndjson`";
            Err(Error::new(Code::UnsupportedMediaType, words))
        }
    }
}

async fn take_back(
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let (path, id) = (&path.0, &path.1);
    let back = records.take_back(&caller, path, id).await?;
    Ok(Reply::ok(
        &json!({ "deleted": back.deleted, "kept": back.kept }),
    ))
}

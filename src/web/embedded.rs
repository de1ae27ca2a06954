//! Files that are embedded in the program, each plain and packed: `build.rs` makes tables of them.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY},
};
use sha2::{Digest, Sha256};

use super::{Accepted, Encoding, etag, media_type};
use crate::base::secret;

/// A file of a page.
pub struct File {
    /// Its path below the folder of the page.
    pub name: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// As brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// As gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

impl File {
    /// The file of that name.
    pub fn named(all: &'static [Self], name: &str) -> Option<&'static Self> {
        all.iter().find(|file| file.name == name)
    }

    /// Its bytes in the encoding that a client likes most.
    pub fn packed(&self, accepted: Accepted) -> (Encoding, &'static [u8]) {
        let (brotli, gzip) = (Encoding::Brotli, Encoding::Gzip);
        let forms = [(brotli, self.brotli), (gzip, self.gzip)];
        let offered: Vec<Encoding> = forms
            .iter()
            .filter_map(|(encoding, bytes)| bytes.map(|_| *encoding))
            .collect();
        let best = accepted.best(&offered);
        let chosen = forms.iter().find(|(encoding, _)| *encoding == best);
        let bytes = chosen.and_then(|(_, bytes)| *bytes);
        bytes.map_or((Encoding::Identity, self.plain), |bytes| (best, bytes))
    }

    /// The answer with it, which caches keep as `cache` says.
    pub fn answer(&self, request: &HttpRequest, cache: &'static str) -> HttpResponse {
        let (encoding, bytes) = self.packed(Accepted::read(request.headers()));
        let tag = format!("\"{}\"", secret::hex(&Sha256::digest(bytes)));
        let is_known = etag::is_known(request.headers(), &tag);
        let mut response = if is_known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((CACHE_CONTROL, cache))
            .insert_header((VARY, "Accept-Encoding"))
            .insert_header((ETAG, tag));
        // A 304 ends with its headers: actix would send a body, which reads as the next answer.
        if is_known {
            return response.finish();
        }
        if let Some(encoding) = encoding.name() {
            response.insert_header((CONTENT_ENCODING, encoding));
        }
        response
            .insert_header((CONTENT_TYPE, media_type(self.name)))
            .body(bytes)
    }
}

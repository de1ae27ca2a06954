//! The embedded files, each plain and packed: `build.rs` makes the table.

use crate::web::{Accepted, Encoding};

/// A file of the admin page.
pub(super) struct File {
    /// Its path below `static/admin`.
    pub name: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// As brotli, where that is smaller.
    brotli: Option<&'static [u8]>,
    /// As gzip, where that is smaller.
    gzip: Option<&'static [u8]>,
}

/// All of them, sorted by name.
pub(super) static ALL: &[File] = include!(concat!(env!("OUT_DIR"), "/admin_files.rs"));

impl File {
    /// The file of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|file| file.name == name)
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
}

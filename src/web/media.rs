//! Media types of files.

/// The media type of a file by the end of its name, texts in UTF-8; bytes where it tells nothing.
pub fn media_type(name: &str) -> String {
    let media_type = mime_guess::from_path(name).first_or_octet_stream();
    let media_type = media_type.essence_str();
    // The one name that is in use today (RFC 9239), whatever the table says.
    let media_type = match media_type {
        "application/javascript" => "text/javascript",
        other => other,
    };
    if media_type.starts_with("text/") {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_owned()
    }
}

/// True for a media type whose bytes become fewer when they are packed.
pub fn is_packable(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let parts = ["json", "xml", "javascript", "wasm", "x-ndjson"];
    essence.starts_with("text/")
        || parts.iter().any(|part| {
            let rest = essence.strip_suffix(part);
            rest.is_some_and(|rest| rest.ends_with(['/', '+']))
        })
}

#[cfg(test)]
mod tests {
    use super::{is_packable, media_type};

    #[test]
    fn files_are_what_browsers_take_them_for() {
        for (name, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a/app.js", "text/javascript; charset=utf-8"),
            ("app.mjs", "text/javascript; charset=utf-8"),
            ("app.css", "text/css; charset=utf-8"),
            ("app.wasm", "application/wasm"),
            ("site.webmanifest", "application/manifest+json"),
            ("icon.svg", "image/svg+xml"),
            ("photo.JPG", "image/jpeg"),
            ("font.woff2", "font/woff2"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(media_type(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_packed_already_is_not_packed_again() {
        for yes in [
            "application/json",
            "text/html; charset=utf-8",
            "image/svg+xml",
        ] {
            assert!(is_packable(yes), "{yes}");
        }
        for no in [
            "image/png",
            "application/zip",
            "font/woff2",
            "application/octet-stream",
        ] {
            assert!(!is_packable(no), "{no}");
        }
    }
}

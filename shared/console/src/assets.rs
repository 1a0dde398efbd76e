//! The files that pages refer to. They are in the program; their addresses change with them, so browsers keep them.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
/// Each with its media type.
const FILES: [(&str, &str, &str); 3] = [
    ("console.css", CSS, include_str!("../assets/console.css")),
    ("console.js", JAVASCRIPT, include_str!("../assets/console.js")),
    // <https://www.npmjs.com/package/htmx.org>, as it is published.
    ("htmx.js", JAVASCRIPT, include_str!("../assets/htmx-2.0.11.min.js")),
];
const KEPT: &str = "public, max-age=31536000, immutable";

/// Where all of them are: another place when one of them is another.
pub(crate) static PLACE: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (_, _, content) in FILES {
        digest.update(content);
    }
    format!("/console/assets/{}", &HEXLOWER.encode(&digest.finalize())[..16])
});

pub(crate) fn routes() -> Router {
    Router::new().route(&format!("{}/{{file}}", *PLACE), get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, media_type, content)) => {
            ([(header::CONTENT_TYPE, *media_type), (header::CACHE_CONTROL, KEPT)], *content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn htmx_is_the_published_file() {
        let digest = HEXLOWER.encode(&Sha256::digest(include_bytes!("../assets/htmx-2.0.11.min.js")));
        assert_eq!(digest, "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717");
    }
}

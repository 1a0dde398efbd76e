//! All that can go wrong, in plain words; no secret.

use axum::Json;
use roost_domain::release::{Explanation, explanations};

/// All reasons for which a release or an app can fail: what each means, and what to do.
pub(crate) async fn list() -> Json<Vec<Explanation>> {
    Json(explanations())
}

//! Headers as a function URL takes them: one value for each name, and cookies beside them.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Cookies, each for itself: joined by commas, as other headers of one name are, they would not survive.
pub(crate) fn cookies(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(header::SET_COOKIE).into_iter();
    all.filter_map(|cookie| cookie.to_str().ok().map(str::to_owned)).collect()
}

/// All other headers; the values of a list are joined.
pub(crate) fn single_valued(mut headers: HeaderMap) -> HeaderMap {
    headers.remove(header::SET_COOKIE);
    let names: Vec<HeaderName> = headers.keys().cloned().collect();
    for name in names {
        let values: Vec<_> = headers.get_all(&name).into_iter().map(HeaderValue::as_bytes).collect();
        if let Some(joined) =
            (values.len() > 1).then(|| HeaderValue::from_bytes(&values.join(&b", "[..])).ok()).flatten()
        {
            headers.insert(name, joined);
        }
    }
    headers
}

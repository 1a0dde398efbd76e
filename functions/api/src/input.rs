//! What comes in a request beside its path: JSON and parameters in exactly the declared form, and not too much of it.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::problem::{Kind, Problem};

/// No request of the API is longer, in bytes.
pub(crate) const LONGEST_BODY: usize = 64 * 1024;

/// The parameters behind the path.
pub(crate) struct Parameters<T>(pub(crate) T);

/// The body of a request.
pub(crate) struct Input<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
            let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        let remedy = "Send less; archives go to the URL that `uploads` gives.";
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| unread(rejection, LONGEST_BODY, remedy))?;
        if !is_json {
            let remedy = "Send JSON with `Content-Type: application/json`.";
            return Err(Problem::new(Kind::MediaType, "The request has no JSON.", remedy));
        }
        read(&body).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|rejection| Problem::input("query", rejection.body_text()))
    }
}

/// Why a body was not read, of which so many bytes are taken.
pub(crate) fn unread(rejection: BytesRejection, most: usize, remedy: &str) -> Problem {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(Kind::TooLarge, format!("The request has more than {most} bytes."), remedy);
    }
    Problem::new(Kind::Unreadable, "The request broke off.", "Send it again.")
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        if error.is_data() {
            let field = if path == "." { "body".to_owned() } else { path };
            return Problem::input(field, error.to_string());
        }
        Problem::new(Kind::Unreadable, format!("The request is not JSON: {error}."), "Correct it and send it again.")
    })?;
    let trailing = |error| Problem::new(Kind::Unreadable, format!("{error}."), "Send one JSON object.");
    json.end().map_err(trailing)?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use roost_domain::naming::ProjectName;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Example {
        name: ProjectName,
    }

    fn refused(body: &str) -> serde_json::Value {
        serde_json::to_value(read::<Example>(body.as_bytes()).map(|_| ()).unwrap_err()).unwrap()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field() {
        assert_eq!(read::<Example>(br#"{"name": "shop"}"#).unwrap().name.as_str(), "shop");
        let problem = refused(r#"{"name": "../x"}"#);
        assert_eq!((problem["status"].as_u64(), problem["errors"][0]["field"].as_str()), (Some(422), Some("name")));
        assert_eq!(refused(r#"{"name": "shop", "nmae": 1}"#)["errors"][0]["field"], "nmae");
        assert_eq!(refused("{}")["errors"][0]["field"], "body");
    }

    #[test]
    fn what_is_no_json_is_not_guessed_at() {
        for body in ["", "{", "name=shop", r#"{"name": "shop"} {}"#] {
            assert_eq!(refused(body)["status"], 400, "{body}");
        }
    }
}

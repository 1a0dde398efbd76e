//! Answers piece by piece, as a function URL takes them that streams
//! (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>). There all answers go this way.

use axum::body::{Body, BodyDataStream};
use axum::http::Response;
use lambda_runtime::{MetadataPrelude, StreamResponse};

use crate::headers::{cookies, single_valued};

/// An answer's head, and its body as it comes.
pub(crate) fn streamed(response: Response<Body>) -> StreamResponse<BodyDataStream> {
    let (parts, body) = response.into_parts();
    let metadata_prelude = MetadataPrelude {
        status_code: parts.status,
        cookies: cookies(&parts.headers),
        headers: single_valued(parts.headers),
    };
    StreamResponse { metadata_prelude, stream: body.into_data_stream() }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use futures::StreamExt;
    use serde_json::{Value, json};

    use super::*;

    fn head(response: Response<Body>) -> Value {
        serde_json::to_value(streamed(response).metadata_prelude).unwrap()
    }

    #[test]
    fn cookies_stay_apart_and_lists_become_one() {
        let headers = [("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2"), ("vary", "cookie"), ("vary", "accept")];
        let mut response = Response::new(Body::empty());
        for (name, value) in headers {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        let head = head(response);
        assert_eq!(head["cookies"], json!(["a=1; Path=/", "b=2"]));
        assert_eq!((&head["statusCode"], &head["headers"]), (&json!(200), &json!({"vary": "cookie, accept"})));
    }

    #[tokio::test]
    async fn a_body_goes_on_as_it_comes() {
        let (first, second) = (axum::body::Bytes::from("data: 1\n\n"), axum::body::Bytes::from("data: 2\n\n"));
        let pieces = futures::stream::iter([Ok::<_, std::io::Error>(first.clone()), Ok(second.clone())]);
        let answer = streamed(Body::from_stream(pieces).into_response());
        let pieces: Vec<_> = answer.stream.map(|piece| piece.unwrap()).collect().await;
        assert_eq!(pieces, [first, second]);
    }
}

//! Which headers go on with a message: those about one connection stay with it (RFC 9110, 7.6.1).

use http::header::{CONNECTION, EXPECT, HOST, TE, TRANSFER_ENCODING, UPGRADE};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, Version};

const OF_CONNECTIONS: [HeaderName; 6] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The protocol a message asks to change to, or says it changes to.
pub(super) fn upgrade_of(headers: &HeaderMap) -> Option<HeaderValue> {
    let asks = named_by_connection(headers).any(|name| name.eq_ignore_ascii_case("upgrade"));
    headers.get(UPGRADE).filter(|_| asks).cloned()
}

/// Whether a request's client asks to change the protocol.
#[must_use]
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    upgrade_of(headers).is_some()
}

/// Makes a client's request one of our own to a pod.
pub(super) fn prepare_request<Body>(request: &mut Request<Body>, is_http2: bool) {
    let upgrade = upgrade_of(request.headers()).filter(|_| !is_http2);
    let trailers = request.headers().get(TE).is_some_and(|te| te.as_bytes().eq_ignore_ascii_case(b"trailers"));
    remove_of_connection(request.headers_mut());
    // The client is told to go on when its body is read, which is here.
    request.headers_mut().remove(EXPECT);
    if trailers {
        request.headers_mut().insert(TE, HeaderValue::from_static("trailers"));
    }
    set_upgrade(request.headers_mut(), upgrade);
    address(request, is_http2);
}

/// Makes a pod's answer one of our own.
pub(super) fn clean_response<Body>(response: &mut Response<Body>, is_upgrade: bool) {
    let upgrade = upgrade_of(response.headers()).filter(|_| is_upgrade);
    remove_of_connection(response.headers_mut());
    set_upgrade(response.headers_mut(), upgrade);
    *response.version_mut() = Version::HTTP_11;
}

fn set_upgrade(headers: &mut HeaderMap, upgrade: Option<HeaderValue>) {
    if let Some(upgrade) = upgrade {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, upgrade);
    }
}

fn remove_of_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = named_by_connection(headers).filter_map(|name| name.parse().ok()).collect();
    for name in named.iter().chain(&OF_CONNECTIONS) {
        headers.remove(name);
    }
}

fn named_by_connection(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// HTTP/1 has the host in a header, HTTP/2 in the address.
fn address<Body>(request: &mut Request<Body>, is_http2: bool) {
    let of_header = request.headers().get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let authority = request.uri().authority().cloned().or(of_header);
    let path = request.uri().path_and_query().cloned();
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = path.or(Some(PathAndQuery::from_static("/")));
    if is_http2 {
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = authority;
        request.headers_mut().remove(HOST);
    } else if let Some(host) = authority.and_then(|host| HeaderValue::from_str(host.as_str()).ok()) {
        request.headers_mut().insert(HOST, host);
    }
    *request.version_mut() = if is_http2 { Version::HTTP_2 } else { Version::HTTP_11 };
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&'static str, &'static str)]) -> Request<()> {
        let mut request = Request::get("/a?b=c");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        headers.keys().map(HeaderName::as_str).collect()
    }

    #[test]
    fn what_is_about_a_connection_stays_there_and_the_rest_goes_on() {
        let mut request = request(&[
            ("host", "a.example.com"),
            ("connection", "keep-alive, x-hop"),
            ("x-hop", "1"),
            ("expect", "100-continue"),
            ("te", "trailers"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-proto", "https"),
        ]);
        prepare_request(&mut request, false);
        assert_eq!(names(request.headers()), ["host", "x-forwarded-for", "x-forwarded-proto", "te"]);
        assert_eq!(request.uri(), "/a?b=c");
    }

    #[test]
    fn an_upgrade_is_asked_for_again() {
        let asked = [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", "k")];
        let mut upgrading = request(&asked);
        prepare_request(&mut upgrading, false);
        assert_eq!(
            (&upgrading.headers()[CONNECTION], &upgrading.headers()[UPGRADE]),
            (&"upgrade".parse().unwrap(), &"websocket".parse().unwrap())
        );
        let mut plain = request(&[("upgrade", "websocket")]);
        prepare_request(&mut plain, false);
        assert_eq!(names(plain.headers()), Vec::<&str>::new());
    }

    #[test]
    fn http_2_has_the_host_in_its_address() {
        let mut there = request(&[("host", "a.example.com")]);
        prepare_request(&mut there, true);
        assert_eq!((there.uri().to_string().as_str(), there.headers().len()), ("http://a.example.com/a?b=c", 0));
        prepare_request(&mut there, false);
        assert_eq!(
            (there.uri().to_string().as_str(), &there.headers()[HOST]),
            ("/a?b=c", &"a.example.com".parse().unwrap())
        );
    }
}

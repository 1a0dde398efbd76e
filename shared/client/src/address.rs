//! Where the API is: its URL, and how one gets there.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use reqwest::{Certificate, ClientBuilder, Url};

use crate::ClientError;

/// The URL of an API.
#[derive(Debug, Clone)]
pub(crate) struct Address(Url);

impl Address {
    /// Takes an `https` URL, or an `http` one on this machine.
    pub(crate) fn parse(text: &str) -> Result<Self, ClientError> {
        let unusable = || ClientError::Address(text.to_owned());
        let url = Url::parse(text).map_err(|_| unusable())?;
        let address = Self(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_local() => Ok(address),
            "http" => Err(ClientError::InTheClear(text.to_owned())),
            _ => Err(unusable()),
        }
    }

    /// Of an API that is asked without a network.
    pub(crate) fn of_this_process() -> Result<Self, ClientError> {
        Self::parse("http://localhost")
    }

    /// The URL of something below it. Names become parts of the path, whatever is in them.
    pub(crate) fn of(&self, path: &[&str]) -> Url {
        let mut url = self.0.clone();
        // Only URLs such as `mailto:` have no path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("api").extend(path);
        }
        url
    }

    /// Whom to ask, for messages.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The machine itself is asked without a proxy, and `….localhost` is the machine itself
    /// (<https://www.rfc-editor.org/rfc/rfc6761#section-6.3>), which not every resolver knows.
    pub(crate) fn reached_by(&self, builder: ClientBuilder) -> ClientBuilder {
        if !self.is_local() {
            return builder;
        }
        let port = self.0.port_or_known_default().unwrap_or_default();
        builder.no_proxy().resolve(self.host(), SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port))
    }

    fn is_local(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        is_loopback || host == "localhost" || host.ends_with(".localhost")
    }
}

/// The certificates in a file, to be trusted besides the system's.
pub(crate) fn authorities(path: &Path) -> Result<Vec<Certificate>, ClientError> {
    let unreadable = |source| ClientError::Authority { path: path.to_owned(), source };
    let pem = std::fs::read(path).map_err(|error| unreadable(error.into()))?;
    Certificate::from_pem_bundle(&pem).map_err(|error| unreadable(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_travels_in_the_clear() {
        for url in ["https://api.example.com", "http://127.0.0.1:4566", "http://[::1]:1", "http://api.roost.localhost"]
        {
            assert!(Address::parse(url).is_ok(), "{url}");
        }
        assert!(matches!(Address::parse("http://api.example.com"), Err(ClientError::InTheClear(_))));
        assert!(matches!(Address::parse("http://localhost.example.com"), Err(ClientError::InTheClear(_))));
        for url in ["", "api.example.com", "ftp://localhost", "mailto:me@localhost"] {
            assert!(matches!(Address::parse(url), Err(ClientError::Address(_))), "{url}");
        }
    }

    #[test]
    fn names_stay_parts_of_the_path() {
        let address = Address::parse("http://127.0.0.1:4566/_aws/lambda-url/f/").unwrap();
        let url = address.of(&["users", "a/../b?c", "projects"]);
        assert_eq!(url.as_str(), "http://127.0.0.1:4566/_aws/lambda-url/f/api/users/a%2F..%2Fb%3Fc/projects");
    }
}

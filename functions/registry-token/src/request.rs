//! What clients send: containerd posts a form, as OAuth has it, and Docker asks with Basic authentication.
//! <https://distribution.github.io/distribution/spec/auth/token/>,
//! <https://distribution.github.io/distribution/spec/auth/oauth/>

use data_encoding::BASE64;
use secrecy::SecretString;

/// A request for a token.
#[derive(Debug, Default)]
pub(crate) struct TokenRequest {
    pub(crate) service: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) credential: Option<Credential>,
    grant_type: Option<String>,
}

/// A name and a password.
#[derive(Debug)]
pub(crate) struct Credential {
    pub(crate) user: String,
    pub(crate) password: SecretString,
}

/// Why a request cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum RequestError {
    #[error("the Authorization header is not Basic with a name and a password in base64")]
    Authorization,
    #[error("grant_type {0:?} is not supported: send password, with username and password")]
    GrantType(String),
}

impl TokenRequest {
    /// Of a GET.
    pub(crate) fn from_query(query: &str, authorization: Option<&str>) -> Result<Self, RequestError> {
        let request = Self::from_pairs(query.as_bytes()).0;
        Ok(Self { credential: authorization.map(basic).transpose()?, ..request })
    }

    /// Of a POST.
    pub(crate) fn from_form(form: &[u8]) -> Result<Self, RequestError> {
        let (request, user, password) = Self::from_pairs(form);
        match request.grant_type.as_deref() {
            Some("password") => {}
            other => return Err(RequestError::GrantType(other.unwrap_or_default().chars().take(80).collect())),
        }
        Ok(Self { credential: user.zip(password).map(|(user, password)| Credential { user, password }), ..request })
    }

    fn from_pairs(encoded: &[u8]) -> (Self, Option<String>, Option<SecretString>) {
        let (mut request, mut user, mut password) = (Self::default(), None, None);
        for (name, value) in form_urlencoded::parse(encoded) {
            match name.as_ref() {
                "service" => request.service = Some(value.into_owned()),
                "scope" => request.scopes.push(value.into_owned()),
                "grant_type" => request.grant_type = Some(value.into_owned()),
                "username" => user = Some(value.into_owned()),
                "password" => password = Some(SecretString::from(value.into_owned())),
                _ => {}
            }
        }
        (request, user, password)
    }
}

/// <https://www.rfc-editor.org/rfc/rfc7617#section-2>
fn basic(header: &str) -> Result<Credential, RequestError> {
    let (scheme, encoded) = header.split_once(' ').ok_or(RequestError::Authorization)?;
    let decoded = BASE64.decode(encoded.trim().as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let credential = decoded.as_deref().and_then(|text| text.split_once(':'));
    match credential {
        Some((user, password)) if scheme.eq_ignore_ascii_case("basic") => {
            Ok(Credential { user: user.to_owned(), password: SecretString::from(password.to_owned()) })
        }
        _ => Err(RequestError::Authorization),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn signed_in(request: &TokenRequest) -> (&str, &str) {
        let credential = request.credential.as_ref().unwrap();
        (&credential.user, credential.password.expose_secret())
    }

    #[test]
    fn docker_asks_with_basic_authentication() {
        let header = format!("basic {}", BASE64.encode(b"alice:se:cret"));
        let query = "account=alice&scope=repository%3Aa%2Fb%3Apull&scope=x&service=roost-registry&client_id=docker";
        let request = TokenRequest::from_query(query, Some(&header)).unwrap();
        assert_eq!(signed_in(&request), ("alice", "se:cret"));
        assert_eq!(request.scopes, ["repository:a/b:pull", "x"]);
        assert_eq!(request.service.as_deref(), Some("roost-registry"));
    }

    #[test]
    fn containerd_posts_a_form() {
        let form = b"client_id=containerd-client&grant_type=password&password=a%2Bb+c&scope=repository%3Aa%2Fb%3Apull\
            &service=roost-registry&username=alice";
        let request = TokenRequest::from_form(form).unwrap();
        assert_eq!(signed_in(&request), ("alice", "a+b c"));
        assert_eq!(request.scopes, ["repository:a/b:pull"]);
    }

    #[test]
    fn a_password_in_the_address_is_not_taken() {
        let request = TokenRequest::from_query("username=alice&password=secret", None).unwrap();
        assert!(request.credential.is_none());
    }

    #[test]
    fn what_is_not_basic_or_a_password_is_refused() {
        let bearer = format!("Bearer {}", BASE64.encode(b"alice:secret"));
        let no_colon = format!("Basic {}", BASE64.encode(b"alice"));
        for header in ["", "Basic", "Basic !", &bearer, &no_colon, "Basic /w=="] {
            let refused = TokenRequest::from_query("", Some(header)).unwrap_err();
            assert_eq!(refused, RequestError::Authorization, "{header}");
        }
        for form in ["", "grant_type=refresh_token&refresh_token=x", "username=a&password=b"] {
            assert!(matches!(TokenRequest::from_form(form.as_bytes()), Err(RequestError::GrantType(_))), "{form}");
        }
    }
}

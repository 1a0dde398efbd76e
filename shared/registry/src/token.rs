//! Tokens, which the registry believes because of their signature.

use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header};
use roost_domain::fault::{Classified, Fault};
use secrecy::SecretString;
use serde::Serialize;

use crate::grant::Grant;
use crate::signing_key::SigningKey;

/// As in the registry's own configuration: whom it believes, and what tokens are for.
pub const ISSUER: &str = "roost";
/// The audience of every token.
pub const SERVICE: &str = "roost-registry";

/// A signed token.
#[derive(Debug, Clone)]
pub struct Token {
    /// As it is sent.
    pub text: SecretString,
    /// The registry's clock may be a minute off before this counts for it.
    pub expires_at: Timestamp,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The key does not sign.
    #[error("unable to sign a token for the registry: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

impl Classified for TokenError {
    fn fault(&self) -> Fault {
        Fault::Ours
    }
}

/// <https://distribution.github.io/distribution/spec/auth/jwt/>
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'static str,
    aud: &'static str,
    sub: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    access: &'a [Grant],
}

impl SigningKey {
    /// Signs a token for `subject`, which the registry logs.
    pub fn token(
        &self,
        subject: &str,
        grants: &[Grant],
        lifetime: Duration,
        now: Timestamp,
    ) -> Result<Token, TokenError> {
        let expires_at = now + lifetime;
        let (iat, exp) = (now.as_second(), expires_at.as_second());
        let claims = Claims { iss: ISSUER, aud: SERVICE, sub: subject, iat, nbf: iat, exp, access: grants };
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        let text = jsonwebtoken::encode(&header, &claims, &self.key)?;
        Ok(Token { text: SecretString::from(text), expires_at })
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
    use secrecy::ExposeSecret;
    use serde_json::{Value, json};

    use super::*;
    use crate::repository_name::RepositoryName;
    use crate::signing_key::tests::new_key;

    fn repository(name: &str) -> RepositoryName {
        RepositoryName::parse(name).unwrap()
    }

    #[test]
    fn a_token_names_its_key_and_exactly_what_it_is_good_for() {
        let (key, public) = new_key();
        let now = Timestamp::now();
        let grants = [Grant::push(repository("ab/shop/web")), Grant::pull(repository("ab/shop/api"))];
        let token = key.token("build", &grants, Duration::from_mins(5), now).unwrap();
        assert_eq!(decode_header(token.text.expose_secret()).unwrap().kid, Some(key.id.clone()));

        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_audience(&[SERVICE]);
        rules.set_issuer(&[ISSUER]);
        let public = DecodingKey::from_ec_pem(public.as_bytes()).unwrap();
        let claims = decode::<Value>(token.text.expose_secret(), &public, &rules).unwrap().claims;
        assert_eq!(claims["exp"], now.as_second() + 300);
        let expected = json!([
            {"type": "repository", "name": "ab/shop/web", "actions": ["pull", "push"]},
            {"type": "repository", "name": "ab/shop/api", "actions": ["pull"]},
        ]);
        assert_eq!(claims["access"], expected);
    }

    #[test]
    fn a_token_without_grants_allows_nothing() {
        let (key, _) = new_key();
        let token = key.token("nobody", &[], Duration::from_mins(5), Timestamp::now()).unwrap();
        let payload = token.text.expose_secret().split('.').nth(1).unwrap().to_owned();
        let claims = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&claims).unwrap()["access"], json!([]));
    }

    #[test]
    fn a_token_is_not_printed() {
        let (key, _) = new_key();
        let token = key.token("build", &[], Duration::from_mins(5), Timestamp::now()).unwrap();
        assert!(!format!("{token:?}").contains(&token.text.expose_secret()[..20]));
    }
}

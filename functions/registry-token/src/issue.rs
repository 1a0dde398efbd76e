//! Who gets which token.

use std::time::Duration;

use jiff::Timestamp;
use roost_registry::grant::Grant;
use roost_registry::pull_credential::PullKey;
use roost_registry::signing_key::SigningKey;
use roost_registry::token::{SERVICE, Token, TokenError};
use secrecy::ExposeSecret;

use crate::request::{RequestError, TokenRequest};
use crate::scope::{ScopeError, repositories_to_pull};

/// For the layers of one image: nodes ask again for the next one.
pub(crate) const LIFETIME: Duration = Duration::from_mins(5);

/// Makes tokens of credentials. It remembers nothing.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) signing_key: SigningKey,
    pub(crate) pull_key: PullKey,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("tokens for service {0:?} are not made here: ask for {SERVICE}")]
    Service(String),
    #[error(transparent)]
    Scope(#[from] ScopeError),
    #[error("name and password do not belong together: sign in with a tenant's pull credential")]
    Credential,
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl Issuer {
    /// A token for as much of what is asked for as the tenant may have, which can be nothing.
    pub(crate) fn issue(&self, request: &TokenRequest, now: Timestamp) -> Result<Token, Refusal> {
        if let Some(other) = request.service.as_deref().filter(|service| *service != SERVICE) {
            return Err(Refusal::Service(other.chars().take(80).collect()));
        }
        let credential = request.credential.as_ref().ok_or(Refusal::Credential)?;
        if !self.pull_key.accepts(&credential.user, credential.password.expose_secret()) {
            return Err(Refusal::Credential);
        }
        let asked = repositories_to_pull(&request.scopes)?;
        let own = asked.into_iter().filter(|name| name.is_below(&credential.user));
        let grants: Vec<Grant> = own.map(Grant::pull).collect();
        Ok(self.signing_key.token(&credential.user, &grants, LIFETIME, now)?)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use data_encoding::{BASE64, BASE64URL_NOPAD};
    use rcgen::KeyPair;
    use roost_domain::naming::TenantId;
    use secrecy::SecretString;
    use serde_json::{Value, json};

    use super::*;

    pub(crate) fn issuer() -> Issuer {
        let pull_key = PullKey::from_base64(&SecretString::from(BASE64.encode(&[7; 32]))).unwrap();
        loop {
            let pem = SecretString::from(KeyPair::generate().unwrap().serialize_pem());
            if let Ok(signing_key) = SigningKey::from_pem(&pem) {
                return Issuer { signing_key, pull_key };
            }
        }
    }

    /// The header by which a tenant signs in, and its folder.
    pub(crate) fn sign_in(issuer: &Issuer, tenant: &str) -> (String, String) {
        let credential = issuer.pull_key.credential(&TenantId::parse(tenant).unwrap()).unwrap();
        let both = format!("{}:{}", credential.user, credential.password.expose_secret());
        (format!("Basic {}", BASE64.encode(both.as_bytes())), credential.user)
    }

    fn access(issuer: &Issuer, header: &str, scopes: &[String]) -> Value {
        let scopes: Vec<String> = scopes.iter().map(|scope| format!("scope={scope}")).collect();
        let request = TokenRequest::from_query(&scopes.join("&"), Some(header)).unwrap();
        let token = issuer.issue(&request, Timestamp::now()).unwrap();
        let payload = token.text.expose_secret().split('.').nth(1).unwrap().to_owned();
        let claims = BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap();
        serde_json::from_slice::<Value>(&claims).unwrap()["access"].take()
    }

    #[test]
    fn a_tenant_gets_pulling_of_its_own_and_nothing_else() {
        let issuer = issuer();
        let (header, folder) = sign_in(&issuer, "alice");
        let (_, other) = sign_in(&issuer, "bob");
        let own = format!("{folder}/shop/web");
        let scopes = [
            format!("repository:{own}:pull,push,delete"),
            format!("repository:{other}/shop/web:pull"),
            format!("repository:{folder}x/shop:pull"),
            format!("repository:{folder}:pull"),
            format!("repository:{}/shop:pull", &folder[..folder.len() - 1]),
            "registry:catalog:*".to_owned(),
        ];
        let expected = json!([{"type": "repository", "name": own, "actions": ["pull"]}]);
        assert_eq!(access(&issuer, &header, &scopes), expected);
        assert_eq!(access(&issuer, &header, &scopes[1..]), json!([]));
    }

    #[test]
    fn without_the_right_credential_there_is_no_token() {
        let issuer = issuer();
        let (_, folder) = sign_in(&issuer, "alice");
        let wrong = format!("Basic {}", BASE64.encode(format!("{folder}:wrong").as_bytes()));
        for header in [None, Some(wrong.as_str())] {
            let request = TokenRequest::from_query("", header).unwrap();
            assert!(matches!(issuer.issue(&request, Timestamp::now()), Err(Refusal::Credential)));
        }
    }

    #[test]
    fn tokens_for_another_service_are_not_made() {
        let issuer = issuer();
        let (header, _) = sign_in(&issuer, "alice");
        let request = TokenRequest::from_query("service=registry.docker.io", Some(&header)).unwrap();
        assert!(matches!(issuer.issue(&request, Timestamp::now()), Err(Refusal::Service(_))));
    }
}

//! The name and password with which the nodes pull a tenant's images: nothing has to be stored to check them.

use data_encoding::{BASE32_NOPAD, BASE64};
use hmac::{Hmac, KeyInit, Mac};
use roost_domain::image::Repository;
use roost_domain::naming::TenantId;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Another purpose, or another way to make passwords, takes another.
const PURPOSE: &str = "pull/v1/";
const SHORTEST: usize = 32;

/// The key all tenants' passwords are made with.
pub struct PullKey(Zeroizing<Vec<u8>>);

/// Why a text is no such key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the pull key is not at least 32 bytes in base64: make one with `openssl rand -base64 32`")]
pub struct PullKeyError;

/// What a node signs in with.
#[derive(Debug, Clone)]
pub struct PullCredential {
    /// The tenant's folder in the registry.
    pub user: String,
    /// Good for that folder.
    pub password: SecretString,
}

impl PullKey {
    /// Takes the key in base64.
    pub fn from_base64(text: &SecretString) -> Result<Self, PullKeyError> {
        let bytes = BASE64.decode(text.expose_secret().trim().as_bytes()).map_err(|_| PullKeyError)?;
        if bytes.len() < SHORTEST { Err(PullKeyError) } else { Ok(Self(Zeroizing::new(bytes))) }
    }

    /// The tenant's credential: the same for as long as the key.
    pub fn credential(&self, tenant: &TenantId) -> Result<PullCredential, PullKeyError> {
        let user = Repository::tenant_part(tenant);
        let code = self.code(&user)?.finalize().into_bytes();
        let password = SecretString::from(BASE32_NOPAD.encode(&code).to_ascii_lowercase());
        Ok(PullCredential { user, password })
    }

    /// Whether `password` is the one of `user`, in a time that tells nothing about it.
    #[must_use]
    pub fn accepts(&self, user: &str, password: &str) -> bool {
        let given = BASE32_NOPAD.decode(password.to_ascii_uppercase().as_bytes());
        let code = self.code(user);
        given.ok().zip(code.ok()).is_some_and(|(given, code)| code.verify_slice(&given).is_ok())
    }

    fn code(&self, user: &str) -> Result<Hmac<Sha256>, PullKeyError> {
        let code = Hmac::<Sha256>::new_from_slice(&self.0).map_err(|_| PullKeyError)?;
        Ok(code.chain_update(PURPOSE).chain_update(user))
    }
}

impl std::fmt::Debug for PullKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PullKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> PullKey {
        PullKey::from_base64(&SecretString::from(BASE64.encode(&[byte; 32]))).unwrap()
    }

    fn credential(key: &PullKey, tenant: &str) -> (String, String) {
        let made = key.credential(&TenantId::parse(tenant).unwrap()).unwrap();
        (made.user, made.password.expose_secret().to_owned())
    }

    #[test]
    fn a_password_is_good_for_its_own_user_and_key_only() {
        let (user, password) = credential(&key(1), "alice");
        assert!(key(1).accepts(&user, &password));
        assert!(!key(2).accepts(&user, &password));
        let (other, _) = credential(&key(1), "bob");
        for user in [other.as_str(), "", "alice", &user[..user.len() - 1], &format!("{user}x"), &user.to_uppercase()] {
            assert!(!key(1).accepts(user, &password), "{user}");
        }
    }

    #[test]
    fn nothing_but_the_whole_password_is_accepted() {
        let (user, password) = credential(&key(1), "alice");
        let longer = format!("{password}a");
        for wrong in ["", "a", "ä", &password[..51], &password[..50], &longer, &password.replace(&password[..1], "=")]
        {
            assert!(!key(1).accepts(&user, wrong), "{wrong}");
        }
    }

    #[test]
    fn the_password_is_the_same_everywhere() {
        assert_eq!(credential(&key(1), "alice"), credential(&key(1), "alice"));
    }

    #[test]
    fn a_short_key_is_refused() {
        for text in ["", "c2hvcnQ=", "not base64!", &BASE64.encode(&[1; 31])] {
            assert_eq!(PullKey::from_base64(&SecretString::from(text.to_owned())).unwrap_err(), PullKeyError);
        }
    }
}

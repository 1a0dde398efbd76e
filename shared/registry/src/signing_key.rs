//! The key that signs tokens, and the name by which the registry knows it.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};
use secrecy::{ExposeSecret, SecretString};

/// An elliptic key of the curve P-256.
#[derive(Clone)]
pub struct SigningKey {
    pub(crate) key: EncodingKey,
    pub(crate) id: String,
}

/// Why a text is no signing key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SigningKeyError {
    /// Not PEM, or not of that curve.
    #[error(
        "the signing key is not a P-256 key in PKCS#8 PEM: make one with `openssl genpkey -algorithm EC -pkeyopt \
             ec_paramgen_curve:P-256`"
    )]
    Unreadable,
    /// One key in 128.
    #[error("the registry would know this signing key by a name of its own: make another key and certificate")]
    LeadingZero,
}

impl SigningKey {
    /// Takes a private key in PKCS#8 PEM.
    pub fn from_pem(pem: &SecretString) -> Result<Self, SigningKeyError> {
        let unreadable = |_| SigningKeyError::Unreadable;
        let key = EncodingKey::from_ec_pem(pem.expose_secret().as_bytes()).map_err(unreadable)?;
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(unreadable)?;
        if has_leading_zero(&public) {
            return Err(SigningKeyError::LeadingZero);
        }
        let id = public.thumbprint(ThumbprintHash::SHA256).map_err(unreadable)?;
        Ok(Self { key, id })
    }
}

/// The registry's thumbprint of a certificate's key leaves out zeros with which a coordinate begins; RFC 7638 does not.
/// <https://github.com/distribution/distribution/blob/v3.1.2/registry/auth/token/util.go#L79>
fn has_leading_zero(public: &Jwk) -> bool {
    let begins_with_zero = |coordinate: &str| {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(coordinate.as_bytes());
        bytes.map_or(true, |bytes| bytes.first() == Some(&0))
    };
    match &public.algorithm {
        AlgorithmParameters::EllipticCurve(point) => begins_with_zero(&point.x) || begins_with_zero(&point.y),
        _ => true,
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use rcgen::KeyPair;

    use super::*;

    /// A new key, and its public half in PEM.
    pub(crate) fn new_key() -> (SigningKey, String) {
        loop {
            let pair = KeyPair::generate().unwrap();
            if let Ok(key) = SigningKey::from_pem(&SecretString::from(pair.serialize_pem())) {
                return (key, pair.public_key_pem());
            }
        }
    }

    #[test]
    fn what_is_not_a_key_of_the_curve_is_refused() {
        let ed25519 = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap().serialize_pem();
        let p384 = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap().serialize_pem();
        for pem in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", &ed25519, &p384] {
            let refused = SigningKey::from_pem(&SecretString::from(pem.to_owned())).unwrap_err();
            assert_eq!(refused, SigningKeyError::Unreadable, "{pem}");
        }
    }

    #[test]
    fn a_key_that_the_registry_would_name_otherwise_is_refused() {
        // Made until one had a coordinate with a leading zero.
        let refused = (0..20_000).find_map(|_| {
            let pem = KeyPair::generate().ok()?.serialize_pem();
            SigningKey::from_pem(&SecretString::from(pem)).err()
        });
        assert_eq!(refused, Some(SigningKeyError::LeadingZero));
    }

    #[test]
    fn nothing_of_the_key_is_printed() {
        let (key, _) = new_key();
        assert_eq!(format!("{key:?}"), format!("SigningKey {{ id: {:?}, .. }}", key.id));
    }
}

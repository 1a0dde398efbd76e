//! A token is looked at with an issuer's keys: pure, and the one place where its signature counts.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use roost_domain::naming::TenantId;
use serde::Deserialize;

use crate::{Expectation, TokenRefusal};

/// In bytes.
pub const LONGEST_TOKEN: usize = 8 * 1024;
/// Clocks differ, in seconds.
const LEEWAY: u64 = 30;
/// Nothing that is signed with a shared secret, and nothing that is not signed.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// What the claim `roost_role` says of the website itself.
const WEBSITE: &str = "website";

/// An issuer's keys as it publishes them.
pub type KeySet = JwkSet;

/// Who bears a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A user.
    User(TenantId),
    /// The website itself.
    Website,
}

/// Tells who bears a token.
pub struct Verifier {
    keys: KeySet,
    expectation: Expectation,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    roost_role: Option<String>,
}

impl Verifier {
    /// With these keys.
    #[must_use]
    pub fn new(keys: KeySet, expectation: Expectation) -> Self {
        Self { keys, expectation }
    }

    /// Whether a token may be looked at at all: by whom it is signed is not known yet.
    pub fn check_form(token: &str) -> Result<(), TokenRefusal> {
        header(token).map(drop)
    }

    /// Who bears a token.
    pub fn verify(&self, token: &str) -> Result<Identity, TokenRefusal> {
        let (algorithm, key_name) = header(token)?;
        let key = self.keys.find(&key_name).ok_or(TokenRefusal::UnknownKey)?;
        if !is_for(key, algorithm) {
            return Err(TokenRefusal::Algorithm);
        }
        let key = DecodingKey::from_jwk(key).map_err(|_| TokenRefusal::UnknownKey)?;
        let claims = decode::<Claims>(token, &key, &self.rules(algorithm)).map_err(|error| refusal(&error))?.claims;
        match claims.roost_role.as_deref() {
            Some(WEBSITE) => Ok(Identity::Website),
            Some(_) => Err(TokenRefusal::Incomplete),
            None => Ok(Identity::User(TenantId::parse(&claims.sub)?)),
        }
    }

    fn rules(&self, algorithm: Algorithm) -> Validation {
        let mut rules = Validation::new(algorithm);
        rules.set_issuer(&[&self.expectation.issuer]);
        rules.set_audience(&[&self.expectation.audience]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        rules.leeway = LEEWAY;
        rules
    }
}

fn header(token: &str) -> Result<(Algorithm, String), TokenRefusal> {
    if token.len() > LONGEST_TOKEN {
        return Err(TokenRefusal::TooLong);
    }
    let header = decode_header(token).map_err(|_| TokenRefusal::Unreadable)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(TokenRefusal::Algorithm);
    }
    Ok((header.alg, header.kid.ok_or(TokenRefusal::NoKeyName)?))
}

/// Whether a key is one for signatures of that kind: which one it is says the issuer, never the token.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let signs = key.common.public_key_use.as_ref().is_none_or(|use_| *use_ == PublicKeyUse::Signature);
    let agrees = key.common.key_algorithm.is_none_or(|named| named.to_string() == format!("{algorithm:?}"));
    let fits = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(curve), Algorithm::EdDSA) => curve.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    signs && agrees && fits
}

fn refusal(error: &jsonwebtoken::errors::Error) -> TokenRefusal {
    use jsonwebtoken::errors::ErrorKind as Kind;
    match error.kind() {
        Kind::ExpiredSignature => TokenRefusal::Expired,
        Kind::ImmatureSignature => TokenRefusal::NotYet,
        Kind::InvalidIssuer => TokenRefusal::Issuer,
        Kind::InvalidAudience => TokenRefusal::Audience,
        Kind::MissingRequiredClaim(_) | Kind::InvalidClaimFormat(_) | Kind::Json(_) => TokenRefusal::Incomplete,
        _ => TokenRefusal::Signature,
    }
}

#[cfg(test)]
mod tests;

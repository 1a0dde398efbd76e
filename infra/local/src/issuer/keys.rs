//! The issuer's key, and the tokens that it signs.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::KeyPair;
use serde_json::json;

use super::{AUDIENCE, address};
use crate::certificates::write_secret;
use crate::instance::Instance;

/// As long as a day of work.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Whom a token is for.
pub(crate) enum Bearer<'a> {
    User(&'a str),
    Website,
}

/// The key with which it signs.
pub(crate) fn key_file(instance: &Instance) -> PathBuf {
    instance.state.join("identity.key")
}

/// Makes the key if there is none.
pub(crate) fn prepare(instance: &Instance) -> anyhow::Result<()> {
    if key_file(instance).exists() {
        return Ok(());
    }
    write_secret(&key_file(instance), &KeyPair::generate()?.serialize_pem())
}

/// A token, as the website's sign-in would give it.
pub(crate) fn token(instance: &Instance, bearer: &Bearer<'_>) -> anyhow::Result<String> {
    let (key, public) = keys(instance)?;
    let now = Timestamp::now();
    let (iat, exp) = (now.as_second(), (now + LIFETIME).as_second());
    let mut claims = json!({"iss": address(instance), "aud": AUDIENCE, "iat": iat, "exp": exp});
    match bearer {
        Bearer::User(id) => claims["sub"] = json!(id),
        Bearer::Website => {
            claims["sub"] = json!("website");
            claims["roost_role"] = json!("website");
        }
    }
    let header = Header { kid: public.common.key_id, ..Header::new(Algorithm::ES256) };
    Ok(jsonwebtoken::encode(&header, &claims, &key)?)
}

/// The key, and its public half.
pub(super) fn keys(instance: &Instance) -> anyhow::Result<(EncodingKey, Jwk)> {
    let pem = fs::read(key_file(instance)).context("the platform is not up: run `make up`")?;
    let key = EncodingKey::from_ec_pem(&pem)?;
    let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
    public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256)?);
    Ok((key, public))
}

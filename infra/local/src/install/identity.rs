//! The issuer that stands for the website's sign-in: its keys are published, as any issuer's, by two documents in a bucket.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use aws_config::SdkConfig;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::KeyPair;
use serde_json::{Value, json};

use super::stack::REGION;
use crate::certificates::write_secret;
use crate::instance::{AWS_EMULATOR, Instance};

const BUCKET: &str = "roost-identity";
/// For whom its tokens are meant.
pub(crate) const AUDIENCE: &str = "roost";
/// As long as a day of work.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Whom a token is for.
pub(crate) enum Bearer<'a> {
    User(&'a str),
    Website,
}

/// As its tokens name it; the functions reach it there.
pub(crate) fn issuer(instance: &Instance) -> String {
    format!("http://{}:{}/{BUCKET}", instance.node_address(), instance.node_port(AWS_EMULATOR))
}

/// The key with which it signs.
pub(crate) fn key_file(instance: &Instance) -> PathBuf {
    instance.state.join("identity.key")
}

/// Makes the key if there is none, and publishes its public half.
pub(super) async fn install(instance: &Instance, aws: &SdkConfig) -> anyhow::Result<()> {
    if !key_file(instance).exists() {
        write_secret(&key_file(instance), &KeyPair::generate()?.serialize_pem())?;
    }
    let (_, public) = keys(instance)?;
    let issuer = issuer(instance);
    let description = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/keys.json"),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    });
    let s3 = aws_sdk_s3::Client::from_conf(Builder::from(aws).force_path_style(true).build());
    create_bucket(&s3).await?;
    publish(&s3, ".well-known/openid-configuration", &description).await?;
    publish(&s3, "keys.json", &json!({"keys": [public]})).await
}

/// A token, as the website's sign-in would give it.
pub(crate) fn token(instance: &Instance, bearer: &Bearer<'_>) -> anyhow::Result<String> {
    let (key, public) = keys(instance)?;
    let now = Timestamp::now();
    let (iat, exp) = (now.as_second(), (now + LIFETIME).as_second());
    let mut claims = json!({"iss": issuer(instance), "aud": AUDIENCE, "iat": iat, "exp": exp});
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

fn keys(instance: &Instance) -> anyhow::Result<(EncodingKey, Jwk)> {
    let pem = fs::read(key_file(instance)).context("the platform is not up: run `make up`")?;
    let key = EncodingKey::from_ec_pem(&pem)?;
    let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
    public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256)?);
    Ok((key, public))
}

async fn create_bucket(s3: &aws_sdk_s3::Client) -> anyhow::Result<()> {
    let place = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(REGION));
    let created = s3.create_bucket().bucket(BUCKET).create_bucket_configuration(place.build()).send().await;
    match created.map_err(aws_sdk_s3::error::SdkError::into_service_error) {
        Err(error) if !error.is_bucket_already_owned_by_you() => {
            Err(anyhow::anyhow!("the bucket of the issuer: {}", DisplayErrorContext(error)))
        }
        _ => Ok(()),
    }
}

async fn publish(s3: &aws_sdk_s3::Client, key: &str, document: &Value) -> anyhow::Result<()> {
    let body = ByteStream::from(document.to_string().into_bytes());
    let put = s3.put_object().bucket(BUCKET).key(key).content_type("application/json").body(body).send().await;
    put.map(drop).map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))
}

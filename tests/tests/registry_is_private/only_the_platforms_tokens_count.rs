//! Tokens that somebody else made, or that the platform made for something else.

use anyhow::{Context, Result};
use data_encoding::BASE64URL_NOPAD;
use jiff::{Timestamp, ToSpan};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{CertificateParams, KeyPair};
use reqwest::{Method, StatusCode};
use roost_domain::image::Repository;
use roost_registry::grant::Grant;
use roost_tests::registry::{Registry, repository};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::user::User;
use serde_json::{Value, json};

fn claims(repository: &Repository, changes: &Value) -> Value {
    let now = Timestamp::now().as_second();
    let access = json!([{"type": "repository", "name": repository.as_str(), "actions": ["pull"]}]);
    let claims = json!({
        "iss": "roost", "aud": "roost-registry", "sub": "test", "iat": now, "nbf": now, "exp": now + 300,
        "access": access,
    });
    roost_tests::manifests::merged(&claims, changes)
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

/// As much of a token as is before its signature, with another payload or header.
fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", part(header), part(claims))
}

/// (what it is, token)
fn forgeries(registry: &Registry, repository: &Repository) -> Result<Vec<(&'static str, String)>> {
    let good = registry.token(&[Grant::pull(repository)])?;
    let header = jsonwebtoken::decode_header(&good)?;
    let id = header.kid.clone().context("the token names no key")?;
    let signature = good.rsplit('.').next().context("the token has no signature")?.to_owned();
    let platforms = EncodingKey::from_ec_pem(registry.signing_key()?.as_bytes())?;
    let pair = KeyPair::generate()?;
    let strangers = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes())?;
    let certificate = CertificateParams::default().self_signed(&pair)?;
    let with_certificate =
        Header { x5c: Some(vec![data_encoding::BASE64.encode(certificate.der())]), ..Header::new(Algorithm::ES256) };
    let symmetric = Header { kid: header.kid.clone(), ..Header::new(Algorithm::HS256) };
    let nothing = json!({});
    let signed =
        |header: &Header, changes: &Value, key: &EncodingKey| encode(header, &claims(repository, changes), key);
    let hour_ago = Timestamp::now() - 1.hour();
    let hour_ahead = Timestamp::now() + 1.hour();
    Ok(vec![
        ("expired", registry.token_of(&[Grant::pull(repository)], hour_ago)?),
        ("not yet good", registry.token_of(&[Grant::pull(repository)], hour_ahead)?),
        ("for another service", signed(&header, &json!({"aud": "registry.docker.io"}), &platforms)?),
        ("of another issuer", signed(&header, &json!({"iss": "somebody"}), &platforms)?),
        ("signed by a stranger's key", signed(&header, &nothing, &strangers)?),
        ("with a stranger's certificate", signed(&with_certificate, &nothing, &strangers)?),
        ("naming no key", signed(&Header::new(Algorithm::ES256), &nothing, &platforms)?),
        ("signed with the key's name", signed(&symmetric, &nothing, &EncodingKey::from_secret(id.as_bytes()))?),
        ("unsigned", format!("{}.", unsigned(&json!({"alg": "none", "kid": id}), &claims(repository, &nothing)))),
        (
            "with another's signature",
            format!("{}.{signature}", unsigned(&json!({"alg": "ES256", "kid": id}), &claims(repository, &nothing))),
        ),
        ("no token", "x".to_owned()),
    ])
}

#[tokio::test]
async fn forged_expired_and_foreign_tokens_are_refused() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let own = repository(&User::new("owner").id, "web")?;
    registry.push(&own, "r1").await?;
    let path = format!("{own}/manifests/r1");
    let good = registry.token(&[Grant::pull(&own)])?;
    assert_eq!(registry.ask(Method::GET, &path, Some(&good)).await?.status(), StatusCode::OK);
    for (what, token) in forgeries(&registry, &own)? {
        let answer = registry.ask(Method::GET, &path, Some(&token)).await?;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{what}");
    }
    Ok(())
}

//! Tokens that nobody should believe.

use anyhow::{Result, ensure};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::KeyPair;
use roost_tests::api::{Api, Issuer};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use serde_json::{Value, json};

fn with(mut claims: Value, field: &str, value: Value) -> Value {
    claims[field] = value;
    claims
}

/// A key of the forger's own.
fn forger() -> Result<Issuer> {
    loop {
        // One key in 128 is none that tokens can be signed with.
        if let Ok(issuer) = Issuer::with_key(KeyPair::generate()?.serialize_pem().as_bytes()) {
            return Ok(issuer);
        }
    }
}

fn forgeries(issuer: &Issuer, user: &str) -> Result<Vec<(&'static str, String)>> {
    let (claims, forger, now) = (issuer.claims(user), forger()?, Timestamp::now().as_second());
    let good = issuer.sign(&claims)?;
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let unsigned = format!("{}.{}.", part(&json!({"alg": "none", "kid": issuer.name})), part(&claims));
    let stripped = good[..=good.rfind('.').unwrap_or_default()].to_owned();
    let confused = Header { kid: Some(issuer.name.clone()), ..Header::new(Algorithm::HS256) };
    let published = serde_json::to_vec(&issuer.public)?;
    let confused = jsonwebtoken::encode(&confused, &claims, &EncodingKey::from_secret(&published))?;
    Ok(vec![
        ("not signed", unsigned),
        ("its signature taken off", stripped),
        ("signed with the public key as a secret", confused),
        ("of another issuer", issuer.sign(&with(claims.clone(), "iss", json!("https://id.example.com")))?),
        ("for another audience", issuer.sign(&with(claims.clone(), "aud", json!("another")))?),
        ("expired", issuer.sign(&with(claims.clone(), "exp", json!(now - 60)))?),
        ("of a time to come", issuer.sign(&with(claims.clone(), "nbf", json!(now + 600)))?),
        ("without an end", issuer.sign(&with(claims.clone(), "exp", Value::Null))?),
        ("signed by a key of that name that is another", forger.sign_as(&issuer.name, &claims)?),
        ("signed by a key that is not known", forger.sign(&claims)?),
        ("huge", issuer.sign(&with(claims.clone(), "padding", json!("x".repeat(9_000))))?),
        ("an administrator's", issuer.sign(&with(claims, "roost_role", json!("administrator")))?),
        ("no token at all", "hello".to_owned()),
        ("an agent's that was never made", format!("roost_{}", "a".repeat(52))),
        ("empty", String::new()),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forgery_is_let_in_and_none_learns_why_a_good_one_would_be() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let user = User::new("forged");
    sign_up(&platform, &user, "free").await?;
    let (issuer, path) = (Issuer::of_the_platform()?, format!("/api/users/{}", user.id));
    Api::of_user(&user.id)?.read(&path).await?;
    for (what, token) in forgeries(&issuer, user.id.as_str())? {
        let answer = Api::with_token(token)?.get(&path).await?;
        ensure!(answer.is_problem(401), "{what}: {answer:?}");
        ensure!(!answer.body.to_string().contains(&user.name), "{what}: {answer:?}");
    }
    Ok(())
}

//! The exchange of a tenant's credential for a token.

use anyhow::{Context, Result};
use reqwest::{Method, StatusCode};
use roost_domain::image::Repository;
use roost_registry::pull_credential::PullCredential;
use roost_tests::registry::{Registry, repository};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::user::User;
use secrecy::ExposeSecret;
use serde_json::Value;

/// The token that the credential is exchanged for.
async fn exchanged(registry: &Registry, credential: &PullCredential, scopes: &[String]) -> Result<String> {
    let answer = registry.ask_for_token(&credential.user, credential.password.expose_secret(), scopes).await?;
    let answer: Value = answer.error_for_status()?.json().await?;
    answer["token"].as_str().map(str::to_owned).context("the answer has no token")
}

async fn status(registry: &Registry, repository: &Repository, token: &str) -> Result<StatusCode> {
    Ok(registry.ask(Method::GET, &format!("{repository}/manifests/r1"), Some(token)).await?.status())
}

#[tokio::test]
async fn a_tenants_credential_pulls_the_tenants_images_and_no_others() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let (owner, other) = (User::new("owner").id, User::new("other").id);
    let (own, prize) = (repository(&owner, "web")?, repository(&other, "web")?);
    registry.push(&own, "r1").await?;
    registry.push(&prize, "r1").await?;
    let credential = registry.settings.pull_key.credential(&owner)?;
    let scopes = [
        format!("repository:{own}:pull,push,delete"),
        format!("repository:{prize}:pull"),
        "registry:catalog:*".to_owned(),
    ];
    let token = exchanged(&registry, &credential, &scopes).await?;
    assert_eq!(status(&registry, &own, &token).await?, StatusCode::OK);
    assert_eq!(status(&registry, &prize, &token).await?, StatusCode::UNAUTHORIZED);
    for (method, path) in [(Method::GET, "_catalog".to_owned()), (Method::POST, format!("{own}/blobs/uploads/"))] {
        let answer = registry.ask(method, &path, Some(&token)).await?;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let token = exchanged(&registry, &credential, &scopes[1..]).await?;
    assert_eq!(status(&registry, &own, &token).await?, StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test]
async fn a_credential_that_was_not_given_out_is_refused() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let key = &registry.settings.pull_key;
    let (owner, other) = (key.credential(&User::new("owner").id)?, key.credential(&User::new("other").id)?);
    let password = owner.password.expose_secret();
    let upper = owner.user.to_uppercase();
    for (user, password) in [(&*owner.user, ""), ("", password), (&*other.user, password), (&*upper, password)] {
        let answer = registry.ask_for_token(user, password, &[]).await?;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{user}");
        assert!(answer.headers().contains_key("www-authenticate"), "{user}");
        let form = [("grant_type", "password"), ("username", user), ("password", password)];
        assert_eq!(registry.post_for_token(&form).await?.status(), StatusCode::UNAUTHORIZED, "{user}");
    }
    Ok(())
}

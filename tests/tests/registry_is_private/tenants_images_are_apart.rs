//! What a build with its token, and anybody without one, can reach.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use roost_registry::grant::Grant;
use roost_tests::registry::{Pushed, Registry, repository};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::user::User;

/// Everything a client can ask about somebody's image, and about the whole registry.
fn requests(prize: &Pushed) -> Vec<(Method, String)> {
    let Pushed { repository, digest, layer } = prize;
    vec![
        (Method::GET, String::new()),
        (Method::GET, "_catalog".to_owned()),
        (Method::GET, format!("{repository}/tags/list")),
        (Method::GET, format!("{repository}/manifests/r1")),
        (Method::HEAD, format!("{repository}/manifests/{digest}")),
        (Method::GET, format!("{repository}/blobs/{layer}")),
        (Method::HEAD, format!("{repository}/blobs/{layer}")),
        (Method::POST, format!("{repository}/blobs/uploads/")),
        (Method::PUT, format!("{repository}/manifests/r1")),
        (Method::DELETE, format!("{repository}/manifests/{digest}")),
        (Method::DELETE, format!("{repository}/blobs/{layer}")),
        (Method::GET, format!("{repository}/referrers/{digest}")),
    ]
}

#[tokio::test]
async fn without_a_token_there_is_nothing() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let prize = registry.push(&repository(&User::new("prize").id, "web")?, "r1").await?;
    for (method, path) in requests(&prize) {
        let answer = registry.ask(method.clone(), &path, None).await?;
        let expected = if path.contains("referrers") { StatusCode::NOT_FOUND } else { StatusCode::UNAUTHORIZED };
        assert_eq!(answer.status(), expected, "{method} {path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_builds_token_reaches_its_own_project_only() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let prize = registry.push(&repository(&User::new("prize").id, "web")?, "r1").await?;
    let own = repository(&User::new("curious").id, "web")?;
    registry.push(&own, "r1").await?;
    let token = registry.token(&[Grant::push(&own)])?;
    let requests = requests(&prize);
    // The address by which a client finds out whether its token is good at all.
    for (method, path) in requests.iter().filter(|(_, path)| !path.is_empty() && !path.contains("referrers")) {
        let answer = registry.ask(method.clone(), path, Some(&token)).await?;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    let there = registry.token(&[Grant::pull(&prize.repository)])?;
    let manifest = format!("{}/manifests/r1", prize.repository);
    assert_eq!(registry.ask(Method::GET, &manifest, Some(&there)).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_layer_of_another_tenant_cannot_be_mounted_into_ones_own() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let prize = registry.push(&repository(&User::new("prize").id, "web")?, "r1").await?;
    let own = repository(&User::new("curious").id, "web")?;
    let token = registry.token(&[Grant::push(&own)])?;
    let mount = format!("{own}/blobs/uploads/?mount={}&from={}", prize.layer, prize.repository);
    assert_eq!(registry.ask(Method::POST, &mount, Some(&token)).await?.status(), StatusCode::UNAUTHORIZED);
    // Without saying whose it is, an upload begins instead: what is asked for is not there.
    let mount = format!("{own}/blobs/uploads/?mount={}", prize.layer);
    assert_eq!(registry.ask(Method::POST, &mount, Some(&token)).await?.status(), StatusCode::ACCEPTED);
    let blob = format!("{own}/blobs/{}", prize.layer);
    assert_eq!(registry.ask(Method::HEAD, &blob, Some(&token)).await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn a_token_for_pulling_neither_pushes_nor_deletes() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let own = registry.push(&repository(&User::new("owner").id, "web")?, "r1").await?;
    let token = registry.token(&[Grant::pull(&own.repository)])?;
    let writes = requests(&own).into_iter().filter(|(method, _)| !matches!(*method, Method::GET | Method::HEAD));
    for (method, path) in writes {
        let answer = registry.ask(method.clone(), &path, Some(&token)).await?;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    Ok(())
}

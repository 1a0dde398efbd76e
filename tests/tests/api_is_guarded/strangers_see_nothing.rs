//! Every operation of the API's own description is tried by somebody else, and by nobody.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use roost_tests::api::{Answer, Api, answer};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use serde_json::{Value, json};

/// Everything the description offers, with the names of things that are there.
async fn operations(names: &[(&str, &str)]) -> Result<Vec<(Method, String)>> {
    let document = Api::nobody()?.read("/api/openapi.json").await?;
    ensure!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{document}");
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().context("no paths")? {
        let filled = names.iter().fold(path.clone(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        ensure!(!filled.contains('{'), "{path} names something that is not known here");
        for method in methods.as_object().context("no methods")?.keys() {
            operations.push((method.to_uppercase().parse()?, filled.clone()));
        }
    }
    ensure!(operations.len() >= 24, "{operations:?}");
    Ok(operations)
}

async fn try_all(api: &Api, operations: &[(Method, String)]) -> Result<Vec<Answer>> {
    let asked = operations.iter().map(|(method, path)| {
        let request = api.request(method.clone(), path).header("roost-test", "1");
        answer(if *method == Method::GET { request } else { request.json(&json!({})) })
    });
    futures::future::try_join_all(asked).await
}

/// What the owner has.
async fn belongings(owner: &Api, user: &User) -> Result<Value> {
    let base = format!("/api/users/{}", user.id);
    let (projects, tokens) =
        (owner.read(&format!("{base}/projects")).await?, owner.read(&format!("{base}/tokens")).await?);
    Ok(json!([projects, tokens]))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_to_nobody_or_to_somebody_else() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let (alice, bob) = (User::new("alice"), User::new("bob"));
    futures::try_join!(sign_up(&platform, &alice, "free"), sign_up(&platform, &bob, "free"))?;
    let (owner, stranger) = (Api::of_user(&alice.id)?, Api::of_user(&bob.id)?);
    let base = format!("/api/users/{}", alice.id);
    owner.post(&format!("{base}/projects"), &json!({"id": "shop"})).await?.expect(StatusCode::CREATED)?;
    let token = owner.post(&format!("{base}/tokens"), &json!({"name": "mine"})).await?.expect(StatusCode::CREATED)?;
    let names = [
        ("userId", alice.id.as_str()),
        ("projectId", "shop"),
        ("release", "r1"),
        ("operationId", "01JD6Y4T8Q2M5N7P9R1S3V5X7Z"),
        ("tokenId", token["id"].as_str().context("the token has no id")?),
    ];
    let operations = operations(&names).await?;
    let before = belongings(&owner, &alice).await?;

    for (answer, operation) in try_all(&Api::nobody()?, &operations).await?.iter().zip(&operations) {
        ensure!(answer.is_problem(401), "nobody: {operation:?}: {answer:?}");
        ensure!(answer.header("www-authenticate") == Some("Bearer"), "{answer:?}");
    }
    let others: Vec<_> = operations.iter().filter(|(_, path)| path.contains(alice.id.as_str())).cloned().collect();
    for (answer, operation) in try_all(&stranger, &others).await?.iter().zip(&others) {
        ensure!(answer.is_problem(404), "a stranger: {operation:?}: {answer:?}");
    }
    // Whether it is there makes no difference.
    let there = stranger.get(&format!("{base}/projects/shop")).await?;
    let not_there = stranger.get("/api/users/nobody-of-that-name/projects/shop").await?;
    ensure!(there.body == not_there.body, "{there:?} {not_there:?}");
    let listed = stranger.read("/api/users").await?;
    ensure!(listed["items"].as_array().is_some_and(|users| users.len() == 1), "{listed}");
    ensure!(!listed.to_string().contains(alice.id.as_str()), "{listed}");
    ensure!(belongings(&owner, &alice).await? == before, "a stranger has changed something");
    Ok(())
}

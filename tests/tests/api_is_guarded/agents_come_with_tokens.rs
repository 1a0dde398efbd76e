//! Tokens that users make for programs: shown once, confined, and worth nothing once they are taken back.

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;
use roost_tests::api::Api;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::{ready, sign_up};
use roost_tests::until;
use roost_tests::user::User;
use serde_json::{Value, json};

struct Owner {
    api: Api,
    base: String,
}

impl Owner {
    async fn new(name: &str) -> Result<Self> {
        let (platform, user) = (RunningPlatform::connect().await?, User::new(name));
        sign_up(&platform, &user, "free").await?;
        let owner = Self { api: Api::of_user(&user.id)?, base: format!("/api/users/{}", user.id) };
        for project in ["shop", "blog"] {
            owner.api.post(&owner.path("projects"), &json!({"id": project})).await?.expect(StatusCode::CREATED)?;
        }
        Ok(owner)
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.base)
    }

    /// The token's id, and somebody who comes with it.
    async fn token(&self, wish: &Value) -> Result<(String, Api)> {
        let made = self.api.post(&self.path("tokens"), wish).await?.expect(StatusCode::CREATED)?;
        let text = |field: &str| made[field].as_str().map(str::to_owned).with_context(|| format!("no {field}: {made}"));
        Ok((text("id")?, Api::with_token(text("secret")?)?))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_until_it_is_taken_back() -> Result<()> {
    let owner = Owner::new("agents").await?;
    let (id, agent) = owner.token(&json!({"name": "builder", "days": 1})).await?;
    let projects = agent.read(&owner.path("projects")).await?;
    ensure!(projects["items"].as_array().is_some_and(|items| items.len() == 2), "{projects}");

    let listed = owner.api.read(&owner.path("tokens")).await?;
    let token = &listed["items"][0];
    ensure!(token["id"] == id.as_str() && token["name"] == "builder", "{listed}");
    ensure!(token["last_used_at"].is_string() && token["ends_at"].is_string(), "{listed}");
    ensure!(!listed.to_string().contains("roost_"), "the token is shown again: {listed}");

    let gone = owner.api.delete(&owner.path(&format!("tokens/{id}"))).await?;
    ensure!(gone.status == StatusCode::NO_CONTENT, "{gone:?}");
    ensure!(agent.get(&owner.path("projects")).await?.is_problem(401));
    ensure!(owner.api.delete(&owner.path(&format!("tokens/{id}"))).await?.is_problem(404));
    let events = owner.api.read(&owner.path("events")).await?;
    for kind in ["token.created", "token.revoked"] {
        let happened = events["items"].as_array().is_some_and(|all| all.iter().any(|event| event["kind"] == kind));
        ensure!(happened, "{kind} is not among {events}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_one_project_sees_no_other() -> Result<()> {
    let owner = Owner::new("confined").await?;
    let (_, agent) = owner.token(&json!({"name": "shop only", "project": "shop"})).await?;
    agent.read(&owner.path("projects/shop")).await?;
    let listed = agent.read(&owner.path("projects")).await?;
    ensure!(listed["items"].as_array().is_some_and(|items| items.len() == 1), "{listed}");
    ensure!(agent.get(&owner.path("projects/blog")).await?.is_problem(404));
    ensure!(agent.post(&owner.path("projects"), &json!({"id": "more"})).await?.is_problem(403));
    ensure!(agent.get(&owner.path("events")).await?.is_problem(403));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_makes_another_or_opens_the_cluster() -> Result<()> {
    let owner = Owner::new("minting").await?;
    let (id, agent) = owner.token(&json!({"name": "all of it"})).await?;
    ensure!(agent.post(&owner.path("tokens"), &json!({"name": "child"})).await?.is_problem(403));
    ensure!(agent.get(&owner.path("tokens")).await?.is_problem(403));
    ensure!(agent.delete(&owner.path(&format!("tokens/{id}"))).await?.is_problem(403));
    ensure!(agent.get(&owner.path("kubeconfig")).await?.is_problem(403));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deleted_leaves_no_token_that_counts() -> Result<()> {
    let (platform, user) = (RunningPlatform::connect().await?, User::new("gone"));
    sign_up(&platform, &user, "free").await?;
    let (api, base) = (Api::of_user(&user.id)?, format!("/api/users/{}", user.id));
    api.post(&format!("{base}/projects"), &json!({"id": "shop"})).await?.expect(StatusCode::CREATED)?;
    let made = api.post(&format!("{base}/tokens"), &json!({"name": "left"})).await?.expect(StatusCode::CREATED)?;
    let agent = Api::with_token(made["secret"].as_str().context("no secret")?)?;
    platform.publish("user.deleted", &user.deleted(2)).await?;
    until::some_within(until::PATIENCE * 2, "the user's end", || async {
        Ok(agent.get(&base).await?.is_problem(401).then_some(()))
    })
    .await?;
    until::some("the tenant's end", || async { Ok(api.get(&base).await?.is_problem(404).then_some(())) }).await?;
    ensure!(api.get(&format!("{base}/projects")).await?.is_problem(404));

    // Under the same id somebody begins anew.
    platform.publish("user.signed-up", &user.signed_up("free", 3)).await?;
    ready(&platform, &user.id).await?;
    ensure!(agent.get(&base).await?.is_problem(401), "an old token is good again");
    let projects = api.read(&format!("{base}/projects")).await?;
    ensure!(projects["items"] == json!([]), "{projects}");
    Ok(())
}

//! What is not allowed, what does not come up, and what goes down: each with its reason.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use roost_tests::api::answer;
use roost_tests::streaming_api::StreamingApi;
use roost_tests::until;
use serde_json::{Value, json};

use crate::chat::{Chat, message};

#[tokio::test(flavor = "multi_thread")]
async fn only_allowed_agents_run_and_only_agents_are_told_something() -> Result<()> {
    let chat = Chat::of_nobody_yet("mistaken").await?;
    let unknown = chat.begin("duck").await?;
    ensure!(unknown.is_problem(422) && unknown.body["errors"][0]["field"] == "agent", "{unknown:?}");
    ensure!(unknown.body["errors"][0]["detail"].as_str().is_some_and(|detail| detail.contains("diary")), "{unknown:?}");

    let plain = format!("/api/users/{}/projects", chat.user);
    chat.api.post(&plain, &json!({"id": "plain"})).await?.expect(StatusCode::CREATED)?;
    let none = chat.api.post(&format!("{plain}/plain/messages"), &message("hello")).await?;
    ensure!(none.is_problem(409) && none.body["remedy"].as_str().is_some_and(|text| text.contains("/api/agents")));

    chat.begin("diary").await?.expect(StatusCode::CREATED)?;
    let archive = json!({"size": 10, "sha256": "ab".repeat(32)});
    let upload = chat.api.post(&chat.path("/uploads"), &archive).await?;
    ensure!(upload.is_problem(409), "{upload:?}");
    let long = message(&"x".repeat(1024 * 1024));
    let too_long = answer(chat.api.request(Method::POST, &chat.path("/messages")).json(&long)).await?;
    ensure!(too_long.is_problem(413), "{too_long:?}");
    let asleep = chat.api.post(&chat.path("/deactivate"), &json!({})).await?;
    ensure!(asleep.is_problem(409) && asleep.body["remedy"] == "Activate it first.", "{asleep:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_does_not_come_up_says_why_and_is_tried_again() -> Result<()> {
    let chat = Chat::of_nobody_yet("unlucky").await?;
    let volume = json!({"mount_path": "/data", "size": "10Mi"});
    let agents = json!({"lost": {
        "image": "docker.io/roost/no-such-image:1", "key_variable": "KEY", "key_header": "x-secret-key", "volume": volume,
    }});
    let api = StreamingApi::start(&chat.user, &agents).await?;
    let projects = format!("/api/users/{}/projects", chat.user);
    let project = json!({"name": "chat", "agent": "lost"}).to_string();
    let begun = api.ask("POST", &projects, &json!({}), &project).await?;
    ensure!(begun.prelude["statusCode"] == 201, "{begun:?}");
    let failed = chat.ask("activate").await?;
    ensure!(failed["state"] == "failed", "{failed}");
    let release = chat.api.read(&chat.path("/releases/r1")).await?;
    ensure!(release["failure"]["reason"] == "image-pull", "{release}");
    chat.api.post(&chat.path("/activate"), &json!({})).await?.expect(StatusCode::ACCEPTED)?;
    until::some("another try", || async { Ok((chat.api.read(&chat.path("")).await?["newest"] == "r2").then_some(())) })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_went_down_says_why() -> Result<()> {
    let chat = Chat::begun("fallen").await?;
    let (status, answer) = chat.tell("fall over").await?;
    ensure!(status == StatusCode::BAD_GATEWAY, "{status} {answer}");
    let problem = until::some_within(until::PATIENCE * 2, "the reason why an agent is down", || async {
        let (status, answer) = chat.tell("are you there?").await?;
        let problem: Value = serde_json::from_str(&answer).with_context(|| format!("{status} {answer}"))?;
        Ok(problem["detail"].as_str().is_some_and(|detail| detail.contains("crash-loop")).then_some(problem))
    })
    .await?;
    ensure!(problem["type"] == "urn:roost:problem:agent" && problem["status"] == 502, "{problem}");
    ensure!(problem["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{problem}");
    Ok(())
}

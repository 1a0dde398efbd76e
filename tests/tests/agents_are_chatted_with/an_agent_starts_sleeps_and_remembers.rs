//! From the begin of a project with an agent to its end.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Secret, Service};
use kube::Api;
use reqwest::StatusCode;
use roost_tests::until;
use serde_json::{Value, json};

use crate::chat::{Chat, events};

fn texts(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["text"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_starts_when_it_is_activated_and_remembers_over_its_sleep() -> Result<()> {
    let chat = Chat::of_nobody_yet("chatter").await?;
    let allowed = chat.api.read("/api/agents").await?;
    ensure!(allowed["items"][0]["name"] == "diary", "{allowed}");
    let begun = chat.begin("diary").await?.expect(StatusCode::CREATED)?;
    ensure!(begun["id"] == "chat" && begun["agent"] == "diary" && begun["phase"].is_null(), "{begun}");
    let (status, early) = chat.tell("hello?").await?;
    ensure!(status == StatusCode::CONFLICT && early.contains("Activate"), "{status} {early}");

    // Whoever asks first, it starts once.
    let (one, other) = tokio::try_join!(chat.ask("activate"), chat.ask("activate"))?;
    ensure!(one["state"] == "succeeded" && other["state"] == "succeeded", "{one} {other}");
    let project = chat.api.read(&chat.path("")).await?;
    ensure!(project["live"] == "r1" && project["newest"] == "r1" && project["phase"] == "Awake", "{project}");
    let (status, first) = chat.tell("the kettle is broken").await?;
    ensure!(status == StatusCode::OK && texts(&events(&first)?) == ["the kettle is broken", ""], "{status} {first}");

    chat.put_to_sleep().await?;
    let (status, second) = chat.tell("I bought a new one").await?;
    ensure!(status == StatusCode::OK, "{status} {second}");
    ensure!(texts(&events(&second)?) == ["the kettle is broken", "I bought a new one", ""], "{second}");
    let app = chat.api.read(&chat.path("/status")).await?;
    ensure!(app["phase"] == "Awake" && app["cause"]["reason"] == "Request", "{app}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_objects_are_its_projects_and_go_with_it() -> Result<()> {
    let chat = Chat::begun("keeper").await?;
    let (cluster, namespace) = (chat.platform.cluster.clone(), chat.namespace.as_str());
    let secrets: Api<Secret> = Api::namespaced(cluster.clone(), namespace);
    let services: Api<Service> = Api::namespaced(cluster.clone(), namespace);
    let deployments: Api<Deployment> = Api::namespaced(cluster.clone(), namespace);
    let claims: Api<PersistentVolumeClaim> = Api::namespaced(cluster, namespace);

    let service = services.get("proj-chat-svc").await?.spec.context("the service says nothing")?;
    ensure!(service.type_.as_deref() == Some("ClusterIP"), "{service:?}");
    let pod = deployments.get("proj-chat-api").await?.spec.and_then(|spec| spec.template.spec);
    let pod = pod.context("there is no template")?;
    let context = pod.security_context.context("there is no security context")?;
    ensure!(context.run_as_non_root == Some(true) && context.run_as_user == Some(1000), "{context:?}");
    claims.get("proj-chat-data").await?;
    let key = secrets.get("proj-chat-key").await?;
    let drawn = key.data.as_ref().and_then(|data| data.get("key")).context("there is no key")?;
    ensure!(drawn.0.len() >= 32, "the key is short");
    ensure!(key.metadata.labels.as_ref().is_some_and(|labels| labels["roost.dev/project"] == "chat"), "{key:?}");

    let gone = chat.api.follow(&chat.api.delete(&chat.path("")).await?).await?;
    ensure!(gone["state"] == "succeeded", "{gone}");
    until::some("the end of an agent's objects", || async {
        let left = [
            secrets.get_opt("proj-chat-key").await?.is_some(),
            services.get_opt("proj-chat-svc").await?.is_some(),
            deployments.get_opt("proj-chat-api").await?.is_some(),
            claims.get_opt("proj-chat-data").await?.is_some(),
        ];
        Ok((left == [false; 4]).then_some(()))
    })
    .await?;
    let again = chat.api.post(&chat.path("/activate"), &json!({})).await?;
    ensure!(again.is_problem(404), "{again:?}");
    Ok(())
}

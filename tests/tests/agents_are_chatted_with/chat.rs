//! Somebody with a project that runs an agent.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use roost_domain::naming::TenantId;
use roost_tests::api::{Answer, Api};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::streamed::Streamed;
use roost_tests::streaming_api::StreamingApi;
use roost_tests::until;
use roost_tests::user::User;
use serde_json::{Value, json};

/// A message that wakes an agent waits for it.
const PATIENCE: Duration = Duration::from_mins(6);

/// A user, and the one project that the tests are about.
pub(crate) struct Chat {
    pub(crate) platform: RunningPlatform,
    pub(crate) user: TenantId,
    pub(crate) namespace: String,
    pub(crate) api: Api,
}

/// What the platform's own agent is told.
pub(crate) fn message(text: &str) -> Value {
    json!({"messages": [{"role": "user", "content": text}]})
}

/// What is said in a stream of events.
pub(crate) fn events(stream: &str) -> Result<Vec<Value>> {
    let lines = stream.lines().filter_map(|line| line.strip_prefix("data: "));
    lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
}

impl Chat {
    /// Somebody without any project.
    pub(crate) async fn of_nobody_yet(name: &str) -> Result<Self> {
        let (platform, user) = (RunningPlatform::connect().await?, User::new(name));
        sign_up(&platform, &user, "free").await?;
        Ok(Self { platform, namespace: user.namespace(), api: Api::of_user(&user.id)?, user: user.id })
    }

    /// Somebody whose agent was started.
    pub(crate) async fn begun(name: &str) -> Result<Self> {
        let chat = Self::of_nobody_yet(name).await?;
        chat.begin("diary").await?.expect(StatusCode::CREATED)?;
        let started = chat.ask("activate").await?;
        ensure!(started["state"] == "succeeded", "{started}");
        Ok(chat)
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/users/{}/projects/chat{rest}", self.user)
    }

    pub(crate) async fn begin(&self, agent: &str) -> Result<Answer> {
        let project = json!({"name": "chat", "agent": agent});
        self.api.post(&format!("/api/users/{}/projects", self.user), &project).await
    }

    /// Asks for something about the project, and follows it to its end.
    pub(crate) async fn ask(&self, what: &str) -> Result<Value> {
        let begun = self.api.post(&self.path(&format!("/{what}")), &json!({})).await?;
        self.api.follow(&begun).await
    }

    /// Puts the agent to sleep.
    pub(crate) async fn put_to_sleep(&self) -> Result<()> {
        let asleep = self.ask("deactivate").await?;
        ensure!(asleep["state"] == "succeeded", "{asleep}");
        ensure!(self.api.read(&self.path("/status")).await?["phase"] == "Asleep");
        Ok(())
    }

    /// Tells the agent something; answers with its whole answer, which the emulator has collected.
    pub(crate) async fn tell(&self, text: &str) -> Result<(StatusCode, String)> {
        let request = self.api.request(Method::POST, &self.path("/messages")).timeout(PATIENCE);
        let answer = request.json(&message(text)).send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    /// The same by the API's function in a process of its own.
    pub(crate) async fn tell_by(&self, api: &StreamingApi, text: &str) -> Result<Streamed> {
        api.ask("POST", &self.path("/messages"), &json!({}), &message(text).to_string()).await
    }

    /// All that the agent's diary holds, once that is as it should be.
    pub(crate) async fn diary_once(&self, what: &str, is_so: impl Fn(&[Value]) -> bool) -> Result<()> {
        until::some(what, || async {
            let (status, told) = self.tell("what is there?").await?;
            ensure!(status == StatusCode::OK, "{status} {told}");
            Ok(is_so(&events(&told)?).then_some(()))
        })
        .await
        .with_context(|| format!("the diary of {}", self.user))
    }
}

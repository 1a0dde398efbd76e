//! One instance of the API's function in a world of its own, asked as Lambda asks it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use roost_tests::api::Issuer;
use roost_tests::function::{Ending, Function};
use roost_tests::running_platform::variable;
use roost_tests::until;
use roost_tests::user::User;
use roost_tests::world::World;
use serde_json::{Value, json};

/// An instance, and a user who has signed up.
pub(crate) struct ApiInstance {
    function: Function,
    pub(crate) user: User,
    token: String,
    _world: World,
}

impl ApiInstance {
    pub(crate) async fn start(binary: &Path) -> Result<Self> {
        let world = World::new().await?;
        let world = world.with_setting("ROOST_OIDC_ISSUER", &variable("ROOST_OIDC_ISSUER")?);
        let world = world.with_setting("ROOST_OIDC_AUDIENCE", "roost");
        let world = world.with_setting("ROOST_INVOKE_MODE", "BUFFERED");
        let world = world.with_setting("ROOST_ARTIFACT_BUCKET", &variable("ROOST_ARTIFACT_BUCKET")?);
        let world = world.with_setting("ROOST_EVENT_BUS", &variable("ROOST_EVENT_BUS")?);
        let world = world.with_setting("ROOST_SWEEP_QUEUE_URL", "http://127.0.0.1/unused");
        let world = world.with_setting("ROOST_CONSOLE_URL", "https://console.example.com");
        let user = User::new("reader");
        let provision = world.start("provision-tenant").await?;
        world.carry_out(&provision, "user.signed-up", &user.signed_up("free", 1)).await?;
        let issuer = Issuer::of_the_platform()?;
        let token = issuer.sign(&issuer.claims(user.id.as_str()))?;
        let function = world.start_binary(binary, "api").await?;
        Ok(Self { function, user, token, _world: world })
    }

    /// From its start to its first look for work.
    pub(crate) async fn first_poll(&self) -> Result<Duration> {
        until::some_soon("the first poll", || async { Ok(self.function.cold_start()) }).await
    }

    /// The status of a read.
    pub(crate) async fn get(&self, path: &str) -> Result<u64> {
        self.ask("GET", path, None).await
    }

    pub(crate) async fn begin(&self, project: &str) -> Result<()> {
        let path = format!("/api/users/{}/projects", self.user.id);
        let status = self.ask("POST", &path, Some(json!({"id": project}).to_string())).await?;
        ensure!(status == 201, "{project}: {status}");
        Ok(())
    }

    /// In MB.
    pub(crate) fn peak_memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.function.process_id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kilobytes: u32 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(f64::from(kilobytes) / 1e3)
    }

    async fn ask(&self, method: &str, path: &str, body: Option<String>) -> Result<u64> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let headers = json!({
            "authorization": format!("Bearer {}", self.token), "content-type": "application/json",
        });
        let event = json!({
            "version": "2.0", "rawPath": path, "rawQueryString": query, "headers": headers, "body": body,
            "cookies": [format!("__Host-roost-session={}", self.token)],
            "isBase64Encoded": false, "requestContext": {"http": {"method": method, "path": path}},
        });
        match self.function.invoke(event).await? {
            Ending::Answered(answer) => status(&answer),
            ending => bail!("no whole answer: {ending:?}"),
        }
    }
}

fn status(answer: &Value) -> Result<u64> {
    answer["statusCode"].as_u64().with_context(|| format!("no status: {answer}"))
}

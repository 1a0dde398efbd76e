//! An app that writes every request it gets to a volume, which outlives its pods.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use reqwest::Method;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::{Pod, SleepingApp};

/// Asked for so long, an app falls asleep.
const IDLE_SECONDS: u32 = 3;
const HOLD_LIMIT: Duration = Duration::from_secs(58);

pub(crate) struct RecordingApp {
    pub(crate) app: SleepingApp,
}

impl RecordingApp {
    pub(crate) async fn new(platform: &RunningPlatform) -> Result<Arc<Self>> {
        let app = SleepingApp::with_pod(platform, "recorder", &Pod::recording()).await?;
        app.falls_asleep_after(IDLE_SECONDS).await?;
        Ok(Arc::new(Self { app }))
    }

    /// Sends a request that is to be recorded; whether the app said that it is.
    pub(crate) async fn record(&self, id: &str, method: Method) -> Result<bool> {
        let request = self.app.visitor.request(method.clone(), &format!("/cgi-bin/record?{id}")).timeout(HOLD_LIMIT);
        // The app's server reads only what is posted; what comes later than its answer would break that off.
        let request = if method == Method::POST { request.body(id.to_owned()) } else { request };
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{status}: {text}");
        Ok(text.trim() == id)
    }

    /// All that was recorded.
    pub(crate) async fn recorded(&self) -> Result<Vec<String>> {
        let answer = self.app.visitor.request(Method::GET, "/cgi-bin/recorded").timeout(HOLD_LIMIT).send().await?;
        Ok(answer.error_for_status()?.text().await?.lines().map(str::to_owned).collect())
    }
}

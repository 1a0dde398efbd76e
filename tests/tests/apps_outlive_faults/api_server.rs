//! The API server does not answer for a while.

use std::time::Duration;

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use roost_domain::app::Phase;
use roost_tests::node_process::NodeProcess;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::SleepingApp;
use tokio::time::sleep;

use crate::TURN;

const AWAY: Duration = Duration::from_secs(20);
/// As long as the waker holds a request, and a little more.
const HOLD_LIMIT: Duration = Duration::from_mins(1);
const REQUESTS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn requests_wait_for_an_api_server_that_does_not_answer() -> Result<()> {
    let _turn = TURN.lock().await;
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "patient").await?;
    let stopped = NodeProcess::find("kube-apiserver")?.stop()?;
    let ask =
        |number: usize| app.visitor.request(Method::POST, "/").timeout(HOLD_LIMIT).body(number.to_string()).send();
    let asked = async { Ok::<_, anyhow::Error>(try_join_all((0..REQUESTS).map(ask)).await?) };
    let page = async {
        let request = app.visitor.request(Method::GET, "/").header("accept", "text/html");
        Ok(request.send().await?.text().await?)
    };
    let back = async {
        sleep(AWAY).await;
        drop(stopped);
        Ok(())
    };
    let (answers, page, ()) = tokio::try_join!(asked, page, back)?;
    ensure!(page.contains("waking up, please wait…"), "{page}");
    for answer in answers {
        let is_clear =
            answer.status() == StatusCode::SERVICE_UNAVAILABLE && answer.headers().contains_key("retry-after");
        ensure!(answer.status() == StatusCode::OK || is_clear, "{answer:?}");
    }
    app.visitor.sees("/", "awake").await?;
    app.comes_to(Phase::Awake).await?;
    Ok(())
}

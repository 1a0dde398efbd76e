//! From an upload to an address, then asleep and awake as its owner wants it.

use anyhow::{Context, Result, ensure};
use roost_tests::application::Application;
use roost_tests::until;
use roost_tests::visitor::Visitor;
use serde_json::{Value, json};

use crate::owner::Owner;

fn visitor(status: &Value) -> Result<Visitor> {
    let address = status["address"].as_str().context("it has no address")?;
    let host = address.trim_start_matches("https://").split(':').next().unwrap_or_default();
    Visitor::of_host(host)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_lives_sleeps_and_wakes_at_its_owners_wish() -> Result<()> {
    let owner = Owner::new("sleeper").await?;
    owner.begin("hello").await?;
    ensure!(owner.status("hello").await?["phase"] == "None");
    let too_early = owner.api.post(&owner.path("projects/hello/activate"), &json!({})).await?;
    ensure!(too_early.is_problem(409), "{too_early:?}");

    let release = owner.release("hello", &Application::fixture("hello")?.archive()?).await?;
    ensure!(release["state"] == "live", "{release}");
    let status = owner.status("hello").await?;
    ensure!(status["phase"] == "Awake" && status["release"] == "r1", "{status}");
    let visitor = visitor(&status)?;
    visitor.sees("/", "first version").await?;
    let listed = owner.api.read(&owner.path("projects")).await?;
    ensure!(listed["items"][0]["phase"] == "Awake" && listed["items"][0]["live"] == "r1", "{listed}");

    let awake = owner.ask("hello", "activate", &json!({})).await?;
    ensure!(awake["state"] == "succeeded", "{awake}");
    let asleep = owner.ask("hello", "deactivate", &json!({})).await?;
    ensure!(asleep["state"] == "succeeded", "{asleep}");
    let status = owner.status("hello").await?;
    ensure!(status["phase"] == "Asleep", "{status}");
    let cost = &status["cost_today"];
    ensure!(cost["run_seconds"].as_u64() > Some(0) && cost["cpu_hours"].is_f64(), "{status}");
    let again = owner.ask("hello", "deactivate", &json!({})).await?;
    ensure!(again["state"] == "succeeded", "{again}");
    // What sleeps costs no more; unless a day has just begun, it has cost what it had.
    let later = owner.status("hello").await?;
    ensure!(later["cost_today"] == *cost || later["cost_today"]["run_seconds"] == 0, "{status} {later}");

    let awake = owner.ask("hello", "activate", &json!({})).await?;
    ensure!(awake["state"] == "succeeded", "{awake}");
    let status = owner.status("hello").await?;
    ensure!(status["phase"] == "Awake" && status["cause"]["reason"] == "Owner", "{status}");
    visitor.sees("/", "first version").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_prints_can_be_read_and_followed() -> Result<()> {
    let owner = Owner::new("talker").await?;
    owner.begin("hello").await?;
    let release = owner.release("hello", &Application::fixture("hello")?.archive()?).await?;
    ensure!(release["state"] == "live", "{release}");
    let build = owner.api.read(&owner.path("projects/hello/releases/r1/logs")).await?;
    ensure!(build["is_complete"] == true && build["lines"].as_array().is_some_and(|lines| lines.len() > 3), "{build}");
    let rest =
        owner.api.read(&owner.path(&format!("projects/hello/releases/r1/logs?from={}&wait=5", build["next"]))).await?;
    ensure!(rest["lines"] == json!([]) && rest["is_complete"] == true, "{rest}");

    let visitor = visitor(&owner.status("hello").await?)?;
    visitor.sees("/api/hello", "Hello").await?;
    let logs = owner.path("projects/hello/logs");
    let printed = until::some("a line of the app's", || async {
        let printed = owner.api.read(&logs).await?;
        Ok((printed["lines"] != json!([])).then_some(printed))
    })
    .await?;
    let last = printed["next"].as_str().context("there is no next")?;
    let newer = owner.api.read(&format!("{logs}?since={last}&tail=5")).await?;
    let is_newer =
        |line: &Value| line["at"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().ok() > last.parse().ok());
    ensure!(newer["lines"].as_array().is_some_and(|lines| lines.iter().all(is_newer)), "{newer} after {last}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_kept_awake_over_a_release() -> Result<()> {
    let owner = Owner::new("kept-awake").await?;
    owner.begin("hello").await?;
    let hello = Application::fixture("hello")?;
    owner.release("hello", &hello.archive()?).await?;
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let wish = owner.path("projects/hello/keep-awake");
    let kept = owner.api.put(&wish, &json!({"until": until})).await?;
    ensure!(kept.status == 200, "{kept:?}");
    let changed = hello.with_text("web/public/index.html", "first version", "second version")?;
    owner.release("hello", &changed.archive()?).await?;
    let status = owner.status("hello").await?;
    ensure!(status["release"] == "r2" && status["keep_awake_until"].is_string(), "{status}");
    owner.api.put(&wish, &json!({"until": null})).await?;
    ensure!(owner.status("hello").await?["keep_awake_until"].is_null());
    let too_long = until + jiff::SignedDuration::from_hours(24 * 8);
    ensure!(owner.api.put(&wish, &json!({"until": too_long})).await?.is_problem(422));
    Ok(())
}

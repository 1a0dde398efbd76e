//! The command `roost`, from a directory to an address, and what its owner does with the app from a terminal.

use std::path::Path;
use std::process::{Output, Stdio};

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;
use roost_tests::api::Api;
use roost_tests::function::binaries;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use roost_tests::visitor::Visitor;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Somebody at a terminal, in the directory of an app.
struct Person {
    folder: TempDir,
}

impl Person {
    /// Somebody who has signed up, and in.
    async fn new(name: &str) -> Result<Self> {
        let (platform, user) = (RunningPlatform::connect().await?, User::new(name));
        sign_up(&platform, &user, "free").await?;
        let (tokens, wish) = (format!("/api/users/{}/tokens", user.id), json!({"name": "terminal"}));
        let made = Api::of_user(&user.id)?.post(&tokens, &wish).await?.expect(StatusCode::CREATED)?;
        let person = Self { folder: tempfile::tempdir()? };
        person.copy("hello").await?;
        let signed_in = person.pipes(made["secret"].as_str().context("no secret")?, &["login", "--token", "-"]).await?;
        ensure!(signed_in.status.success(), "{signed_in:?}");
        Ok(person)
    }

    async fn copy(&self, fixture: &str) -> Result<()> {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let copied = Command::new("cp").arg("-r").args([from.as_path(), self.folder.path()]).status().await?;
        ensure!(copied.success(), "{fixture} was not copied");
        Ok(())
    }

    async fn enters(&self, arguments: &[&str]) -> Result<Output> {
        self.pipes("", arguments).await
    }

    async fn pipes(&self, input: &str, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(binaries()?.join("roost"));
        command.args(arguments).current_dir(self.folder.path().join("hello"));
        command.env("XDG_CONFIG_HOME", self.folder.path().join("settings"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut running = command.spawn()?;
        running.stdin.take().context("no input")?.write_all(input.as_bytes()).await?;
        Ok(running.wait_with_output().await?)
    }

    /// What a command that succeeds tells programs.
    async fn asks(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.enters(&[arguments, &["--json"]].concat()).await?;
        ensure!(output.status.success(), "{arguments:?}: {output:?}");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn change(&self, file: &str, old: &str, new: &str) -> Result<()> {
        let path = self.folder.path().join("hello").join(file);
        let text = std::fs::read_to_string(&path)?;
        ensure!(text.contains(old), "{file} does not contain {old:?}");
        Ok(std::fs::write(path, text.replace(old, new))?)
    }
}

fn visitor(deployed: &Value) -> Result<Visitor> {
    let address = deployed["address"].as_str().context("it has no address")?;
    Visitor::of_host(address.trim_start_matches("https://").split(':').next().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_becomes_an_app_that_sleeps_wakes_and_goes_back() -> Result<()> {
    let person = Person::new("terminal").await?;
    let first = person.asks(&["deploy"]).await?;
    ensure!(first["project"] == "hello" && first["release"]["state"] == "live", "{first}");
    let visitor = visitor(&first)?;
    visitor.sees("/", "first version").await?;

    person.change("web/public/index.html", "first version", "second version")?;
    let second = person.asks(&["deploy"]).await?;
    ensure!(second["release"]["id"] == "r2" && second["address"] == first["address"], "{second}");
    visitor.sees("/", "second version").await?;

    ensure!(person.asks(&["sleep"]).await?["state"] == "succeeded");
    ensure!(person.asks(&["ps"]).await?[0]["phase"] == "Asleep");
    ensure!(person.asks(&["wake"]).await?["state"] == "succeeded");
    ensure!(person.asks(&["status"]).await?["phase"] == "Awake");

    ensure!(person.asks(&["rollback"]).await?["state"] == "succeeded");
    visitor.sees("/", "first version").await?;
    let releases = person.asks(&["releases"]).await?;
    ensure!(releases[0]["rolls_back_to"] == "r1" && releases[0]["state"] == "live", "{releases}");
    let events = person.asks(&["events", "--project", "hello"]).await?;
    let happened = |kind: &str| events.as_array().is_some_and(|all| all.iter().any(|event| event["kind"] == kind));
    ensure!(happened("project.created") && happened("project.rollback-requested"), "{events}");
    let usage = person.asks(&["usage"]).await?;
    ensure!(usage["resources"].as_array().is_some_and(|all| !all.is_empty()), "{usage}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_archive_is_told_with_its_line() -> Result<()> {
    let person = Person::new("mistaken").await?;
    person.change("platform-config.yaml", "repositories:", "repositorys:")?;
    let output = person.enters(&["deploy"]).await?;
    let remarks = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(1) && output.stdout.is_empty(), "{output:?}");
    ensure!(remarks.contains("platform-config.yaml:") && remarks.contains('→'), "{remarks}");
    let unknown = person.enters(&["status", "--project", "never-begun"]).await?;
    ensure!(unknown.status.code() == Some(4), "{unknown:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_told_something_from_a_terminal() -> Result<()> {
    let person = Person::new("talkative").await?;
    let agents = person.asks(&["agents"]).await?;
    ensure!(agents[0]["name"] == "diary", "{agents}");
    let unknown = person.enters(&["begin", "--project", "chat", "--agent", "duck"]).await?;
    ensure!(unknown.status.code() == Some(2), "{unknown:?}");
    let begun = person.asks(&["begin", "--project", "chat", "--agent", "diary"]).await?;
    ensure!(begun["state"] == "succeeded", "{begun}");
    let told = person.enters(&["message", "--project", "chat", "the kettle is broken"]).await?;
    ensure!(told.status.success() && told.stdout.starts_with(b"the kettle is broken\n"), "{told:?}");
    let piped = person.pipes("so is the pot", &["message", "--project", "chat", "-"]).await?;
    ensure!(String::from_utf8_lossy(&piped.stdout).contains("so is the pot"), "{piped:?}");

    let kept = person.asks(&["keep-awake", "--project", "chat", "--for", "2h"]).await?;
    ensure!(kept["until"].is_string(), "{kept}");
    let unbuilt = person.enters(&["build-log", "--project", "chat"]).await?;
    ensure!(unbuilt.status.success() && unbuilt.stdout.is_empty(), "{unbuilt:?}");
    let ended = person.enters(&["cancel", "--project", "chat"]).await?;
    ensure!(ended.status.code() == Some(1), "it has ended already: {ended:?}");
    ensure!(person.asks(&["delete", "chat"]).await?["state"] == "succeeded");
    Ok(())
}

//! The command as scripts use it.

use std::process::{Output, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::platform::{Platform, TOKEN};

/// Somebody at a terminal, with a directory for settings and one for the app.
struct Person {
    platform: Platform,
    folder: TempDir,
    token: Option<&'static str>,
}

impl Person {
    async fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("shop"))?;
        std::fs::write(folder.path().join("shop/platform-config.yaml"), "repositories: []")?;
        Ok(Self { platform: Platform::start().await?, folder, token: Some(TOKEN) })
    }

    async fn with_a_project() -> Result<Self> {
        let platform = Platform::start().await?.with_projects(&["shop"]);
        Ok(Self { platform, ..Self::new().await? })
    }

    async fn enters(&self, arguments: &[&str]) -> Result<Output> {
        self.pipes("", arguments).await
    }

    async fn pipes(&self, input: &str, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roost"));
        command.args(arguments).current_dir(self.folder.path().join("shop")).env_clear();
        command.env("XDG_CONFIG_HOME", self.folder.path()).env("HOME", self.folder.path());
        command.env("ROOST_API_URL", self.platform.url()).envs(self.token.map(|token| ("ROOST_TOKEN", token)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn()?;
        running.stdin.take().context("no input")?.write_all(input.as_bytes()).await?;
        Ok(running.wait_with_output().await?)
    }
}

/// How it ended, and what it said on both outputs.
fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn a_deploy_ends_with_the_address() -> Result<()> {
    let person = Person::new().await?;
    let (code, result, remarks) = said(&person.enters(&["deploy"]).await?);
    ensure!(code == Some(0) && result == "https://shop.example.com", "{code:?} {result} {remarks}");
    ensure!(remarks.ends_with("r1 is live") && !remarks.contains('\u{1b}'), "{remarks}");
    ensure!(std::fs::read_to_string(person.folder.path().join("shop/.roost"))? == "shop\n");
    ensure!(person.platform.stored("shop").is_some_and(|archive| !archive.is_empty()));
    Ok(())
}

#[tokio::test]
async fn a_rejected_archive_fails_with_all_that_is_wrong() -> Result<()> {
    let person = Person::new().await?;
    let (code, result, remarks) = said(&person.enters(&["deploy", "--project", "broken"]).await?);
    ensure!(code == Some(1) && result.is_empty(), "{code:?} {result}");
    ensure!(remarks.contains("platform-config.yaml:3: `x` is no field. [unknown-field]"), "{remarks}");
    ensure!(remarks.contains("→ Write `y`."), "{remarks}");
    Ok(())
}

#[tokio::test]
async fn programs_get_json_and_nothing_else() -> Result<()> {
    let person = Person::new().await?;
    let (code, result, remarks) = said(&person.enters(&["deploy", "--json"]).await?);
    let value: Value = serde_json::from_str(&result)?;
    ensure!(code == Some(0) && remarks.is_empty(), "{code:?} {remarks}");
    ensure!(value["address"] == "https://shop.example.com" && value["release"]["state"] == "live", "{value}");
    let (code, result, _) = said(&person.enters(&["--json", "ps"]).await?);
    ensure!(code == Some(0) && serde_json::from_str::<Value>(&result)?[0]["id"] == "shop", "{result}");
    let (code, result, remarks) = said(&person.enters(&["status", "--project", "none", "--json"]).await?);
    ensure!(code == Some(4) && remarks.is_empty(), "{code:?} {remarks}");
    ensure!(serde_json::from_str::<Value>(&result)?["remedy"] == "Do something else.", "{result}");
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_here_is_told_before_anybody_is_asked() -> Result<()> {
    let person = Person::new().await?;
    std::fs::remove_file(person.folder.path().join("shop/platform-config.yaml"))?;
    let (code, _, remarks) = said(&person.enters(&["deploy"]).await?);
    ensure!(
        code == Some(2) && remarks.contains("platform-config.yaml") && remarks.contains("→ Write one"),
        "{remarks}"
    );
    ensure!(person.platform.seen().is_empty());
    Ok(())
}

#[tokio::test]
async fn who_signs_in_stays_signed_in() -> Result<()> {
    let mut person = Person { token: None, ..Person::new().await? };
    let (code, _, remarks) = said(&person.enters(&["ps"]).await?);
    ensure!(code == Some(3) && remarks.contains("roost login"), "{code:?} {remarks}");
    let (code, _, remarks) = said(&person.pipes("roost_wrong\n", &["login"]).await?);
    ensure!(code == Some(3), "{code:?} {remarks}");
    ensure!(!person.folder.path().join("roost").exists(), "a token that is not good was kept");
    let (code, result, _) = said(&person.pipes(&format!("{TOKEN}\n"), &["login", "--token", "-"]).await?);
    ensure!(code == Some(0) && result.starts_with("Signed in as Alice"), "{code:?} {result}");
    ensure!(said(&person.enters(&["ps"]).await?).0 == Some(0));
    // Somewhere else nobody is signed in.
    person.platform = Platform::start().await?;
    ensure!(said(&person.enters(&["ps"]).await?).0 == Some(3));
    ensure!(person.platform.seen().is_empty(), "the token was shown to another API");
    Ok(())
}

#[tokio::test]
async fn every_end_has_its_code() -> Result<()> {
    let person = Person::with_a_project().await?;
    let code = async |arguments: &[&str]| anyhow::Ok(person.enters(arguments).await?.status.code());
    ensure!(code(&["wake"]).await? == Some(0));
    ensure!(code(&["sleep"]).await? == Some(1), "what cannot be as things stand has failed");
    ensure!(code(&["sleep", "--project", "Not A Name"]).await? == Some(2));
    ensure!(code(&["nonsense"]).await? == Some(2));
    ensure!(code(&["wake", "--project", "other"]).await? == Some(4));
    ensure!(code(&["--help"]).await? == Some(0));
    person.platform.refuse(429, Some("3600"));
    ensure!(code(&["ps"]).await? == Some(5));
    Ok(())
}

#[tokio::test]
async fn a_new_token_stands_alone_on_the_output() -> Result<()> {
    let person = Person::new().await?;
    let (code, result, remarks) = said(&person.enters(&["tokens", "create", "ci", "--days", "7"]).await?);
    ensure!(code == Some(0) && result == "roost_new", "{code:?} {result}");
    ensure!(remarks.contains("this once") && !remarks.contains("roost_new"), "{remarks}");
    ensure!(said(&person.enters(&["tokens", "revoke", "T1"]).await?).0 == Some(0));
    Ok(())
}

#[tokio::test]
async fn logs_are_lines() -> Result<()> {
    let person = Person::with_a_project().await?;
    let (code, lines, remarks) = said(&person.enters(&["logs", "--since", "10m"]).await?);
    ensure!(code == Some(0) && lines == "2026-01-31T12:00:00Z web-1 hello", "{code:?} {lines} {remarks}");
    let (_, lines, _) = said(&person.enters(&["logs", "--json"]).await?);
    ensure!(serde_json::from_str::<Value>(&lines)?["text"] == "hello", "{lines}");
    Ok(())
}

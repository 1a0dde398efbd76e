//! What is asked is asked as the API wants it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Result, ensure};
use data_encoding::HEXLOWER;
use roost_client::{Client, ClientError, ClientSettings, LogPart, Progress, pack};
use roost_domain::naming::ProjectName;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::platform::{Platform, TOKEN};

#[tokio::test]
async fn all_pages_make_one_list() -> Result<()> {
    let platform = Platform::start().await?.with_projects(&["a", "b", "c", "d", "e"]);
    let account = Client::new(ClientSettings::new(platform.url(), TOKEN))?.account().await?;
    let names: Vec<_> = account.projects().await?.into_iter().map(|project| project.id).collect();
    ensure!(names == ["a", "b", "c", "d", "e"], "{names:?}");
    Ok(())
}

#[tokio::test]
async fn a_token_that_is_not_known_is_a_problem() -> Result<()> {
    let platform = Platform::start().await?;
    let error = Client::new(ClientSettings::new(platform.url(), "roost_other"))?.account().await.unwrap_err();
    ensure!(error.problem().is_some_and(|problem| problem.status == 401), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn an_archive_is_sent_as_it_was_announced() -> Result<()> {
    let (platform, directory) = (Platform::start().await?.with_projects(&["shop"]), tempfile::tempdir()?);
    std::fs::write(directory.path().join("platform-config.yaml"), "x".repeat(200_000))?;
    let (archive, sent) = (pack(directory.path())?, Arc::new(AtomicU64::new(0)));
    let noted = Arc::clone(&sent);
    let progress: Progress = Arc::new(move |bytes| noted.store(bytes, Ordering::Relaxed));
    let account = Client::new(ClientSettings::new(platform.url(), TOKEN))?.account_of("alice");
    let project = ProjectName::parse("shop")?;
    ensure!(account.upload(&project, &archive, &progress).await? == "v1");
    ensure!(sent.load(Ordering::Relaxed) == archive.size);
    let announced: Value = serde_json::from_slice(&platform.seen()[0].body)?;
    ensure!(announced["size"] == archive.size && announced["sha256"] == archive.sha256.as_str(), "{announced}");
    let sent = &platform.seen()[1].headers;
    ensure!(sent["content-length"] == archive.size.to_string() && !sent.contains_key("transfer-encoding"), "{sent:?}");
    let stored = platform.stored("shop").unwrap_or_default();
    ensure!(HEXLOWER.encode(&Sha256::digest(&stored)) == archive.sha256);
    Ok(())
}

#[tokio::test]
async fn logs_are_asked_for_in_part() -> Result<()> {
    let platform = Platform::start().await?.with_projects(&["shop"]);
    let account = Client::new(ClientSettings::new(platform.url(), TOKEN))?.account_of("alice");
    let part = LogPart { since: Some("2026-01-31T12:00:00Z".parse()?), tail: Some(5), wait: 2, previous: false };
    let logs = account.logs(&ProjectName::parse("shop")?, &part).await?;
    ensure!(logs.lines[0].text == "hello");
    let query = platform.seen()[0].uri.query().unwrap_or_default().to_owned();
    ensure!(query == "since=2026-01-31T12%3A00%3A00Z&tail=5&wait=2", "{query}");
    Ok(())
}

#[tokio::test]
async fn an_authority_that_is_none_is_refused_at_once() -> Result<()> {
    let authority = Some("/nowhere/ca.pem".into());
    let settings = ClientSettings { authority, ..ClientSettings::new("https://127.0.0.1:1", TOKEN) };
    ensure!(matches!(Client::new(settings), Err(ClientError::Authority { .. })));
    Ok(())
}

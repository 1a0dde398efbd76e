//! An agent's answer as it comes: for minutes, and until whoever asked has left.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use roost_tests::streamed::Streamed;
use roost_tests::streaming_api::StreamingApi;
use serde_json::{Value, json};

use crate::chat::{Chat, events, message};

/// How long the long answer takes, in seconds; it can be made longer.
const USUAL_SECONDS: u64 = 90;

fn seconds() -> u64 {
    std::env::var("ROOST_TEST_ANSWER_SECONDS").ok().and_then(|set| set.parse().ok()).unwrap_or(USUAL_SECONDS)
}

async fn next_event(answer: &mut Streamed, read: &mut String) -> Result<Option<Value>> {
    loop {
        if let Some((event, rest)) = read.split_once("\n\n") {
            let (event, rest) = (events(event)?, rest.to_owned());
            *read = rest;
            return Ok(event.into_iter().next());
        }
        let Some(piece) = answer.next().await? else { return Ok(None) };
        read.push_str(std::str::from_utf8(&piece)?);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_streams_for_minutes_across_a_wake() -> Result<()> {
    let chat = Chat::begun("listener").await?;
    chat.put_to_sleep().await?;
    let api = StreamingApi::start(&chat.user, &json!({})).await?;
    let (begun, seconds) = (Instant::now(), seconds());
    let mut answer = chat.tell_by(&api, &format!("count to {seconds}")).await?;
    ensure!(answer.prelude["statusCode"] == 200, "{answer:?}");
    ensure!(answer.header("content-type") == Some("text/event-stream") && answer.header("x-diary") == Some("1"));
    // An agent sets no cookies, and is no page of the API's.
    ensure!(answer.prelude["cookies"] == json!([]) && answer.header("set-cookie").is_none(), "{answer:?}");
    ensure!(answer.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")), "{answer:?}");

    let (mut read, mut came) = (String::new(), Vec::new());
    let awake = begun.elapsed();
    while let Some(event) = next_event(&mut answer, &mut read).await? {
        came.push((event, begun.elapsed()));
    }
    let texts: Vec<_> = came.iter().filter_map(|(event, _)| event["text"].as_str().map(str::to_owned)).collect();
    let expected: Vec<_> = (1..=seconds).map(|number| number.to_string()).chain([String::new()]).collect();
    ensure!(texts == expected, "{texts:?}");
    // What is collected first comes all at once; what streams begins long before its end.
    let (first, last) = (came.first().context("nothing came")?.1, came.last().context("nothing came")?.1);
    ensure!(last.saturating_sub(first) > Duration::from_secs(seconds / 2), "{first:?} {last:?}");
    println!("the answer began after {awake:?}, its first piece came after {first:?}, its last after {last:?}");
    ensure!(chat.api.read(&chat.path("/status")).await?["phase"] == "Awake");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_ends_the_answer() -> Result<()> {
    let chat = Chat::begun("leaver").await?;
    let api = StreamingApi::start(&chat.user, &json!({})).await?;
    let mut answer = chat.tell_by(&api, "count to 600").await?;
    ensure!(next_event(&mut answer, &mut String::new()).await?.is_some_and(|event| event["text"] == "1"));
    drop(answer);
    chat.diary_once("the agent's note that its listener has left", |entries| {
        entries.iter().any(|entry| entry["kind"] == "left" && entry["text"] == "count to 600")
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_else_is_answered_in_the_same_way_and_agents_are_not_told_who_asks() -> Result<()> {
    let chat = Chat::begun("asker").await?;
    let api = StreamingApi::start(&chat.user, &json!({})).await?;
    let mut projects = api.ask("GET", &format!("/api/users/{}/projects", chat.user), &json!({}), "").await?;
    ensure!(projects.prelude["statusCode"] == 200 && projects.header("etag").is_some(), "{projects:?}");
    let listed: Value = serde_json::from_str(&projects.text().await?)?;
    ensure!(listed["items"][0]["agent"] == "diary", "{listed}");
    let mut missing = api.ask("GET", "/api/no-such-thing", &json!({}), "").await?;
    ensure!(missing.prelude["statusCode"] == 404, "{missing:?}");
    ensure!(missing.text().await?.contains("urn:roost:problem:not-found"));

    let sent = json!({
        "accept": "application/json", "cookie": "session=mine", "x-secret-key": "a guess", "x-api-key": "mine",
        "proxy-authorization": "Basic YTpi", "connection": "x-hop", "x-hop": "1",
    });
    let mut answer = api.ask("POST", &chat.path("/messages"), &sent, &message("who asks?").to_string()).await?;
    let told: Value = serde_json::from_str(&answer.text().await?)?;
    ensure!(answer.prelude["statusCode"] == 200, "{told}");
    let headers: Vec<_> = told["headers"].as_array().context("no headers")?.iter().filter_map(Value::as_str).collect();
    ensure!(headers.contains(&"x-secret-key") && headers.contains(&"content-type"), "{headers:?}");
    for kept in ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-hop"] {
        ensure!(!headers.contains(&kept), "{kept} was passed on: {headers:?}");
    }
    Ok(())
}

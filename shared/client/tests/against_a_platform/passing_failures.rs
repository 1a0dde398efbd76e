//! What passes is waited for; what does not is told at once.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use roost_client::{Account, Client, ClientError, ClientSettings, NewToken, Patience};
use roost_domain::naming::ProjectName;

use crate::platform::{Platform, TOKEN};

fn account(url: String) -> Result<Account, ClientError> {
    let patience = Patience { attempts: 3, first_pause: Duration::from_millis(10) };
    Ok(Client::new(ClientSettings { patience, ..ClientSettings::new(url, TOKEN) })?.account_of("alice"))
}

#[tokio::test]
async fn a_busy_platform_is_asked_again() -> Result<()> {
    let platform = Platform::start().await?.with_projects(&["shop"]);
    platform.refuse(503, None);
    platform.refuse(502, None);
    ensure!(account(platform.url())?.projects().await?.len() == 1);
    ensure!(platform.seen().len() == 3);
    Ok(())
}

#[tokio::test]
async fn patience_ends() -> Result<()> {
    let platform = Platform::start().await?;
    (0..3).for_each(|_| platform.refuse(503, None));
    let error = account(platform.url())?.projects().await.unwrap_err();
    ensure!(error.problem().is_some_and(|problem| problem.status == 503), "{error:?}");
    ensure!(platform.seen().len() == 3);
    Ok(())
}

#[tokio::test]
async fn who_asks_too_much_waits_as_long_as_is_said() -> Result<()> {
    let platform = Platform::start().await?;
    platform.refuse(429, Some("1"));
    let begun = Instant::now();
    account(platform.url())?.projects().await?;
    ensure!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    platform.refuse(429, Some("3600"));
    let error = account(platform.url())?.projects().await.unwrap_err();
    ensure!(error.problem().and_then(|problem| problem.retry_after) == Some(Duration::from_hours(1)), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_no_is_not_asked_again() -> Result<()> {
    for status in [400, 401, 403, 404, 409, 422, 500] {
        let platform = Platform::start().await?;
        platform.refuse(status, None);
        let error = account(platform.url())?.projects().await.unwrap_err();
        let problem = error.problem().map(|problem| (problem.status, problem.remedy.as_str()));
        ensure!(problem == Some((status, "Do something else.")), "{error:?}");
        ensure!(platform.seen().len() == 1, "{status} was asked again");
    }
    Ok(())
}

#[tokio::test]
async fn a_repetition_is_known_by_its_key() -> Result<()> {
    let platform = Platform::start().await?;
    platform.refuse(503, None);
    account(platform.url())?.begin(&ProjectName::parse("shop")?).await?;
    let keys: Vec<_> = platform.seen().iter().map(|seen| seen.headers.get("idempotency-key").cloned()).collect();
    ensure!(keys.len() == 2 && keys[0].is_some() && keys[0] == keys[1], "{keys:?}");
    Ok(())
}

#[tokio::test]
async fn a_token_is_not_made_twice() -> Result<()> {
    let platform = Platform::start().await?;
    platform.refuse(503, None);
    let new = NewToken { name: "ci".to_owned(), project: None, days: None };
    ensure!(account(platform.url())?.create_token(&new).await.is_err());
    ensure!(platform.seen().len() == 1);
    Ok(())
}

#[tokio::test]
async fn nobody_there_is_told_without_the_url() -> Result<()> {
    let error = account("http://127.0.0.1:1/secret".to_owned())?.projects().await.unwrap_err();
    ensure!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    ensure!(!format!("{error:?}").contains("secret"), "{error:?}");
    Ok(())
}

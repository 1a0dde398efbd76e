//! A request that is sent twice because its answer got lost is carried out once.

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use roost_tests::api::{Answer, answer};
use serde_json::json;

use crate::owner::Owner;

async fn begin(owner: &Owner, project: &str, key: &str) -> Result<Answer> {
    let request = owner.api.request(Method::POST, &owner.path("projects")).header("Idempotency-Key", key);
    answer(request.json(&json!({"id": project}))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gets_the_same_answer() -> Result<()> {
    let owner = Owner::new("once").await?;
    let first = begin(&owner, "shop", "key-1").await?;
    ensure!(first.status == StatusCode::CREATED, "{first:?}");
    let second = begin(&owner, "shop", "key-1").await?;
    ensure!(second.status == StatusCode::CREATED && second.body == first.body, "{second:?}");
    ensure!(second.header("idempotency-replayed") == Some("true"), "{second:?}");
    ensure!(second.location()? == first.location()?);
    ensure!(begin(&owner, "blog", "key-1").await?.is_problem(422), "a key stands for one request");
    ensure!(begin(&owner, "shop", "key-2").await?.is_problem(409), "there is such a project");
    // What failed was not done, and may be asked for again.
    ensure!(begin(&owner, "shop", "key-2").await?.is_problem(409));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_carried_out() -> Result<()> {
    let owner = Owner::new("at-once").await?;
    let all = futures::future::try_join_all((0..6).map(|_| begin(&owner, "shop", "same"))).await?;
    let fresh =
        all.iter().filter(|one| one.status == StatusCode::CREATED && one.header("idempotency-replayed").is_none());
    ensure!(fresh.count() == 1, "{all:?}");
    ensure!(all.iter().all(|one| one.status == StatusCode::CREATED || one.is_problem(409)), "{all:?}");
    Ok(())
}

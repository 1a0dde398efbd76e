//! Lists go on where they ended, and say when nothing has changed.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use roost_tests::api::answer;

use crate::owner::Owner;

#[tokio::test(flavor = "multi_thread")]
async fn every_project_is_on_one_page() -> Result<()> {
    let owner = Owner::new("pages").await?;
    for project in ["five", "four", "one", "three", "two"] {
        owner.begin(project).await?;
    }
    let (mut seen, mut place) = (Vec::new(), owner.path("projects?limit=2"));
    loop {
        let page = owner.api.read(&place).await?;
        let items = page["items"].as_array().context("no items")?;
        ensure!(items.len() <= 2, "{page}");
        seen.extend(items.iter().map(|project| project["id"].as_str().unwrap_or_default().to_owned()));
        match page["next"].as_str() {
            Some(next) => place = owner.path(&format!("projects?limit=2&cursor={next}")),
            None => break,
        }
    }
    ensure!(seen == ["five", "four", "one", "three", "two"], "{seen:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_sent_again() -> Result<()> {
    let owner = Owner::new("etags").await?;
    owner.begin("shop").await?;
    let path = owner.path("projects");
    let first = owner.api.get(&path).await?;
    let tag = first.header("etag").context("there is no ETag")?.to_owned();
    let again = || answer(owner.api.request(Method::GET, &path).header("if-none-match", &tag));
    let same = again().await?;
    ensure!(same.status == StatusCode::NOT_MODIFIED && same.body.is_null(), "{same:?}");
    owner.begin("blog").await?;
    ensure!(again().await?.status == StatusCode::OK);
    Ok(())
}

//! The website sees which users there are, and acts for one at a time.

use anyhow::{Result, ensure};
use reqwest::Method;
use roost_tests::api::{Api, answer};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use serde_json::json;

const ACT_FOR: &str = "Roost-Act-For";

#[tokio::test(flavor = "multi_thread")]
async fn the_website_names_whom_it_acts_for() -> Result<()> {
    let (platform, user) = (RunningPlatform::connect().await?, User::new("guest"));
    sign_up(&platform, &user, "free").await?;
    let (website, base) = (Api::of_website()?, format!("/api/users/{}", user.id));
    ensure!(website.get(&base).await?.is_problem(403));
    let project = website.request(Method::POST, &format!("{base}/projects")).header(ACT_FOR, user.id.as_str());
    let made = answer(project.json(&json!({"id": "shop"}))).await?;
    ensure!(made.status == 201, "{made:?}");
    let events = Api::of_user(&user.id)?.read(&format!("{base}/events")).await?;
    ensure!(events["items"][0]["actor"] == format!("website for user {}", user.id), "{events}");

    let other = website.request(Method::GET, &base).header(ACT_FOR, "somebody-else");
    ensure!(answer(other).await?.is_problem(404));
    let pretender = Api::of_user(&user.id)?.request(Method::GET, &base).header(ACT_FOR, user.id.as_str());
    ensure!(answer(pretender).await?.is_problem(422));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_users_are_listed_a_page_at_a_time() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let users = [User::new("one"), User::new("two"), User::new("three")];
    futures::future::try_join_all(users.iter().map(|user| sign_up(&platform, user, "free"))).await?;
    let website = Api::of_website()?;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = website.read(&format!("/api/users?limit=2{cursor}")).await?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        ensure!(items.len() <= 2, "{page}");
        seen.extend(items.into_iter().map(|user| user["id"].as_str().unwrap_or_default().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ensure!(users.iter().all(|user| seen.iter().filter(|id| *id == user.id.as_str()).count() == 1), "{seen:?}");
    Ok(())
}

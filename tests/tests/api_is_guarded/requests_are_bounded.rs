//! What is too large, unreadable or not as declared is refused with what is wrong, and nothing of it is done.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use roost_tests::api::{Api, answer};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use serde_json::json;

async fn owner(name: &str) -> Result<(Api, String)> {
    let (platform, user) = (RunningPlatform::connect().await?, User::new(name));
    sign_up(&platform, &user, "free").await?;
    Ok((Api::of_user(&user.id)?, format!("/api/users/{}", user.id)))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_with_a_remedy() -> Result<()> {
    let (api, base) = owner("bounded").await?;
    let projects = format!("{base}/projects");
    let huge = api.post(&projects, &json!({"id": "x".repeat(70_000)})).await?;
    ensure!(huge.is_problem(413), "{huge:?}");
    let send = |body: &'static str, kind: &'static str| {
        answer(api.request(Method::POST, &projects).header("content-type", kind).body(body))
    };
    ensure!(send("{", "application/json").await?.is_problem(400));
    ensure!(send("id=shop", "application/x-www-form-urlencoded").await?.is_problem(415));
    let wrong = send(r#"{"id": "../../etc"}"#, "application/json").await?;
    ensure!(wrong.is_problem(422) && wrong.body["errors"][0]["field"] == "id", "{wrong:?}");
    let unknown = send(r#"{"id": "shop", "owner": "bob"}"#, "application/json").await?;
    ensure!(unknown.is_problem(422) && unknown.body["errors"][0]["field"] == "owner", "{unknown:?}");
    let failures = Api::nobody()?.read("/api/failures").await?;
    ensure!(failures.as_array().is_some_and(|all| all.len() > 20), "{failures}");
    ensure!(api.get("/api/nothing").await?.is_problem(404));
    ensure!(answer(api.request(Method::PATCH, &projects)).await?.is_problem(405));
    ensure!(api.get(&format!("{projects}?limit=0")).await?.is_problem(422));
    ensure!(api.get(&format!("{projects}?cursor=nowhere%21")).await?.is_problem(422));
    ensure!(api.get(&format!("{projects}?lmit=1")).await?.is_problem(422));
    let listed = api.read(&projects).await?;
    ensure!(listed["items"] == json!([]), "something was done: {listed}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_much_waits_and_nobody_else() -> Result<()> {
    let ((eager, base), (other, others)) = (owner("eager").await?, owner("patient").await?);
    let ask = || async { eager.get(&base).await };
    // Two minutes may share them; in one of both there are more than are answered.
    let mut refused = None;
    for _ in 0..30 {
        let answers = futures::future::try_join_all((0..50).map(|_| ask())).await?;
        refused = answers.into_iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS);
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.context("1500 requests were answered")?;
    ensure!(refused.is_problem(429) && refused.header("retry-after") == Some("60"), "{refused:?}");
    other.read(&others).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_announced_as_it_is() -> Result<()> {
    let (api, base) = owner("announced").await?;
    api.post(&format!("{base}/projects"), &json!({"id": "shop"})).await?.expect(StatusCode::CREATED)?;
    let uploads = format!("{base}/projects/shop/uploads");
    let sha256 = "ab".repeat(32);
    ensure!(api.post(&uploads, &json!({"size": 1_u64 << 40, "sha256": sha256})).await?.is_problem(413));
    ensure!(api.post(&uploads, &json!({"size": 0, "sha256": sha256})).await?.is_problem(422));
    ensure!(api.post(&uploads, &json!({"size": 10, "sha256": "abc"})).await?.is_problem(422));
    Ok(())
}

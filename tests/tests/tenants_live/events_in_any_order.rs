//! Late, repeated and impossible events, handed straight to the function so that each is known to have been handled.

use anyhow::{Context, Result, ensure};
use roost_domain::tenant::TenantState;
use roost_tests::fault_proxy::forward_all;
use roost_tests::user::{User, envelope};
use roost_tests::world::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_signup_that_comes_after_its_deletion_makes_nothing() -> Result<()> {
    let (mut world, user) = (World::new().await?, User::new("ghost"));
    let cluster = world.watch_cluster(forward_all()).await?;
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.deleted", &user.deleted(2)).await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    world.carry_out(&function, "user.plan-changed", &user.plan_changed("team", 1)).await?;
    let tenant = world.table.tenant(&user.id).await?.context("no tombstone")?;
    ensure!(tenant.state == TenantState::Deleted && world.places_taken().await? == 0);
    ensure!(cluster.calls().is_empty(), "{:?}", cluster.calls());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_change_of_plan_changes_nothing() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("settled"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    world.carry_out(&function, "user.plan-changed", &user.plan_changed("team", 3)).await?;
    let (before, _) = world.ready_tenant(&user).await?;
    world.carry_out(&function, "user.plan-changed", &user.plan_changed("free", 2)).await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    ensure!(world.ready_tenant(&user).await?.0 == before && before.plan.as_deref() == Some("team"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_comes_back_gets_the_old_name_again() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("returning"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    world.carry_out(&function, "user.deleted", &user.deleted(2)).await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 3)).await?;
    let (_, home) = world.ready_tenant(&user).await?;
    ensure!(home.slug.as_str() == user.name && world.places_taken().await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_messages_are_set_aside_with_a_reason_beside_good_ones() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("good"));
    let function = world.start("provision-tenant").await?;
    let signup = user.signed_up("free", 1);
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut detail = User::new("bad").signed_up("free", 1);
        change(&mut detail);
        envelope("user.signed-up", &detail)
    };
    let mut bodies = vec![
        "not JSON".to_owned(),
        " ".to_owned(),
        json!({"id": "e", "detail-type": "user.signed-up"}).to_string(),
        envelope("user.renamed", &signup),
        broken(&|detail| detail["plan"] = json!("gold")),
        broken(&|detail| detail["version"] = json!("one")),
        broken(&|detail| detail["version"] = json!(0)),
        broken(&|detail| detail["user_id"] = json!("../../admin")),
        broken(&|detail| detail["email_hash"] = json!("someone@example.com")),
        broken(&|detail| *detail = json!([1, 2, 3])),
    ];
    let expected = bodies.len();
    bodies.push(envelope("user.signed-up", &signup));
    let roost_tests::function::Ending::Answered(answer) = function.handle(&bodies).await? else {
        anyhow::bail!("no answer")
    };
    ensure!(answer["batchItemFailures"] == json!([]), "{answer}");
    world.ready_tenant(&user).await?;
    let mut reasons = Vec::new();
    while let Some((_, reason)) = world.set_aside().await? {
        reasons.push(reason);
    }
    ensure!(reasons.len() == expected && reasons.iter().all(|reason| reason.len() > 20), "{reasons:#?}");
    Ok(())
}

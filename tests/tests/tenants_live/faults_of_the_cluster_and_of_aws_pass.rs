//! An API server or a table that is down, slow, throttled or broken at any call: the signup ends well all the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use roost_domain::tenant::TenantState;
use roost_tests::fault_proxy::{Decide, Fate, forward_all};
use roost_tests::function::Ending;
use roost_tests::until::PATIENCE;
use roost_tests::user::{User, envelope};
use roost_tests::world::World;
use secrecy::SecretString;
use serde_json::json;

/// A signup's calls to the API server: eight writes and a read.
const CLUSTER_CALLS: usize = 9;

/// Gives the call of that number a fate, and forwards the others.
fn only_call(number: usize, fate: Fate) -> Decide {
    let calls = Arc::new(AtomicUsize::new(0));
    Arc::new(move |_| {
        let this = calls.fetch_add(1, Ordering::SeqCst) + 1;
        let fate = if this == number { fate.clone() } else { Fate::Forwarded };
        Box::pin(async move { fate })
    })
}

fn api_status(code: u16) -> Fate {
    let status =
        json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "message": "disturbed"});
    Fate::Refused(code, status.to_string())
}

async fn signup_survives(world: &World) -> Result<()> {
    let user = User::new("disturbed");
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let (tenant, _) = world.ready_tenant(&user).await?;
    ensure!(tenant.reason.is_none(), "{tenant:?}");
    ensure!(world.owner(&user).await?.ask_at_home("GET", "api/v1", "pods", None).await?.code == 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_server_that_refuses_or_loses_any_call_delays_a_signup_and_no_more() -> Result<()> {
    let fates = [api_status(409), api_status(429), api_status(500), Fate::Unanswered];
    let cases = (1..=CLUSTER_CALLS).flat_map(|number| fates.clone().map(|fate| (number, fate)));
    stream::iter(cases)
        .map(|(number, fate)| async move {
            let mut world = World::new().await?;
            let what = format!("call {number}: {fate:?}");
            world.watch_cluster(only_call(number, fate)).await?;
            signup_survives(&world).await.context(what)
        })
        .buffer_unordered(6)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_server_that_is_slow_delays_a_signup_and_no_more() -> Result<()> {
    let mut world = World::new().await?;
    world.watch_cluster(only_call(3, Fate::Delayed(Duration::from_secs(12)))).await?;
    signup_survives(&world).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_throttles_delays_a_signup_and_no_more() -> Result<()> {
    let throttled = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "slower"
    });
    let calls = Arc::new(AtomicUsize::new(0));
    let mut world = World::new().await?;
    world
        .watch_aws(Arc::new(move |call| {
            // More refusals than the SDK tries again by itself.
            let refused = call.target.starts_with("DynamoDB") && calls.fetch_add(1, Ordering::SeqCst) < 9;
            let body = throttled.to_string();
            Box::pin(async move { if refused { Fate::Refused(400, body) } else { Fate::Forwarded } })
        }))
        .await?;
    signup_survives(&world).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_does_not_answer_is_spared_and_its_tenants_are_not_lost() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("patient"));
    let nobody = format!("roost/clusters/nobody-{}", user.name);
    let silent = json!({"host": "https://127.0.0.1:1", "token": "t"}).to_string();
    world.secrets().write(&nobody, &SecretString::from(silent)).await?;
    world.register_cluster(&nobody, 8_000).await?;
    let body = envelope("user.signed-up", &user.signed_up("free", 1));
    let function = world.start("provision-tenant").await?;
    ensure!(matches!(function.handle(std::slice::from_ref(&body)).await?, Ending::Answered(_)));
    let tenant = world.table.tenant(&user.id).await?.context("no tenant")?;
    ensure!(matches!(tenant.state, TenantState::Provisioning { .. }), "{tenant:?}");
    ensure!(world.table.clusters().await?[0].spared_until.is_some(), "the cluster is not spared");

    world.register_cluster("roost/clusters/local", 8_000).await?;
    let function = world.start("provision-tenant").await?;
    world.settle(&function, body, PATIENCE).await?;
    world.ready_tenant(&user).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_quota_controller_makes_the_function_come_back_and_not_wait() -> Result<()> {
    let mut world = World::new().await?;
    let not_counted = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "roost-quota"},
        "spec": {"hard": {"pods": "20"}}, "status": {},
    });
    let looks = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&looks);
    let proxy = world
        .watch_cluster(Arc::new(move |call| {
            let early = call.method == "GET" && seen.fetch_add(1, Ordering::SeqCst) < 2;
            let body = not_counted.to_string();
            Box::pin(async move { if early { Fate::Refused(200, body) } else { Fate::Forwarded } })
        }))
        .await?;
    signup_survives(&world).await?;
    let mut calls: HashMap<String, usize> = HashMap::new();
    for call in proxy.calls() {
        *calls.entry(call.method).or_default() += 1;
    }
    ensure!(calls == HashMap::from([("POST".into(), 2), ("PATCH".into(), 6), ("GET".into(), 3)]), "{calls:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_of_a_stranger_is_never_taken_over() -> Result<()> {
    use k8s_openapi::api::core::v1::Namespace;
    use kube::{Api, api::PostParams};
    let (world, user) = (World::new().await?, User::new("squatted"));
    let strangers: Namespace = serde_json::from_value(json!({"metadata": {"name": user.namespace()}}))?;
    let namespaces: Api<Namespace> = Api::all(world.platform.cluster.clone());
    namespaces.create(&PostParams::default(), &strangers).await?;
    let function = world.start("provision-tenant").await?;
    let body = envelope("user.signed-up", &user.signed_up("free", 1));
    let Ending::Answered(answer) = function.handle(&[body]).await? else { anyhow::bail!("no answer") };
    ensure!(answer["batchItemFailures"][0]["itemIdentifier"] == "0", "{answer}");
    let tenant = world.table.tenant(&user.id).await?.context("no tenant")?;
    ensure!(tenant.reason.is_some_and(|reason| reason.contains("belongs to somebody else")));
    ensure!(namespaces.get(&user.namespace()).await?.metadata.labels.is_none_or(|labels| labels.len() == 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_without_room_keeps_its_signups_until_there_is_some() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("waiting"));
    world.register_cluster("roost/clusters/local", 0).await?;
    let body = envelope("user.signed-up", &user.signed_up("free", 1));
    let function = world.start("provision-tenant").await?;
    ensure!(matches!(function.handle(std::slice::from_ref(&body)).await?, Ending::Answered(_)));
    ensure!(world.table.tenant(&user.id).await?.is_none());
    world.register_cluster("roost/clusters/local", 1).await?;
    world.settle(&function, body, PATIENCE).await?;
    world.ready_tenant(&user).await?;
    ensure!(world.places_taken().await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undisturbed_signup_makes_no_more_calls_than_it_needs() -> Result<()> {
    let (mut world, user) = (World::new().await?, User::new("frugal"));
    let cluster = world.watch_cluster(forward_all()).await?;
    let aws = world.watch_aws(forward_all()).await?;
    let function = world.start("provision-tenant").await?;
    let body = envelope("user.signed-up", &user.signed_up("free", 1));
    world.settle(&function, body.clone(), PATIENCE).await?;
    world.ready_tenant(&user).await?;
    let (cluster_calls, aws_calls) = (cluster.calls().len(), aws.calls().len());

    // Once more: one read of the tenant's record, and nothing else anywhere.
    function.handle(&[body]).await?;
    ensure!(cluster.calls().len() == cluster_calls);
    let again: Vec<_> = aws.calls().split_off(aws_calls).into_iter().map(|call| call.target).collect();
    ensure!(again == ["DynamoDB_20120810.GetItem"], "{again:?}");
    Ok(())
}

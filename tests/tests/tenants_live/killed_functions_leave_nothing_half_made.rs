//! The functions are killed after each of their calls, one call at a time; whoever runs the same event again comes to
//! the same end.

use anyhow::{Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Namespace;
use kube::Api;
use roost_domain::credential::Credential;
use roost_domain::tenant::{Home, Tenant, TenantState};
use roost_tests::function::Ending;
use roost_tests::killing::Executioner;
use roost_tests::tenant_objects::tenant_objects;
use roost_tests::user::{User, envelope};
use roost_tests::world::World;
use serde_json::Value;

/// More calls than one run of any of these flows makes, so that the last rounds run to their end.
const MOST_CALLS: usize = 16;
const AT_ONCE: usize = 8;

/// Runs `round` with every number of calls, and expects the first to be killed and the last to be not.
async fn after_every_call<F, Fut>(most_calls: usize, round: F) -> Result<()>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = Result<bool>>,
{
    let killed: Vec<bool> = stream::iter(1..=most_calls).map(round).buffered(AT_ONCE).try_collect().await?;
    ensure!(killed[0] && !killed[most_calls - 1], "killed after the calls: {killed:?}");
    println!("killed after each of {} calls", killed.iter().filter(|killed| **killed).count());
    Ok(())
}

/// Handles an event in a function that is killed after so many calls, then again in one that lives.
async fn kill_and_repeat(world: &World, executioner: &Executioner, body: String, calls: usize) -> Result<bool> {
    let first = world.start("provision-tenant").await?;
    executioner.aim(&first, calls);
    let killed = matches!(first.handle(std::slice::from_ref(&body)).await?, Ending::Died);
    let second = world.start("provision-tenant").await?;
    world.settle(&second, body, roost_tests::until::PATIENCE * 2).await?;
    Ok(killed)
}

async fn check_ready(world: &World, user: &User, model: &Value) -> Result<()> {
    let (_, home) = world.ready_tenant(user).await?;
    ensure!(home.slug.as_str() == user.name, "the slug changed: {home:?}");
    ensure!(world.places_taken().await? == 1, "{} places are taken", world.places_taken().await?);
    ensure!(&tenant_objects(&world.platform.cluster, &user.namespace()).await? == model);
    ensure!(world.owner(user).await?.ask_at_home("GET", "api/v1", "pods", None).await?.code == 200);
    Ok(())
}

/// What an undisturbed signup makes.
async fn model() -> Result<Value> {
    let (world, user) = (World::new().await?, User::new("model"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    tenant_objects(&world.platform.cluster, &user.namespace()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signup_killed_after_any_call_ends_as_one_tenant() -> Result<()> {
    let model = &model().await?;
    after_every_call(MOST_CALLS, |calls| async move {
        let (mut world, user) = (World::new().await?, User::new("killed"));
        let executioner = Executioner::watching(&world.watch_everything().await?);
        let body = envelope("user.signed-up", &user.signed_up("free", 1));
        let killed = kill_and_repeat(&world, &executioner, body, calls).await?;
        check_ready(&world, &user, model).await?;
        Ok(killed)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signup_delivered_twice_and_killed_after_any_call_ends_as_one_tenant() -> Result<()> {
    let model = &model().await?;
    // The calls of both are counted: the other one may make all of its own before the victim makes its last.
    after_every_call(3 * MOST_CALLS, |calls| async move {
        let (mut world, user) = (World::new().await?, User::new("twice"));
        let executioner = Executioner::watching(&world.watch_everything().await?);
        let body = envelope("user.signed-up", &user.signed_up("free", 1));
        let (victim, other) = (world.start("provision-tenant").await?, world.start("provision-tenant").await?);
        executioner.aim(&victim, calls);
        let (batch, again) = ([body.clone()], body.clone());
        let (ending, settled) =
            futures::join!(victim.handle(&batch), world.settle(&other, again, roost_tests::until::PATIENCE));
        settled?;
        let killed = matches!(ending?, Ending::Died);
        world.settle(&other, body, roost_tests::until::PATIENCE).await?;
        check_ready(&world, &user, model).await?;
        Ok(killed)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_killed_after_any_call_leaves_nothing() -> Result<()> {
    after_every_call(MOST_CALLS, |calls| async move {
        let (mut world, user) = (World::new().await?, User::new("leaving"));
        let executioner = Executioner::watching(&world.watch_everything().await?);
        let function = world.start("provision-tenant").await?;
        world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
        let body = envelope("user.deleted", &user.deleted(2));
        let killed = kill_and_repeat(&world, &executioner, body, calls).await?;
        let tenant = world.table.tenant(&user.id).await?;
        ensure!(tenant.as_ref().is_some_and(|tenant| tenant.state == TenantState::Deleted), "{tenant:?}");
        ensure!(world.places_taken().await? == 0);
        let namespaces: Api<Namespace> = Api::all(world.platform.cluster.clone());
        ensure!(namespaces.get_opt(&user.namespace()).await?.is_none());
        Ok(killed)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_killed_after_any_call_ends_with_one_new_credential() -> Result<()> {
    after_every_call(MOST_CALLS, |calls| async move {
        let (mut world, user) = (World::new().await?, User::new("rotated"));
        let executioner = Executioner::watching(&world.watch_everything().await?);
        let provision = world.start("provision-tenant").await?;
        world.carry_out(&provision, "user.signed-up", &user.signed_up("free", 1)).await?;
        make_due(&world, &user).await?;
        let tick = [r#"{"task": "rotate-due-credentials"}"#.to_owned()];
        let first = world.start("rotate-credentials").await?;
        executioner.aim(&first, calls);
        let killed = matches!(first.handle(&tick).await?, Ending::Died);
        let second = world.start("rotate-credentials").await?;
        second.handle(&tick).await?;
        let (_, home) = world.ready_tenant(&user).await?;
        let credential = home.credential.clone();
        ensure!(credential.is_some_and(|credential| credential.number == 2), "{home:?}");
        ensure!(world.owner(&user).await?.ask_at_home("GET", "api/v1", "pods", None).await?.code == 200);
        Ok(killed)
    })
    .await
}

/// Lets a tenant's credential be due now.
async fn make_due(world: &World, user: &User) -> Result<()> {
    let (tenant, home) = world.ready_tenant(user).await?;
    let now = Timestamp::now();
    let credential = home.credential.clone().map(|credential| Credential { renew_at: now, ..credential });
    let due: Tenant = tenant.moved_to(TenantState::Ready { home: Home { credential, ..home } }, now);
    Ok(world.table.save(&due, None).await?)
}

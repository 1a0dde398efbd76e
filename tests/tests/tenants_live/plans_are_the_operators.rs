//! Plans: the operator's own, and what becomes of tenants when one is no longer on offer.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::core::v1::ResourceQuota;
use kube::Api;
use roost_tests::user::User;
use roost_tests::world::World;

const GOLD_ONLY: &str = r#"{"gold": {
    "cpu": "3", "memory": "6Gi", "storage": "30Gi", "volumes": 3, "pods": 12, "services": 4,
    "container": {"cpu": "200m", "memory": "256Mi"}
}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_the_operator_wrote_is_the_quota() -> Result<()> {
    let (world, user) = (World::new().await?.with_setting("ROOST_PLANS", GOLD_ONLY), User::new("golden"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("gold", 1)).await?;
    let quotas: Api<ResourceQuota> = Api::namespaced(world.platform.cluster.clone(), &user.namespace());
    let hard = quotas.get("roost-quota").await?.spec.and_then(|spec| spec.hard).context("no quota")?;
    for (name, amount) in [("limits.cpu", "3"), ("requests.storage", "30Gi"), ("persistentvolumeclaims", "3")] {
        ensure!(hard.get(name).is_some_and(|hard| hard.0 == amount), "{name}: {:?}", hard.get(name));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_not_on_offer_any_more_is_refused_by_name_and_changes_nothing() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("keeping"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let (before, _) = world.ready_tenant(&user).await?;

    let world = world.with_setting("ROOST_PLANS", GOLD_ONLY);
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.plan-changed", &user.plan_changed("team", 2)).await?;
    ensure!(world.ready_tenant(&user).await?.0 == before);
    let (_, reason) = world.set_aside().await?.context("nothing was set aside")?;
    ensure!(reason == "there is no plan \"team\"; choose one of gold", "{reason}");
    Ok(())
}

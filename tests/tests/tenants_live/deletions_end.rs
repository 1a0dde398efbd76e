//! Deletions that meet resistance: what is in the way is said, and nothing that outlives a namespace is left.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolume, PersistentVolumeClaim};
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use roost_domain::naming::TenantId;
use roost_domain::tenant::{Tenant, TenantState};
use roost_tests::running_platform::variable;
use roost_tests::until::{self, PATIENCE};
use roost_tests::user::{User, envelope};
use roost_tests::world::World;
use serde_json::json;

async fn signed_up(world: &World, user: &User) -> Result<roost_tests::function::Function> {
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    Ok(function)
}

async fn is_deleted(world: &World, user: &User) -> Result<bool> {
    Ok(world.table.tenant(&user.id).await?.is_some_and(|tenant| tenant.state == TenantState::Deleted))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_does_not_go_shows_why_and_goes_once_it_can() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("stuck"));
    let function = signed_up(&world, &user).await?;
    let held = json!({"metadata": {"name": "held", "finalizers": ["example.com/hold"]}});
    let maps: Api<ConfigMap> = Api::namespaced(world.platform.cluster.clone(), &user.namespace());
    maps.create(&PostParams::default(), &serde_json::from_value(held)?).await?;

    let deletion = world.settle(&function, envelope("user.deleted", &user.deleted(2)), PATIENCE * 3);
    let release = async {
        let explains =
            |tenant: &Tenant| tenant.reason.as_deref().is_some_and(|reason| reason.contains("example.com/hold"));
        until::some("the reason", || async { Ok(world.table.tenant(&user.id).await?.filter(explains)) }).await?;
        let free = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        maps.patch("held", &PatchParams::default(), &free).await?;
        Ok(())
    };
    futures::try_join!(deletion, release)?;
    ensure!(is_deleted(&world, &user).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_would_outlive_its_tenant_is_deleted() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("keeper"));
    let function = signed_up(&world, &user).await?;
    let cluster = &world.platform.cluster;
    let claims: Api<PersistentVolumeClaim> = Api::namespaced(cluster.clone(), &user.namespace());
    let claim = json!({"metadata": {"name": "data"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}
    }});
    claims.create(&PostParams::default(), &serde_json::from_value(claim)?).await?;
    let volume =
        until::some("the volume", || async { Ok(claims.get("data").await?.spec.and_then(|claim| claim.volume_name)) })
            .await?;
    let volumes: Api<PersistentVolume> = Api::all(cluster.clone());
    let retain = Patch::Merge(json!({"spec": {"persistentVolumeReclaimPolicy": "Retain"}}));
    volumes.patch(&volume, &PatchParams::default(), &retain).await?;

    world.carry_out(&function, "user.deleted", &user.deleted(2)).await?;
    ensure!(is_deleted(&world, &user).await?);
    until::some("the end of the volume", || async { Ok(volumes.get_opt(&volume).await?.is_none().then_some(())) })
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_uploaded_goes_with_all_its_versions() -> Result<()> {
    let (world, user, neighbour) = (World::new().await?, User::new("archivist"), User::new("neighbour"));
    let function = signed_up(&world, &user).await?;
    let config = aws_sdk_s3::config::Builder::from(&world.platform.aws).force_path_style(true);
    let (s3, bucket) = (aws_sdk_s3::Client::from_conf(config.build()), variable("ROOST_ARTIFACT_BUCKET")?);
    let put =
        async |key: String| s3.put_object().bucket(&bucket).key(key).body(b"{}".to_vec().into()).send().await.map(drop);
    let left = async |id: &TenantId| {
        let (mut left, ids) = (0, id.as_str());
        for kind in ["releases", "logs", "results"] {
            let listed = s3.list_object_versions().bucket(&bucket).prefix(format!("{kind}/{ids}/")).send().await?;
            left += listed.versions().len() + listed.delete_markers().len();
        }
        anyhow::Ok(left)
    };
    // Not an archive: the platform's own functions would see to that.
    for id in [&user.id, &user.id, &neighbour.id] {
        put(format!("releases/{id}/shop/r1/objects.json")).await?;
        put(format!("logs/{id}/shop/r1/build.jsonl")).await?;
    }
    s3.delete_object().bucket(&bucket).key(format!("releases/{}/shop/r1/objects.json", user.id)).send().await?;
    ensure!(left(&user.id).await? == 5 && left(&neighbour.id).await? == 2);

    world.carry_out(&function, "user.deleted", &user.deleted(2)).await?;
    ensure!(is_deleted(&world, &user).await?);
    ensure!(left(&user.id).await? == 0, "something of the user's is left");
    ensure!(left(&neighbour.id).await? == 2, "something of another's is gone");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_deletion_on_the_way_changes_nothing_but_the_version() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("insistent"));
    let function = signed_up(&world, &user).await?;
    function.handle(&[envelope("user.deleted", &user.deleted(2))]).await?;
    function.handle(&[envelope("user.deleted", &user.deleted(4))]).await?;
    // An older signup that comes late must wait for nothing and make nothing.
    function.handle(&[envelope("user.signed-up", &user.signed_up("free", 3))]).await?;
    world.settle_queue(&function, PATIENCE * 2).await?;
    ensure!(is_deleted(&world, &user).await? && world.places_taken().await? == 0);
    let tenant = world.table.tenant(&user.id).await?.context("no tombstone")?;
    ensure!(tenant.version.number() == 4, "{tenant:?}");
    Ok(())
}

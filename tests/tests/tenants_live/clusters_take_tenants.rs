//! Which cluster a tenant gets, and how the cluster is reached.

use anyhow::{Context, Result, ensure};
use jiff::{Timestamp, ToSpan};
use roost_domain::cluster::{ClusterState, ConnectionSource};
use roost_domain::naming::ClusterName;
use roost_tests::running_platform::variable;
use roost_tests::user::User;
use roost_tests::world::{CLUSTER, World};
use secrecy::SecretString;
use serde_json::json;

/// Registers another cluster, which is the same one under another name.
async fn register(world: &World, name: &str, state: ClusterState, capacity: u32) -> Result<()> {
    let connection = ConnectionSource::Secret { secret_id: "roost/clusters/local".to_owned() };
    Ok(world.table.register_cluster(&ClusterName::parse(name)?, &connection, state, capacity).await?)
}

async fn cluster_of_a_new_tenant(world: &World) -> Result<String> {
    let user = User::new("placed");
    // A new process knows the clusters as they are now.
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    Ok(world.ready_tenant(&user).await?.1.cluster.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_go_where_most_room_is_and_never_to_a_draining_cluster() -> Result<()> {
    let world = World::new().await?;
    world.register_cluster("roost/clusters/local", 2).await?;
    register(&world, "large", ClusterState::Open, 100).await?;
    register(&world, "leaving", ClusterState::Draining, 1_000).await?;
    ensure!(cluster_of_a_new_tenant(&world).await? == "large", "an empty tie goes by name");
    ensure!(cluster_of_a_new_tenant(&world).await? == CLUSTER, "the emptier one by share");
    ensure!(cluster_of_a_new_tenant(&world).await? == "large", "half full against one in a hundred");
    register(&world, "large", ClusterState::Draining, 100).await?;
    ensure!(cluster_of_a_new_tenant(&world).await? == CLUSTER, "the only one left");
    let full = world.table.clusters().await?.into_iter().find(|cluster| cluster.name.as_str() == CLUSTER);
    ensure!(full.is_some_and(|cluster| cluster.tenants == 2 && cluster.capacity == 2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_did_not_answer_is_the_last_resort() -> Result<()> {
    let world = World::new().await?;
    world.register_cluster("roost/clusters/local", 8_000).await?;
    register(&world, "small", ClusterState::Open, 1).await?;
    world.table.spare_cluster(&ClusterName::parse(CLUSTER)?, Timestamp::now() + 10.minutes()).await?;
    ensure!(cluster_of_a_new_tenant(&world).await? == "small", "another one has room");
    ensure!(cluster_of_a_new_tenant(&world).await? == CLUSTER, "no other one has room");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn signups_that_race_for_the_last_place_take_it_once() -> Result<()> {
    let world = World::new().await?;
    world.register_cluster("roost/clusters/local", 1).await?;
    register(&world, "second", ClusterState::Open, 1).await?;
    let (one, two) = (world.start("provision-tenant").await?, world.start("provision-tenant").await?);
    let (first, second) = (User::new("fast"), User::new("fast"));
    let (signup, other) = (first.signed_up("free", 1), second.signed_up("free", 1));
    futures::try_join!(
        world.carry_out(&one, "user.signed-up", &signup),
        world.carry_out(&two, "user.signed-up", &other),
    )?;
    world.ready_tenant(&first).await?;
    world.ready_tenant(&second).await?;
    ensure!(world.table.clusters().await?.iter().all(|cluster| cluster.tenants == 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_reached_by_a_kubeconfig_as_well() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("configured"));
    let kubeconfig = tokio::fs::read_to_string(variable("KUBECONFIG")?).await.context("KUBECONFIG")?;
    let name = format!("roost/clusters/{}", user.name);
    world.secrets().write(&name, &SecretString::from(json!({"kubeconfig": kubeconfig}).to_string())).await?;
    world.register_cluster(&name, 10).await?;
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    ensure!(world.owner(&user).await?.ask_at_home("GET", "api/v1", "pods", None).await?.code == 200);
    Ok(())
}

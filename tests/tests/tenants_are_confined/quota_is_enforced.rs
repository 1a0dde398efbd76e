//! The quota: whatever the plan allows in all can be used to the last unit, and not one unit more.

use anyhow::{Context, Result};
use k8s_openapi::api::core::v1::{Pod, ResourceRequirements};
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::manifests::{claim, container, deployment, merged, pod, pod_spec, service};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use roost_tests::until;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const CLAIMS: &str = "persistentvolumeclaims";

async fn owner(prefix: &str) -> Result<Owner> {
    new_owner(&RunningPlatform::connect().await?, prefix).await
}

/// A pod of containers with these resources. It is kept from being scheduled: it counts, and costs the node nothing.
fn waiting(resources: &[Value]) -> Value {
    let containers = resources
        .iter()
        .enumerate()
        .map(|(number, resources)| container(&json!({"name": format!("app-{number}"), "resources": resources})));
    let containers: Vec<_> = containers.collect();
    pod_spec(&json!({"schedulingGates": [{"name": "roost.dev/test"}], "containers": containers}))
}

fn both(cpu: &str, memory: &str) -> Value {
    json!({"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": cpu, "memory": memory}})
}

async fn start(owner: &Owner, name: &str, resources: &[Value]) -> Result<()> {
    owner.create(CORE, "pods", &pod(name, &waiting(resources))).await
}

async fn claims(owner: &Owner, name: &str, size: &str) -> Result<()> {
    owner.create(CORE, CLAIMS, &claim(name, size, &json!({}))).await
}

fn one_more_pod(owner: &Owner, barrier: Barrier, resources: &[Value]) -> Attempt {
    let pod = pod("one-too-many", &waiting(resources));
    Attempt::stopped_by(barrier, "POST", &owner.path(CORE, "pods")).with(pod)
}

fn one_more_claim(owner: &Owner, barrier: Barrier, size: &str) -> Attempt {
    let claim = claim("one-too-many", size, &json!({}));
    Attempt::stopped_by(barrier, "POST", &owner.path(CORE, CLAIMS)).with(claim)
}

/// Waits until the quota counts these amounts. A controller that counts while something is created may miss it, and
/// counts again.
async fn counted(owner: &Owner, amounts: &[(&str, &str)]) -> Result<()> {
    let path = owner.path(CORE, "resourcequotas/roost-quota");
    until::some(&format!("a quota that counts {amounts:?}"), || async {
        let quota: Value = serde_json::from_str(&owner.read(&path).await?)?;
        let used = &quota["status"]["used"];
        Ok(amounts.iter().all(|(resource, amount)| used[resource] == **amount).then_some(()))
    })
    .await
}

#[tokio::test]
async fn more_cpu_than_the_plan_has_is_refused() -> Result<()> {
    let owner = owner("cpu").await?;
    start(&owner, "first", &[both("300m", "64Mi")]).await?;
    counted(&owner, &[("requests.cpu", "300m"), ("limits.cpu", "300m")]).await?;
    all_are_refused(
        &owner,
        &[
            one_more_pod(&owner, Barrier::Quota("limits.cpu"), &[both("201m", "64Mi")]),
            one_more_pod(&owner, Barrier::Quota("limits.cpu"), &[both("101m", "64Mi"), both("100m", "64Mi")]),
            // A low request does not make room for a high limit.
            one_more_pod(
                &owner,
                Barrier::Quota("limits.cpu"),
                &[json!({"requests": {"cpu": "1m"}, "limits": {"cpu": "201m"}})],
            ),
            one_more_pod(&owner, Barrier::Limits("maximum cpu usage per Container is 500m"), &[both("501m", "64Mi")]),
        ],
    )
    .await?;
    start(&owner, "second", &[both("200m", "64Mi")]).await?;
    counted(&owner, &[("requests.cpu", "500m"), ("limits.cpu", "500m")]).await?;
    all_are_refused(&owner, &[one_more_pod(&owner, Barrier::Quota("limits.cpu"), &[both("1m", "64Mi")])]).await
}

#[tokio::test]
async fn more_memory_than_the_plan_has_is_refused() -> Result<()> {
    let owner = owner("memory").await?;
    start(&owner, "first", &[both("10m", "600Mi")]).await?;
    counted(&owner, &[("requests.memory", "600Mi"), ("limits.memory", "600Mi")]).await?;
    all_are_refused(
        &owner,
        &[
            one_more_pod(&owner, Barrier::Quota("limits.memory"), &[both("10m", "425Mi")]),
            one_more_pod(&owner, Barrier::Quota("limits.memory"), &[both("10m", "400Mi"), both("10m", "25Mi")]),
            one_more_pod(
                &owner,
                Barrier::Limits("maximum memory usage per Container is 1Gi"),
                &[both("10m", "1025Mi")],
            ),
        ],
    )
    .await?;
    start(&owner, "second", &[both("10m", "424Mi")]).await?;
    counted(&owner, &[("requests.memory", "1Gi"), ("limits.memory", "1Gi")]).await?;
    all_are_refused(&owner, &[one_more_pod(&owner, Barrier::Quota("limits.memory"), &[both("10m", "1Mi")])]).await
}

#[tokio::test]
async fn more_storage_than_the_plan_has_is_refused() -> Result<()> {
    let owner = owner("storage").await?;
    claims(&owner, "first", "4Gi").await?;
    claims(&owner, "second", "3Gi").await?;
    counted(&owner, &[("requests.storage", "7Gi")]).await?;
    let too_large = Barrier::Limits("maximum storage usage per PersistentVolumeClaim is 10Gi");
    all_are_refused(
        &owner,
        &[
            one_more_claim(&owner, Barrier::Quota("requests.storage"), "3073Mi"),
            one_more_claim(&owner, Barrier::Quota("requests.storage"), "10Gi"),
            one_more_claim(&owner, too_large, "11Gi"),
        ],
    )
    .await?;
    claims(&owner, "third", "3Gi").await?;
    counted(&owner, &[("requests.storage", "10Gi")]).await?;
    all_are_refused(&owner, &[one_more_claim(&owner, Barrier::Quota("requests.storage"), "1Mi")]).await
}

#[tokio::test]
async fn more_claims_than_the_plan_has_are_refused_however_small() -> Result<()> {
    let owner = owner("claims").await?;
    for number in 1..=5 {
        claims(&owner, &format!("claim-{number}"), "1Mi").await?;
    }
    counted(&owner, &[(CLAIMS, "5")]).await?;
    all_are_refused(&owner, &[one_more_claim(&owner, Barrier::Quota(CLAIMS), "1Mi")]).await
}

#[tokio::test]
async fn more_pods_than_the_plan_has_are_refused_however_small() -> Result<()> {
    let owner = owner("pods").await?;
    for number in 1..=20 {
        start(&owner, &format!("pod-{number}"), &[both("1m", "1Mi")]).await?;
    }
    counted(&owner, &[("pods", "20")]).await?;
    all_are_refused(&owner, &[one_more_pod(&owner, Barrier::Quota("pods"), &[both("1m", "1Mi")])]).await
}

#[tokio::test]
async fn more_services_than_the_plan_has_are_refused() -> Result<()> {
    let owner = owner("services").await?;
    for number in 1..=10 {
        owner.create(CORE, "services", &service(&format!("service-{number}"), &json!({}))).await?;
    }
    counted(&owner, &[("services", "10")]).await?;
    let one_more = Attempt::stopped_by(Barrier::Quota("services"), "POST", &owner.path(CORE, "services"));
    all_are_refused(&owner, &[one_more.with(service("one-too-many", &json!({})))]).await
}

#[tokio::test]
async fn a_deployment_gets_as_many_pods_as_the_quota_has_room_for() -> Result<()> {
    let owner = owner("replicas").await?;
    let replicas = json!({"spec": {"replicas": 6}});
    let six = merged(&deployment("web", &waiting(&[both("100m", "64Mi")])), &replicas);
    owner.create("apis/apps/v1", "deployments", &six).await?;
    let sets = owner.path("apis/apps/v1", "replicasets");
    until::some("five pods, and a condition that tells why there is no sixth", || async {
        let sets: Value = serde_json::from_str(&owner.read(&sets).await?)?;
        let status = &sets["items"][0]["status"];
        let failure = &status["conditions"][0];
        let told = failure["message"].as_str().is_some_and(|text| Barrier::Quota("limits.cpu").speaks(text));
        Ok((status["replicas"] == 5 && failure["type"] == "ReplicaFailure" && told).then_some(()))
    })
    .await?;
    counted(&owner, &[("limits.cpu", "500m")]).await
}

#[tokio::test]
async fn what_is_deleted_can_be_used_again() -> Result<()> {
    let owner = owner("returned").await?;
    start(&owner, "all", &[both("500m", "1Gi")]).await?;
    counted(&owner, &[("limits.cpu", "500m")]).await?;
    let more = [both("1m", "1Mi")];
    all_are_refused(&owner, &[one_more_pod(&owner, Barrier::Quota("limits.cpu"), &more)]).await?;
    owner.ask_at_home("DELETE", CORE, "pods/all", None).await?;
    counted(&owner, &[("limits.cpu", "0")]).await?;
    start(&owner, "next", &more).await
}

/// The resources of a pod's one container, after all defaults.
async fn resources(owner: &Owner, name: &str) -> Result<ResourceRequirements> {
    let pod: Pod = serde_json::from_str(&owner.read(&owner.path(CORE, &format!("pods/{name}"))).await?)?;
    let container = pod.spec.and_then(|spec| spec.containers.into_iter().next());
    container.and_then(|container| container.resources).context("no resources")
}

#[tokio::test]
async fn a_container_that_names_no_resources_gets_the_plans() -> Result<()> {
    let owner = owner("default").await?;
    start(&owner, "silent", &[json!({})]).await?;
    let resources = resources(&owner, "silent").await?;
    for amounts in [resources.requests.unwrap(), resources.limits.unwrap()] {
        assert_eq!((amounts["cpu"].0.as_str(), amounts["memory"].0.as_str()), ("100m", "128Mi"));
        assert_eq!(amounts["ephemeral-storage"].0, "1Gi");
    }
    counted(&owner, &[("limits.cpu", "100m"), ("requests.memory", "128Mi")]).await
}

#[tokio::test]
async fn a_request_below_the_plans_limit_stands_and_one_above_it_needs_a_limit_too() -> Result<()> {
    let owner = owner("modest").await?;
    start(&owner, "modest", &[json!({"requests": {"cpu": "50m"}})]).await?;
    let modest = resources(&owner, "modest").await?;
    assert_eq!((modest.requests.unwrap()["cpu"].0.as_str(), modest.limits.unwrap()["cpu"].0.as_str()), ("50m", "100m"));

    let unlimited = pod("greedy", &waiting(&[json!({"requests": {"cpu": "200m"}})]));
    let answer = owner.ask_at_home("POST", CORE, "pods", Some(&unlimited)).await?;
    assert_eq!(answer.code, 422, "{answer:?}");
    assert!(answer.message.contains("must be less than or equal to cpu limit of 100m"), "{answer:?}");

    start(&owner, "greedy", &[json!({"requests": {"cpu": "200m"}, "limits": {"cpu": "300m"}})]).await?;
    counted(&owner, &[("requests.cpu", "250m"), ("limits.cpu", "400m")]).await
}

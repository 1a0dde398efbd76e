//! What an owner can do: all that an app needs, with nobody's help.

use anyhow::{Result, bail};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use roost_tests::manifests::{
    claim, config_map, container, deployment, job, object, pod, pod_spec, secret, service, stateful_set,
};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use roost_tests::until;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const APPS: &str = "apis/apps/v1";
const BATCH: &str = "apis/batch/v1";
const SCALING: &str = "apis/autoscaling/v2";
const POLICY: &str = "apis/policy/v1";
const NETWORKING: &str = "apis/networking.k8s.io/v1";
const REVIEWS: &str = "/apis/authorization.k8s.io/v1";

type Action = (&'static str, String, Value);

/// Takes all actions in their order, and fails with a list of those that were refused.
async fn all_are_allowed(owner: &Owner, actions: Vec<Action>) -> Result<()> {
    let (mut refused, count) = (Vec::new(), actions.len());
    for (method, path, body) in actions {
        let answer = owner.ask(method, &path, Some(&body).filter(|body| !body.is_null())).await?;
        if answer.code != 200 {
            refused.push(format!("{method} {path}: {} {}", answer.code, answer.message));
        }
    }
    if !refused.is_empty() {
        bail!("{} of {count} actions were refused:\n{}", refused.len(), refused.join("\n"));
    }
    println!("{count} actions allowed");
    Ok(())
}

/// A container from the one image that every cluster with Roost has on a node: the gateway's.
async fn gateways_container(platform: &RunningPlatform, arguments: &[&str]) -> Result<Value> {
    let deployments: Api<Deployment> = Api::namespaced(platform.cluster.clone(), "roost-system");
    let gateway = serde_json::to_value(deployments.get("gateway").await?)?;
    let image = &gateway["spec"]["template"]["spec"]["containers"][0];
    let changes = json!({"image": image["image"], "imagePullPolicy": image["imagePullPolicy"], "args": arguments});
    Ok(pod_spec(&json!({"containers": [container(&changes)]})))
}

async fn server(platform: &RunningPlatform) -> Result<Value> {
    let quiet = ["--global.checknewversion=false", "--global.sendanonymoususage=false"];
    gateways_container(platform, &[quiet[0], quiet[1], "--entrypoints.web.address=:8000"]).await
}

fn creations(owner: &Owner, server: &Value, task: &Value) -> Vec<Action> {
    let gated = pod_spec(&json!({"schedulingGates": [{"name": "roost.dev/test"}]}));
    let job_template = json!({"spec": job("tick", task)["spec"]});
    let schedule = json!({"spec": {"schedule": "0 0 1 1 *", "jobTemplate": job_template}});
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
    let scaling = json!({"spec": {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 2}});
    let disruption = json!({"spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}});
    let ordered = stateful_set("ordered", &gated);
    [
        (CORE, "configmaps", config_map("settings")),
        (CORE, "secrets", secret("passwords")),
        (CORE, "services", service("web", &json!({}))),
        (CORE, "services", service("headless", &json!({"clusterIP": "None"}))),
        (CORE, "persistentvolumeclaims", claim("data", "1Gi", &json!({}))),
        (CORE, "pods", pod("single", &gated)),
        (APPS, "deployments", deployment("web", server)),
        (APPS, "statefulsets", ordered),
        (BATCH, "jobs", job("task", task)),
        (BATCH, "cronjobs", object("batch/v1", "CronJob", "tick", &schedule)),
        (SCALING, "horizontalpodautoscalers", object("autoscaling/v2", "HorizontalPodAutoscaler", "idle", &scaling)),
        (POLICY, "poddisruptionbudgets", object("policy/v1", "PodDisruptionBudget", "web", &disruption)),
    ]
    .map(|(group, resource, body)| ("POST", owner.path(group, resource), body))
    .into()
}

fn reads(owner: &Owner) -> Vec<Action> {
    let home = format!("/{CORE}/namespaces/{}", owner.namespace);
    let core = ["pods", "secrets/passwords", "configmaps", "services", "persistentvolumeclaims/data", "events"];
    let own = ["resourcequotas/roost-quota", "limitranges/roost-limits", "serviceaccounts", "endpoints"];
    let paths = core.into_iter().chain(own).map(|rest| owner.path(CORE, rest));
    let others = [
        home,
        owner.path(APPS, "deployments/web"),
        owner.path(APPS, "replicasets"),
        owner.path(BATCH, "jobs/task/status"),
        owner.path(NETWORKING, "networkpolicies/roost-fence"),
        owner.path("apis/discovery.k8s.io/v1", "endpointslices"),
        "/apis/storage.k8s.io/v1/storageclasses".to_owned(),
        "/version".to_owned(),
    ];
    paths.chain(others).map(|path| ("GET", path, Value::Null)).collect()
}

fn changes(owner: &Owner) -> Vec<Action> {
    let labelled = json!({"metadata": {"labels": {"mine": "yes"}}});
    let rules = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": owner.namespace}
    });
    vec![
        ("PUT", owner.path(CORE, "configmaps/settings"), config_map("settings")),
        ("PATCH", owner.path(CORE, "secrets/passwords"), json!({"stringData": {"password": "correct horse"}})),
        ("PATCH", owner.path(CORE, "pods/single"), labelled.clone()),
        ("PATCH", owner.path(CORE, "persistentvolumeclaims/data"), labelled.clone()),
        ("PATCH", owner.path(CORE, "services/web"), json!({"spec": {"sessionAffinity": "ClientIP"}})),
        ("PATCH", owner.path(APPS, "deployments/web"), labelled),
        ("PATCH", owner.path(APPS, "deployments/web/scale"), json!({"spec": {"replicas": 2}})),
        ("PATCH", owner.path(BATCH, "cronjobs/tick"), json!({"spec": {"suspend": true}})),
        ("POST", format!("{REVIEWS}/selfsubjectrulesreviews"), rules),
    ]
}

fn deletions(owner: &Owner) -> Vec<Action> {
    [
        (CORE, "configmaps/settings"),
        (CORE, "secrets/passwords"),
        (CORE, "services/web"),
        (CORE, "pods/single"),
        (CORE, "persistentvolumeclaims/data"),
        (APPS, "deployments/web"),
        (APPS, "statefulsets/ordered"),
        (BATCH, "jobs/task"),
        (BATCH, "cronjobs/tick"),
        (SCALING, "horizontalpodautoscalers/idle"),
        (POLICY, "poddisruptionbudgets/web"),
    ]
    .map(|(group, rest)| ("DELETE", owner.path(group, rest), json!({"propagationPolicy": "Background"})))
    .into()
}

/// Waits until the object at `path` is as it should be.
async fn becomes(owner: &Owner, path: &str, what: &str, is_so: impl Fn(&Value) -> bool) -> Result<Value> {
    until::some(what, || async { Ok(Some(serde_json::from_str(&owner.read(path).await?)?).filter(&is_so)) }).await
}

/// A server runs on two pods behind its service, a task runs to its end, and a claim gets its volume.
async fn software_runs(owner: &Owner) -> Result<()> {
    let web = owner.path(APPS, "deployments/web");
    becomes(owner, &web, "two pods of a deployment", |web| web["status"]["availableReplicas"] == 2).await?;
    let slices =
        owner.path("apis/discovery.k8s.io/v1", "endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb");
    let ready = |slices: &Value| slices["items"][0]["endpoints"].as_array().is_some_and(|all| all.len() == 2);
    becomes(owner, &slices, "two addresses of a service", ready).await?;
    let claim = owner.path(CORE, "persistentvolumeclaims/data");
    becomes(owner, &claim, "a volume", |claim| claim["status"]["phase"] == "Bound").await?;
    becomes(owner, &owner.path(BATCH, "jobs/task"), "a job's end", |job| job["status"]["succeeded"] == 1).await?;
    Ok(())
}

async fn log_of_the_task(owner: &Owner) -> Result<String> {
    let pods = owner.read(&owner.path(CORE, "pods?labelSelector=app%3Dtask")).await?;
    let pods: Value = serde_json::from_str(&pods)?;
    let name = pods["items"][0]["metadata"]["name"].as_str().unwrap_or_default();
    owner.read(&owner.path(CORE, &format!("pods/{name}/log"))).await
}

#[tokio::test]
async fn an_owner_runs_its_software_and_clears_it_away() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "worker").await?;
    let (server, task) = (server(&platform).await?, gateways_container(&platform, &["version"]).await?);
    all_are_allowed(&owner, creations(&owner, &server, &task)).await?;
    all_are_allowed(&owner, reads(&owner)).await?;
    all_are_allowed(&owner, changes(&owner)).await?;
    software_runs(&owner).await?;
    let log = log_of_the_task(&owner).await?;
    assert!(log.contains("Version:"), "{log}");
    all_are_allowed(&owner, deletions(&owner)).await?;
    let pods = owner.path(CORE, "pods");
    becomes(&owner, &pods, "the end of all pods", |pods| pods["items"] == json!([])).await?;
    Ok(())
}

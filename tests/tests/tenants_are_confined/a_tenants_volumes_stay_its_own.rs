//! Volumes: new ones for each claim, never one that somebody has left behind.

use anyhow::{Result, ensure};
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::controllers;
use roost_tests::manifests::{claim, merged, object, pod, pod_spec, stateful_set};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const POLICY: &str = "roost-tenant-volume-claims";
const NAMED: Barrier = Barrier::Policy(POLICY, "A claim may not name its volume");
const SELECTED: Barrier = Barrier::Policy(POLICY, "A claim may not select among existing volumes");

fn attempts(owner: &Owner) -> Vec<Attempt> {
    let claims = owner.path(CORE, "persistentvolumeclaims");
    let created = |barrier, spec| Attempt::stopped_by(barrier, "POST", &claims).with(claim("loot", "1Gi", &spec));
    let named = json!({"spec": {"volumeName": "left-behind"}});
    let bound = json!({"status": {"phase": "Bound", "capacity": {"storage": "1Ti"}}});
    let disk = json!({"spec": {
        "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/"},
        "claimRef": {"namespace": owner.namespace, "name": "waiting"},
    }});
    let volume = object("v1", "PersistentVolume", "disk", &disk);
    let released = json!({"spec": {"claimRef": null}});
    vec![
        created(NAMED, json!({"volumeName": "left-behind"})),
        created(SELECTED, json!({"selector": {"matchLabels": {"left": "behind"}}})),
        created(SELECTED, json!({"selector": {}})),
        Attempt::stopped_by(NAMED, "PATCH", &format!("{claims}/waiting")).with(named),
        Attempt::without_right("patch", "persistentvolumeclaims/status", &format!("{claims}/waiting/status"))
            .with(bound),
        Attempt::without_right("create", "persistentvolumes", "/api/v1/persistentvolumes").with(volume),
        Attempt::without_right("patch", "persistentvolumes", "/api/v1/persistentvolumes/any").with(released),
    ]
}

#[tokio::test]
async fn claims_cannot_reach_for_a_volume_that_is_there() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "digger").await?;
    // Of a class that does not exist: it stays without a volume.
    let waiting = claim("waiting", "1Gi", &json!({"storageClassName": "none"}));
    owner.create(CORE, "persistentvolumeclaims", &waiting).await?;
    all_are_refused(&owner, &attempts(&owner)).await
}

#[tokio::test]
async fn controllers_claim_no_volume_that_is_there() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "delegator").await?;
    let loot = claim("loot", "1Gi", &json!({"volumeName": "left-behind"}));
    let templates = json!({"spec": {"volumeClaimTemplates": [loot]}});
    let ordered = merged(&stateful_set("ordered", &pod_spec(&json!({}))), &templates);
    owner.create("apis/apps/v1", "statefulsets", &ordered).await?;
    let source = json!({"volumeClaimTemplate": {"spec": loot["spec"]}});
    let passing = pod_spec(&json!({"volumes": [{"name": "loot", "ephemeral": source}]}));
    owner.create(CORE, "pods", &pod("passing", &passing)).await?;
    for name in ["ordered", "passing"] {
        controllers::are_stopped(&owner, name, NAMED).await?;
    }
    let claims: Value = serde_json::from_str(&owner.read(&owner.path(CORE, "persistentvolumeclaims")).await?)?;
    ensure!(claims["items"] == json!([]), "{claims}");
    Ok(())
}

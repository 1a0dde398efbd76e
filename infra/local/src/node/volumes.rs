//! Volumes of the class `host-path`: folders of the instance that a pod may write to whatever its user. Those of the
//! controller manager's own provisioner belong to root, and are below the machine's /tmp.

use std::fmt::Debug;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use kube::api::{DeleteParams, PostParams, WatchEvent, WatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::time::sleep;

use super::parts::kubeconfig;
use super::status::{self, State};
use crate::instance::{API_SERVER, Instance};

const CLASS: &str = "host-path";
const PROVISIONER: &str = "roost.dev/host-path";
/// By this the controller manager knows that the volume is not for it to remove.
const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
const PERIOD: Duration = Duration::from_millis(100);
/// Before it is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Makes volumes for claims, and removes those that were released, as long as the node runs.
pub(super) async fn provide(instance: Instance) {
    while !has_api_server(&instance) {
        sleep(PERIOD).await;
    }
    loop {
        if let Err(error) = Box::pin(follow(&instance)).await {
            eprintln!("volumes cannot be provided, the next attempt follows: {error:#}");
            sleep(PAUSE).await;
        }
    }
}

fn has_api_server(instance: &Instance) -> bool {
    let parts = status::read(instance).unwrap_or_default().parts;
    parts.get(API_SERVER.name).is_some_and(|part| part.state == State::Healthy)
}

/// Until the API server ends a watch, which it does every few minutes.
async fn follow(instance: &Instance) -> anyhow::Result<()> {
    let kubeconfig = Kubeconfig::read_from(kubeconfig::for_part(instance, "volumes")?)?;
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    let client = Client::try_from(config)?;
    let folder = instance.state.join("volumes");
    tokio::select! {
        ended = follow_claims(&client, &folder) => ended,
        ended = follow_volumes(&client) => ended,
    }
}

async fn follow_claims(client: &Client, folder: &Path) -> anyhow::Result<()> {
    let mut claims = changes::<PersistentVolumeClaim>(client).await?;
    while let Some(claim) = claims.try_next().await? {
        if waits(&claim) {
            provision(client, folder, &claim).await?;
        }
    }
    Ok(())
}

async fn follow_volumes(client: &Client) -> anyhow::Result<()> {
    let mut volumes = changes::<PersistentVolume>(client).await?;
    while let Some(volume) = volumes.try_next().await? {
        if is_released(&volume) {
            remove(client, &volume).await?;
        }
    }
    Ok(())
}

/// What is there, and then whatever is added or changes.
async fn changes<K>(client: &Client) -> anyhow::Result<BoxStream<'static, anyhow::Result<K>>>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + 'static,
{
    // From "0", what is there comes first, as if it had just been added.
    let events = Api::<K>::all(client.clone()).watch(&WatchParams::default(), "0").await?;
    let changed = events.map_err(anyhow::Error::from).try_filter_map(async |event| match event {
        WatchEvent::Added(object) | WatchEvent::Modified(object) => Ok(Some(object)),
        WatchEvent::Error(status) => bail!("{}", status.message),
        WatchEvent::Deleted(_) | WatchEvent::Bookmark(_) => Ok(None),
    });
    Ok(changed.boxed())
}

fn waits(claim: &PersistentVolumeClaim) -> bool {
    let Some(spec) = &claim.spec else { return false };
    let is_folder = spec.volume_mode.as_deref().is_none_or(|mode| mode == "Filesystem");
    spec.storage_class_name.as_deref() == Some(CLASS) && spec.volume_name.is_none() && is_folder
}

fn is_released(volume: &PersistentVolume) -> bool {
    let phase = volume.status.as_ref().and_then(|status| status.phase.as_deref());
    let is_own = volume.annotations().get(PROVISIONED_BY).is_some_and(|by| by == PROVISIONER);
    is_own && phase == Some("Released") && volume.metadata.deletion_timestamp.is_none()
}

async fn provision(client: &Client, folder: &Path, claim: &PersistentVolumeClaim) -> anyhow::Result<()> {
    let uid = claim.uid().unwrap_or_default();
    let path = folder.join(&uid);
    fs::create_dir_all(&path)?;
    fs::set_permissions(&path, Permissions::from_mode(0o777))?;
    let volume = volume(claim, &uid, &path)?;
    match Api::all(client.clone()).create(&PostParams::default(), &volume).await {
        // A claim is seen several times before it is bound.
        Err(kube::Error::Api(status)) if status.is_already_exists() => Ok(()),
        created => Ok(created.map(drop)?),
    }
}

fn volume(claim: &PersistentVolumeClaim, uid: &str, path: &Path) -> anyhow::Result<PersistentVolume> {
    let spec = claim.spec.clone().unwrap_or_default();
    let requests = spec.resources.and_then(|resources| resources.requests).unwrap_or_default();
    Ok(serde_json::from_value(json!({
        "metadata": {"name": format!("pvc-{uid}"), "annotations": {PROVISIONED_BY: PROVISIONER}},
        "spec": {
            "accessModes": spec.access_modes,
            "capacity": {"storage": requests.get("storage")},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": claim.namespace(),
                "name": claim.name_any(),
                "uid": uid,
            },
            "hostPath": {"path": path},
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": CLASS,
        },
    }))?)
}

async fn remove(client: &Client, volume: &PersistentVolume) -> anyhow::Result<()> {
    let source = volume.spec.as_ref().and_then(|spec| spec.host_path.as_ref());
    if let Some(source) = source.filter(|source| Path::new(&source.path).exists()) {
        fs::remove_dir_all(&source.path)?;
    }
    let volumes: Api<PersistentVolume> = Api::all(client.clone());
    match volumes.delete(&volume.name_any(), &DeleteParams::default()).await {
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(()),
        deleted => Ok(deleted.map(drop)?),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use k8s_openapi::api::core::v1::PersistentVolumeClaim;
    use serde_json::{Value, json};

    use super::{is_released, volume, waits};

    fn claim(changes: &Value) -> PersistentVolumeClaim {
        let mut spec = json!({
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
            "storageClassName": "host-path",
        });
        for (name, change) in changes.as_object().into_iter().flatten() {
            spec[name] = change.clone();
        }
        serde_json::from_value(json!({"metadata": {"namespace": "user-a", "name": "data"}, "spec": spec})).unwrap()
    }

    #[test]
    fn only_unbound_claims_of_the_class_get_a_folder() {
        assert!(waits(&claim(&json!({}))));
        for other in [
            json!({"volumeName": "pvc-1"}),
            json!({"storageClassName": "fast"}),
            json!({"storageClassName": null}),
            json!({"volumeMode": "Block"}),
        ] {
            assert!(!waits(&claim(&other)), "{other}");
        }
    }

    #[test]
    fn a_volume_is_kept_for_its_claim_until_that_is_gone() {
        let mut volume = volume(&claim(&json!({})), "4711", Path::new("/volumes/4711")).unwrap();
        let spec = volume.spec.clone().unwrap();
        let kept_for = spec.claim_ref.unwrap();
        assert_eq!((kept_for.namespace.as_deref(), kept_for.uid.as_deref()), (Some("user-a"), Some("4711")));
        assert_eq!(spec.capacity.unwrap()["storage"].0, "1Gi");
        assert!(!is_released(&volume));
        volume.status = serde_json::from_value(json!({"phase": "Released"})).unwrap();
        assert!(is_released(&volume));
        volume.metadata.annotations = None;
        assert!(!is_released(&volume));
    }
}

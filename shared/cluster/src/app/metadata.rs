//! What is read of an App's metadata. `managedFields` are passed over: nobody looks at them, and they are several times
//! larger than all the rest of an App.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use serde::{Deserialize, Deserializer};

/// What tells an App from others, and one form of it from another.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Read {
    name: Option<String>,
    namespace: Option<String>,
    uid: Option<String>,
    resource_version: Option<String>,
    generation: Option<i64>,
    creation_timestamp: Option<Time>,
    deletion_timestamp: Option<Time>,
}

/// An App is written back as it was read only by way of its status, with which the API server takes no metadata.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ObjectMeta, D::Error> {
    let read = Read::deserialize(deserializer)?;
    Ok(ObjectMeta {
        name: read.name,
        namespace: read.namespace,
        uid: read.uid,
        resource_version: read.resource_version,
        generation: read.generation,
        creation_timestamp: read.creation_timestamp,
        deletion_timestamp: read.deletion_timestamp,
        ..ObjectMeta::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::app::App;

    #[test]
    fn what_tells_an_app_and_its_form_is_read_and_the_rest_is_not() {
        let managed = json!([{"manager": "roost", "operation": "Apply", "fieldsV1": {"f:spec": {"f:host": {}}}}]);
        let metadata = json!({
            "name": "shop", "namespace": "user-alice", "uid": "1f-2e", "resourceVersion": "7", "generation": 3,
            "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"a": "b"}, "managedFields": managed,
        });
        let spec = json!({"tenant": "alice", "project": "shop", "release": 1});
        let app: App = serde_json::from_value(json!({
            "apiVersion": "apps.roost.dev/v1alpha1", "kind": "App", "metadata": metadata.clone(), "spec": spec,
        }))
        .unwrap();
        let mut expected = metadata;
        expected.as_object_mut().unwrap().retain(|name, _| name != "labels" && name != "managedFields");
        assert_eq!(serde_json::to_value(&app.metadata).unwrap(), expected);
    }
}

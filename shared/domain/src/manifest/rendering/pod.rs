//! What the Pod Security level "restricted" demands of pods, where users left it out, and what Roost adds.

use serde_json::{Value, json};

use super::fields::{Fields, change, change_items, set, set_default};

/// The group that owns the files of volumes if the user names none. Any number but root's does, as long as it stays.
const VOLUME_GROUP: u32 = 1000;
/// The Secret by which nodes pull the tenant's own images.
const PULL_SECRET: &str = "roost-registry";
/// Volumes of drivers, which belong to root when they are new.
const CLAIMS: &[&str] = &["persistentVolumeClaim", "ephemeral"];

/// Renders the specification of pods.
pub(super) fn render(pod: &mut Fields, claims_by_template: bool) {
    set_default(pod, "automountServiceAccountToken", false);
    set_default(pod, "enableServiceLinks", false);
    set(pod, "imagePullSecrets", json!([{ "name": PULL_SECRET }]));
    let has_claims = claims_by_template || has_claims(pod);
    change(pod, &["securityContext"], |context| {
        set_default(context, "runAsNonRoot", true);
        set_default(context, "seccompProfile", json!({ "type": "RuntimeDefault" }));
        if has_claims {
            set_default(context, "fsGroup", VOLUME_GROUP);
        }
    });
    change_items(pod, "initContainers", confine);
    change_items(pod, "containers", confine);
}

fn has_claims(pod: &Fields) -> bool {
    let volumes = pod.get("volumes").and_then(Value::as_array).into_iter().flatten();
    volumes.flat_map(|volume| CLAIMS.iter().filter_map(|kind| volume.get(kind))).any(|claim| !claim.is_null())
}

fn confine(container: &mut Fields) {
    change(container, &["securityContext"], |context| {
        set_default(context, "allowPrivilegeEscalation", false);
        change(context, &["capabilities"], |capabilities| set(capabilities, "drop", vec!["ALL"]));
    });
}

//! Volumes of pods: what the namespace has, and room that ends with the pod.

use super::container::check_secret_name;
use super::fields::Fields;
use super::volume_claim;
use crate::artifact::Findings;
use crate::manifest::metadata;
use crate::manifest::node::{Node, Rule};

const HOST_PATH: Rule = Rule {
    code: "host-path",
    reason: "mounts a folder of the node",
    remedy: "Use a PersistentVolumeClaim, or an emptyDir for what may be lost.",
};

const TOKEN: Rule = Rule {
    code: "token-mount",
    reason: "gives the app a token or certificate of the cluster",
    remedy: "Remove it; apps run without access to Kubernetes.",
};

const VOLUME: Fields = Fields {
    allowed: &[
        "name",
        "emptyDir",
        "configMap",
        "secret",
        "persistentVolumeClaim",
        "downwardAPI",
        "projected",
        "ephemeral",
    ],
    refused: &[("hostPath", HOST_PATH)],
    otherwise: Rule {
        code: "volume-type",
        reason: "is a kind of volume that is mounted with the node's rights",
        remedy: "Use a PersistentVolumeClaim, or an emptyDir, configMap, secret, projected, downwardAPI or ephemeral.",
    },
    even_empty: true,
};

const PROJECTED: Fields =
    Fields { allowed: &["configMap", "secret", "downwardAPI"], refused: &[], otherwise: TOKEN, even_empty: true };

/// Checks the volumes of a pod.
pub(super) fn check(pod: &Node, findings: &mut Findings) {
    for volume in pod.items("volumes", findings) {
        VOLUME.check(&volume, findings);
        check_secret_name(volume.field("secret"), "secretName", findings);
        if let Some(projected) = volume.field("projected") {
            check_projected(&projected, findings);
        }
        if let Some(template) = volume.descend(&["ephemeral", "volumeClaimTemplate"]) {
            metadata::check(&template, findings);
            volume_claim::check(&template, findings);
        }
    }
}

fn check_projected(projected: &Node, findings: &mut Findings) {
    for source in projected.items("sources", findings) {
        PROJECTED.check(&source, findings);
        check_secret_name(source.field("secret"), "name", findings);
    }
}

//! The kinds of objects users may bring, and what to use instead of the others.

use serde_json::Value;

use super::node::Node;
use crate::artifact::quoted;
use crate::finding::Finding;

/// The kinds users may bring, in the order in which they are applied: what others need comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    ConfigMap,
    Secret,
    PersistentVolumeClaim,
    Service,
    Deployment,
    StatefulSet,
    CronJob,
    Job,
    HorizontalPodAutoscaler,
    PodDisruptionBudget,
}

const KINDS: &[(Kind, &str, &str)] = &[
    (Kind::ConfigMap, "v1", "ConfigMap"),
    (Kind::Secret, "v1", "Secret"),
    (Kind::PersistentVolumeClaim, "v1", "PersistentVolumeClaim"),
    (Kind::Service, "v1", "Service"),
    (Kind::Deployment, "apps/v1", "Deployment"),
    (Kind::StatefulSet, "apps/v1", "StatefulSet"),
    (Kind::CronJob, "batch/v1", "CronJob"),
    (Kind::Job, "batch/v1", "Job"),
    (Kind::HorizontalPodAutoscaler, "autoscaling/v2", "HorizontalPodAutoscaler"),
    (Kind::PodDisruptionBudget, "policy/v1", "PodDisruptionBudget"),
];

/// Kinds that would give an app an address, or take one from another app.
const ROUTES: &[&str] = &[
    "BackendTLSPolicy",
    "Gateway",
    "GatewayClass",
    "GRPCRoute",
    "HTTPRoute",
    "Ingress",
    "IngressClass",
    "IngressRoute",
    "IngressRouteTCP",
    "IngressRouteUDP",
    "Middleware",
    "ReferenceGrant",
    "Route",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
    "VirtualService",
];

const BY_HAND: &str = "Remove it; the endpoints of a Service follow from its `spec.selector`.";
const BY_PLATFORM: &str = "Remove it; Roost manages this for every user alike.";
const OTHERWISE: &str = "Remove it. Allowed are ConfigMap, Secret, PersistentVolumeClaim, Service, Deployment, \
                         StatefulSet, Job, CronJob, HorizontalPodAutoscaler and PodDisruptionBudget.";

const REMEDIES: &[(&str, &str)] = &[
    ("ClusterRole", BY_PLATFORM),
    ("ClusterRoleBinding", BY_PLATFORM),
    ("DaemonSet", "Use a Deployment; nodes are shared, and which there are is the platform's concern."),
    ("EndpointSlice", BY_HAND),
    ("Endpoints", BY_HAND),
    ("LimitRange", BY_PLATFORM),
    ("Namespace", "Remove it; the objects go to your own namespace."),
    ("NetworkPolicy", BY_PLATFORM),
    ("PersistentVolume", "Use a PersistentVolumeClaim; a volume is made for it."),
    ("Pod", "Use a Deployment; it starts the pod again when its node fails."),
    ("ReplicaSet", "Use a Deployment; it makes its ReplicaSets itself."),
    ("ReplicationController", "Use a Deployment."),
    ("ResourceQuota", BY_PLATFORM),
    ("Role", BY_PLATFORM),
    ("RoleBinding", BY_PLATFORM),
    ("ServiceAccount", "Remove it, and `serviceAccountName` where it is named; apps run without access to Kubernetes."),
];

/// The kinds of which an object goes when a release has it no more, each with its `apiVersion`. Claims stay: their
/// volumes hold what an app remembers.
pub fn pruned_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pruned = KINDS.iter().filter(|(kind, ..)| *kind != Kind::PersistentVolumeClaim);
    pruned.map(|(_, api_version, name)| (*api_version, *name))
}

impl Kind {
    /// The kind an object says it is of.
    pub(super) fn of(object: &Value) -> Option<Self> {
        let (api_version, kind) = (object.get("apiVersion")?.as_str()?, object.get("kind")?.as_str()?);
        KINDS.iter().find(|(_, version, name)| (*version, *name) == (api_version, kind)).map(|(kind, ..)| *kind)
    }

    /// The kind as Kubernetes writes it.
    pub(super) fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, _, name)| name)
    }

    /// Where the template of the pods is that an object of this kind makes.
    pub(super) fn pod_template(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Deployment | Self::StatefulSet | Self::Job => Some(&["spec", "template"]),
            Self::CronJob => Some(&["spec", "jobTemplate", "spec", "template"]),
            _ => None,
        }
    }

    /// Whether its pods run until they are replaced, and so can answer requests.
    pub(super) fn serves(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet)
    }
}

/// Why an object's kind is refused.
pub(super) fn refuse(object: &Node) -> Finding {
    let (Some(api_version), Some(kind)) = (object.text("apiVersion"), object.text("kind")) else {
        let remedy = "Begin each object with `apiVersion` and `kind`, each a text.";
        return object.finding("kind-missing", "This is not a Kubernetes object.".to_owned(), remedy);
    };
    let shown = format!("{} ({})", quoted(kind), quoted(api_version));
    let place = object.field("kind").unwrap_or_else(|| object.clone());
    if ROUTES.contains(&kind) {
        let remedy = "Remove it, and write `routing` in platform-config.yaml; the platform gives the app its address.";
        return place.finding("kind-routes", format!("{shown} is not allowed: addresses are the platform's."), remedy);
    }
    if let Some((_, version, _)) = KINDS.iter().find(|(_, _, name)| *name == kind) {
        let message = format!("{shown} is not allowed: {kind} is taken as `apiVersion: {version}` only.");
        return place.finding("api-version", message, "Correct `apiVersion`.");
    }
    let remedy = REMEDIES.iter().find(|(name, _)| *name == kind).map_or(OTHERWISE, |(_, remedy)| remedy);
    place.finding("kind-not-allowed", format!("{shown} is not allowed."), remedy)
}

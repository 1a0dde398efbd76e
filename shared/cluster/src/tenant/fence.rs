//! The fence: nothing in but from the gateway and the tenant itself, nothing out but to itself, names and the internet.

use k8s_openapi::api::networking::v1::NetworkPolicy;
use serde_json::json;

use super::TenantSpace;
use crate::ClusterError;

const NAME: &str = "roost-fence";

/// Where clusters, their neighbours and the machines' metadata live: not the internet
/// (RFC 1918, RFC 6598, RFC 3927).
const PRIVATE_V4: &[&str] = &["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/// The same of IPv6 (RFC 4193, RFC 4291).
const PRIVATE_V6: &[&str] = &["fc00::/7", "fe80::/10"];

impl TenantSpace {
    /// One policy holds all of it: policies add up, so a second one could only widen the first.
    pub(super) fn fence(&self) -> Result<NetworkPolicy, ClusterError> {
        let own = json!({"podSelector": {}});
        let gateway = json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "roost-system"}}});
        let names = json!({
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        });
        let spec = json!({
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": [own, gateway]}],
            "egress": [
                {"to": [own]},
                {"to": [names], "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]},
                {"to": [
                    {"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE_V4}},
                    {"ipBlock": {"cidr": "::/0", "except": PRIVATE_V6}},
                ]},
            ],
        });
        let spec = serde_json::from_value(spec).map_err(kube::Error::SerdeError);
        let spec = spec.map_err(ClusterError::during("write the network policy"))?;
        Ok(NetworkPolicy { metadata: self.metadata(NAME), spec: Some(spec) })
    }
}

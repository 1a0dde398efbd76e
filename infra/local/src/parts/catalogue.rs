//! What is built from Go modules, and how.

/// A program of one of the modules under `tools/`.
#[derive(Clone, Copy)]
pub(super) struct GoPart {
    pub(super) name: &'static str,
    /// Folder under `tools/` whose go.mod pins the versions.
    pub(super) module: &'static str,
    pub(super) package: &'static str,
    pub(super) variant: Variant,
    /// Building time on two cores with nothing in Go's cache, for the estimate of what remains.
    pub(super) cold_seconds: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Variant {
    Plain,
    /// Tells its version, which otherwise reads v0.0.0.
    KubernetesVersion,
    /// Static with C code: it filters system calls with libseccomp.
    Seccomp,
    /// Without the discovery of targets at some thirty providers, which would make half of the building time.
    KubernetesDiscoveryOnly,
}

const fn part(name: &'static str, module: &'static str, package: &'static str, cold_seconds: u64) -> GoPart {
    GoPart { name, module, package, variant: Variant::Plain, cold_seconds }
}

const fn kubernetes(name: &'static str, package: &'static str, cold_seconds: u64) -> GoPart {
    GoPart { name, module: "kubernetes", package, variant: Variant::KubernetesVersion, cold_seconds }
}

const CLIENTS: [GoPart; 2] =
    [kubernetes("kubectl", "k8s.io/kubernetes/cmd/kubectl", 24), part("helm", "helm", "helm.sh/helm/v4/cmd/helm", 101)];

/// The longest come first: what remains is then known early.
const CLUSTER: [GoPart; 20] = [
    kubernetes("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", 239),
    kubernetes("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager", 63),
    kubernetes("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler", 6),
    kubernetes("kubelet", "k8s.io/kubernetes/cmd/kubelet", 22),
    kubernetes("kube-proxy", "k8s.io/kubernetes/cmd/kube-proxy", 9),
    part("traefik", "traefik", "github.com/traefik/traefik/v3/cmd/traefik", 250),
    part("coredns", "coredns", "github.com/coredns/coredns", 113),
    GoPart {
        name: "prometheus",
        module: "prometheus",
        package: "github.com/prometheus/prometheus/cmd/prometheus",
        variant: Variant::KubernetesDiscoveryOnly,
        cold_seconds: 90,
    },
    part("buildkitd", "buildkit", "github.com/moby/buildkit/cmd/buildkitd", 77),
    part("buildctl", "buildkit", "github.com/moby/buildkit/cmd/buildctl", 4),
    part("registry", "registry", "github.com/distribution/distribution/v3/cmd/registry", 67),
    part("containerd", "containerd", "github.com/containerd/containerd/v2/cmd/containerd", 50),
    part("containerd-shim-runc-v2", "containerd", "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2", 3),
    part("ctr", "containerd", "github.com/containerd/containerd/v2/cmd/ctr", 3),
    part("etcd", "etcd", "go.etcd.io/etcd/server/v3", 30),
    GoPart {
        name: "runc",
        module: "runc",
        package: "github.com/opencontainers/runc",
        variant: Variant::Seccomp,
        cold_seconds: 12,
    },
    part("ptp", "cni", "github.com/containernetworking/plugins/plugins/main/ptp", 3),
    part("loopback", "cni", "github.com/containernetworking/plugins/plugins/main/loopback", 1),
    part("host-local", "cni", "github.com/containernetworking/plugins/plugins/ipam/host-local", 1),
    part("portmap", "cni", "github.com/containernetworking/plugins/plugins/meta/portmap", 1),
];

/// For a cluster of one's own.
pub(super) fn everything() -> Vec<GoPart> {
    CLUSTER.into_iter().chain(CLIENTS).collect()
}

/// For a cluster that is there.
pub(super) fn clients() -> Vec<GoPart> {
    CLIENTS.to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::everything;

    #[test]
    fn every_part_is_pinned_by_its_module() {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools");
        for part in everything() {
            let pins = std::fs::read_to_string(tools.join(part.module).join("tools.go")).unwrap();
            assert!(pins.contains(&format!("\"{}\"", part.package)), "{}", part.package);
        }
    }

    #[test]
    fn names_are_unique_since_one_folder_leads_to_all() {
        let parts = everything();
        assert_eq!(parts.iter().map(|part| part.name).collect::<BTreeSet<_>>().len(), parts.len());
    }
}

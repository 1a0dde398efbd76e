//! Which images users may name: those that anybody on the internet could pull.

use super::{ImageReference, ImageReferenceError};
use crate::finding::Finding;

/// What private networks and clusters end their names with.
const PRIVATE_ENDINGS: &[&str] =
    &["arpa", "cluster", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localhost", "svc"];

/// What users' images are judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRules {
    /// The platform's own registries, with or without a port. Users may name none of them: what they may use of it,
    /// they name by component.
    pub registry_names: Vec<String>,
}

/// Why users may not name an image.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ImageFault {
    /// It is no reference at all.
    #[error("{image:?} is not an image reference: {source}.")]
    Malformed {
        /// The image as written.
        image: String,
        /// What is wrong with it.
        source: ImageReferenceError,
    },
    /// It is in the platform's registry, however its name is written.
    #[error("{0:?} names the platform's own registry.")]
    PlatformRegistry(String),
    /// It is on a host that only a private network knows.
    #[error("{0:?} names a host that is not on the internet.")]
    PrivateHost(String),
}

impl ImageRules {
    /// Takes an image that is not the platform's and not on a private host.
    pub fn check(&self, image: &str) -> Result<ImageReference, ImageFault> {
        let shown = || image.chars().take(200).collect();
        let reference =
            ImageReference::parse(image).map_err(|source| ImageFault::Malformed { image: shown(), source })?;
        // A mirror that is told the registry in the path might go there.
        let first_part = reference.repository().split('/').next().unwrap_or_default();
        if self.is_platform(reference.registry()) || self.is_platform(first_part) && first_part.contains('.') {
            Err(ImageFault::PlatformRegistry(shown()))
        } else if is_private(host(reference.registry())) {
            Err(ImageFault::PrivateHost(shown()))
        } else {
            Ok(reference)
        }
    }

    /// Whether a registry is the platform's, with any port and as much of its name as a resolver completes:
    /// `registry.roost-system` and `registry.roost-system.svc.cluster.local` are one host in a cluster.
    fn is_platform(&self, registry: &str) -> bool {
        self.registry_names.iter().any(|own| {
            let (own, other) = (host(own).split('.'), host(registry).split('.'));
            own.zip(other).all(|(own, other)| own.eq_ignore_ascii_case(other))
        })
    }
}

impl ImageFault {
    /// Names the rule.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "image-malformed",
            Self::PlatformRegistry(_) => "image-platform-registry",
            Self::PrivateHost(_) => "image-private-host",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "Write `name:tag`, or `registry.example.com/name:tag`, in lower case.",
            Self::PlatformRegistry(_) => "Name a component of platform-config.yaml, or an image on a public registry.",
            Self::PrivateHost(_) => "Name an image on a public registry, by the registry's domain name.",
        }
    }
}

impl From<ImageFault> for Finding {
    fn from(fault: ImageFault) -> Self {
        Self::new(fault.code(), fault.to_string(), fault.remedy())
    }
}

fn host(registry: &str) -> &str {
    match registry.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => registry,
    }
}

/// Whether a host is an address, or has a name that the internet's DNS cannot know: top-level domains are letters, or
/// internationalised. Digits alone (`2130706433`, `127.1`, `0x7f.1`) are addresses to some resolvers.
fn is_private(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_top_level = last.bytes().all(|c| c.is_ascii_alphabetic()) || last.starts_with("xn--");
    !host.contains('.') || !is_top_level || PRIVATE_ENDINGS.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(image: &str) -> Option<&'static str> {
        let rules = ImageRules { registry_names: vec!["registry.roost-system.svc:5000".to_owned()] };
        rules.check(image).err().map(|fault| fault.code())
    }

    #[test]
    fn images_that_anybody_can_pull_are_taken() {
        let pinned = format!("postgres:16@sha256:{}", "ab".repeat(32));
        let images = ["nginx", "grafana/grafana:11.2.0", "ghcr.io/owner/app:v1", "quay.io:443/a/b", &pinned];
        let odd = ["registry.example.com/app", "registry/app", "registry.roost-system.example.com/app", "host/svc"];
        for image in images.into_iter().chain(odd) {
            assert_eq!(code(image), None, "{image}");
        }
    }

    #[test]
    fn the_platforms_registry_is_refused_however_it_is_written() {
        let images = [
            "registry.roost-system.svc:5000/alice---aaaaaaaaaa/shop/api",
            "registry.roost-system.svc/alice/shop/api:r1",
            "registry.roost-system.svc:5001/alice/shop/api",
            "REGISTRY.Roost-System.svc:5000/alice/shop/api",
            "registry.roost-system.svc.cluster.local:5000/alice/shop/api",
            "registry.roost-system.svc.cluster:5000/alice/shop/api",
            "registry.roost-system:5000/alice/shop/api",
            "registry:5000/alice/shop/api",
            "docker.io/registry.roost-system.svc/alice/shop/api",
            "ghcr.io/registry.roost-system.svc/alice/shop/api",
        ];
        for image in images {
            assert_eq!(code(image), Some("image-platform-registry"), "{image}");
        }
    }

    #[test]
    fn hosts_of_private_networks_are_refused() {
        let images = [
            "localhost/app",
            "localhost:5000/app",
            "LOCALHOST/app",
            "127.0.0.1:5000/app",
            "10.96.0.10:5000/app",
            "169.254.169.254/latest/meta-data",
            "[::1]:5000/app",
            "[fd00:ec2::254]/app",
            "2130706433:5000/app",
            "0x7f.1/app",
            "node1:5000/app",
            "Node/app",
            "mirror.roost-system:5000/library/nginx",
            "kubernetes.default.svc/app",
            "kubernetes.default.svc.cluster.local/app",
            "printer.local/app",
            "metadata.google.internal/app",
        ];
        for image in images {
            assert_eq!(code(image), Some("image-private-host"), "{image}");
        }
    }

    #[test]
    fn what_is_no_reference_is_explained() {
        for image in ["", "Nginx", "docker.io/registry.roost-system.svc:5000/app", "https://ghcr.io/app", "${IMAGE}"] {
            assert_eq!(code(image), Some("image-malformed"), "{image}");
        }
    }
}

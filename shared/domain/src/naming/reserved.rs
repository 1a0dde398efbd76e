//! Names nobody may sign up as, because they would pass for a part of the platform or of the cluster.

const WORDS: &[&str] = &[
    "admin",
    "administrator",
    "api",
    "apps",
    "auth",
    "aws",
    "billing",
    "builds",
    "console",
    "containerd",
    "coredns",
    "default",
    "docker",
    "eks",
    "etcd",
    "gateway",
    "help",
    "helm",
    "host",
    "infra",
    "ingress",
    "istio",
    "localhost",
    "login",
    "mail",
    "monitoring",
    "node",
    "operator",
    "owner",
    "platform",
    "prometheus",
    "public",
    "registry",
    "root",
    "security",
    "service",
    "status",
    "sudo",
    "superuser",
    "support",
    "system",
    "traefik",
    "waker",
    "www",
];

/// Whoever begins like one of these could be taken for it.
const PREFIXES: &[&str] = &["kube", "openshift", "roost", "cert-manager", "istio-", "aws-", "eks-", "system-"];

const SUFFIXES: &[&str] = &["-admin", "-system"];

/// Whether `label` is a reserved name, or looks like one when digits are read as letters (`adm1n`, `r00t`).
pub(super) fn is_reserved(label: &str) -> bool {
    readings(label).iter().any(|reading| {
        WORDS.contains(&reading.as_str())
            || PREFIXES.iter().any(|prefix| reading.starts_with(prefix))
            || SUFFIXES.iter().any(|suffix| reading.ends_with(suffix))
    })
}

/// The ways an eye may read `label`: as written, and with digits and joined letters as what they resemble.
fn readings(label: &str) -> [String; 3] {
    let read = |one: char| {
        let letters = label.chars().map(|c| match c {
            '0' => 'o',
            '1' => one,
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            '8' => 'b',
            other => other,
        });
        letters.collect::<String>().replace("rn", "m").replace("vv", "w")
    };
    [label.to_owned(), read('i'), read('l')]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_own_names_and_their_look_alikes_are_reserved() {
        for name in ["admin", "adm1n", "r00t", "kube-system", "kub3", "roost", "r0ost-builds", "adrnin", "site-admin"] {
            assert!(is_reserved(name), "{name}");
        }
    }

    #[test]
    fn peoples_names_are_free() {
        for name in ["alice", "bob7", "martha", "rooster0", "seb4stian", "apilar", "burns"] {
            assert_eq!(is_reserved(name), name.starts_with("roost"), "{name}");
        }
    }
}

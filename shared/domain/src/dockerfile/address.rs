//! Addresses that a build fetches from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{instruction::Instruction, variable::Variables};
use crate::{artifact::quoted, finding::Finding};

/// What private networks and clusters end their names with.
const PRIVATE_ENDINGS: &[&str] = &["internal", "local", "localhost", "svc"];

/// Reports each source of an `ADD` or `COPY` that is on the platform's own network: the clouds' metadata services,
/// which give credentials to whoever asks, and everything else that is not on the internet.
pub(super) fn check(instruction: &Instruction, variables: &Variables) -> Vec<Finding> {
    if !matches!(instruction.keyword.as_str(), "ADD" | "COPY") {
        return Vec::new();
    }
    let sources = instruction.words().into_iter().filter_map(|source| variables.expand(&source));
    let private = sources.filter(|source| host(source).is_some_and(is_private));
    private.map(|source| finding(&source)).collect()
}

fn finding(source: &str) -> Finding {
    let message = format!("`{}` is not on the internet.", quoted(source));
    Finding::new("dockerfile-private-address", message, "Put the file into the archive, or name a public address.")
}

/// The host of an address; a path has none.
fn host(source: &str) -> Option<&str> {
    let (scheme, rest) = source.split_once("://")?;
    if !["http", "https", "git"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    Some(match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split([']', '%']).next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    })
}

fn is_private(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(address)) => is_private_v4(address),
        Ok(IpAddr::V6(address)) => is_private_v6(address),
        Err(_) => is_private_name(host),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_carrier_grade = first == 100 && (64..128).contains(&second);
    let is_special = first == 0 || first >= 224 || (first, second, third) == (192, 0, 0);
    address.is_private() || address.is_loopback() || address.is_link_local() || is_carrier_grade || is_special
}

/// The internet is `2000::/3`: <https://www.iana.org/assignments/ipv6-unicast-address-assignments>.
fn is_private_v6(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xe000 != 0x2000
}

/// Names without a dot are of the local network; those that end in a number are addresses in disguise (`127.1`).
fn is_private_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.starts_with(|c: char| c.is_ascii_digit());
    !host.contains('.') || is_number || PRIVATE_ENDINGS.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_internet_is_told_from_the_platforms_network() {
        let public = ["example.com", "EXAMPLE.com.", "1.1.1.1", "2606:4700::1111", "svc.example.com"];
        for host in public {
            assert!(!is_private(host), "{host}");
        }
        let private = [
            "169.254.169.254",
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "0.0.0.0",
            "255.255.255.255",
            "::1",
            "fd00:ec2::254",
            "fe80::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2852039166",
            "0xa9fea9fe",
            "169.254.43518",
            "0251.0376.0251.0376",
            "localhost",
            "metadata",
            "metadata.google.internal",
            "metadata.google.internal.",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "",
        ];
        for host in private {
            assert!(is_private(host), "{host}");
        }
    }

    #[test]
    fn the_host_is_what_a_client_would_ask() {
        let cases = [
            ("http://example.com:80/x", Some("example.com")),
            ("HTTPS://u:p@example.com?x", Some("example.com")),
            ("http://example.com@169.254.169.254/", Some("169.254.169.254")),
            ("http://[fe80::1%25eth0]:80/", Some("fe80::1")),
            ("https://github.com/moby/buildkit.git#v1:docs", Some("github.com")),
            ("src/main.rs", None),
            ("/etc/http://x", None),
        ];
        for (source, expected) in cases {
            assert_eq!(host(source), expected, "{source}");
        }
    }
}

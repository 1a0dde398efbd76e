//! Rights that a step of a build cannot have.

use super::instruction::Instruction;
use crate::finding::Finding;

/// Reports what a `RUN` asks for beyond the ordinary.
pub(super) fn check(instruction: &Instruction) -> Vec<Finding> {
    if instruction.keyword != "RUN" {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if instruction.values("--security").any(|value| !value.eq_ignore_ascii_case("sandbox")) {
        findings.push(Finding::new(
            "dockerfile-insecure",
            "`RUN --security=insecure` asks for all rights on the machine that builds.",
            "Remove the option; builds run without privileges.",
        ));
    }
    if instruction.values("--network").any(|value| value.eq_ignore_ascii_case("host")) {
        findings.push(Finding::new(
            "dockerfile-host-network",
            "`RUN --network=host` asks for the network of the machine that builds.",
            "Remove the option; the internet can be reached without it.",
        ));
    }
    findings.extend(instruction.mounts().flatten().filter_map(|(name, value)| check_mount(&name, value)));
    findings
}

fn check_mount(name: &str, value: &str) -> Option<Finding> {
    match (name, value.to_ascii_lowercase().as_str()) {
        ("type", "ssh") => Some(Finding::new(
            "dockerfile-ssh-mount",
            "`RUN --mount=type=ssh` asks for an SSH agent, and no build has one.",
            "Put what it would fetch into the archive, or fetch it over HTTPS.",
        )),
        ("type", "secret") => Some(Finding::new(
            "dockerfile-secret-mount",
            "`RUN --mount=type=secret` asks for a secret, and builds are given none.",
            "Read the secret when the program runs, from a Secret among the objects.",
        )),
        _ => None,
    }
}

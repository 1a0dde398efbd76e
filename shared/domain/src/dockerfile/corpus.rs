//! Dockerfiles that are refused, each with the code that says why, and Dockerfiles that are taken.

use super::check;
use crate::{artifact::EntryPath, finding::Finding, image::ImageRules};

fn findings(text: &[u8]) -> Vec<Finding> {
    let rules = ImageRules { registry_names: vec!["registry.roost-system.svc:5000".to_owned()] };
    check(&EntryPath::parse("api/Dockerfile").unwrap(), text, &rules)
}

/// What it is, the Dockerfile, and the code and line of the fault.
const REFUSED: &[(&str, &str, &str, u32)] = &[
    ("all rights", "FROM a\nRUN --security=insecure mount", "dockerfile-insecure", 2),
    ("all rights over two lines", "FROM a\nRUN \\\n  --security=insecure \\\n  mount", "dockerfile-insecure", 2),
    ("all rights in quotes", "FROM a\nrun --security=\"insecure\" x", "dockerfile-insecure", 2),
    ("all rights in whoever builds on it", "FROM a\nONBUILD RUN --security=insecure x", "dockerfile-insecure", 2),
    ("all rights behind another option", "FROM a\nRUN --network=none --security=insecure x", "dockerfile-insecure", 2),
    ("all rights after a text", "FROM a\nRUN <<E\nx\nE\nRUN --security=insecure x", "dockerfile-insecure", 5),
    ("all rights behind another escape", "# escape=`\nFROM a\nRUN `\n--security=insecure x", "dockerfile-insecure", 3),
    ("the host's network", "FROM a\nRUN --network=host curl x", "dockerfile-host-network", 2),
    ("an SSH agent", "FROM a\nRUN --mount=type=ssh git clone x", "dockerfile-ssh-mount", 2),
    ("an SSH agent, type last", "FROM a\nRUN --mount=id=x,type=ssh git clone x", "dockerfile-ssh-mount", 2),
    ("a secret", "FROM a\nRUN --mount=type=secret,id=t x", "dockerfile-secret-mount", 2),
    (
        "a secret as the second mount",
        "FROM a\nRUN --mount=type=cache,target=/c --mount=type=secret,id=t x",
        "dockerfile-secret-mount",
        2,
    ),
    ("the platform's registry", "FROM registry.roost-system.svc:5000/bob/shop/api", "image-platform-registry", 1),
    (
        "the registry with a platform",
        "FROM --platform=linux/amd64 registry.roost-system.svc:5000/x AS y",
        "image-platform-registry",
        1,
    ),
    (
        "the registry by its long name",
        "FROM registry.roost-system.svc.cluster.local:5000/x",
        "image-platform-registry",
        1,
    ),
    (
        "the registry by variables",
        "ARG R=registry.roost-system.svc\nARG I=${R}:5000/bob/x\nFROM $I",
        "image-platform-registry",
        3,
    ),
    ("the registry by a default", "FROM ${I:-registry.roost-system.svc:5000/x}", "image-platform-registry", 1),
    (
        "the registry to copy from",
        "FROM a\nCOPY --from=registry.roost-system.svc:5000/bob/x / /",
        "image-platform-registry",
        2,
    ),
    (
        "the registry to mount from",
        "FROM a\nRUN --mount=type=bind,from=registry.roost-system.svc:5000/bob/x,target=/x ls",
        "image-platform-registry",
        2,
    ),
    ("a stage that comes later", "FROM a\nCOPY --from=10.0.0.1/b / /\nFROM c AS b", "image-private-host", 2),
    ("a private registry", "FROM 10.0.0.1:5000/x", "image-private-host", 1),
    ("no image", "FROM Nginx", "image-malformed", 1),
    (
        "the metadata service",
        "FROM a\nADD http://169.254.169.254/latest/meta-data/ /x",
        "dockerfile-private-address",
        2,
    ),
    (
        "the metadata service in a list",
        "FROM a\nADD [\"http://169.254.169.254/x\", \"/x\"]",
        "dockerfile-private-address",
        2,
    ),
    (
        "the metadata service by name",
        "FROM a\nADD --checksum=sha256:0 https://metadata.google.internal/x /x",
        "dockerfile-private-address",
        2,
    ),
    (
        "the metadata service by a variable",
        "FROM a\nARG H=169.254.169.254\nADD http://$H/x /x",
        "dockerfile-private-address",
        3,
    ),
    (
        "the metadata service behind a name",
        "FROM a\nADD http://example.com@169.254.169.254/ /x",
        "dockerfile-private-address",
        2,
    ),
    ("a repository in the cluster", "FROM a\nADD http://git.tools.svc/x.git /x", "dockerfile-private-address", 2),
    ("the node", "FROM a\nADD http://[::1]:10250/pods /x", "dockerfile-private-address", 2),
];

#[test]
fn what_a_build_cannot_have_is_refused_with_its_code_and_line() {
    for (what, text, code, line) in REFUSED {
        let findings = findings(text.as_bytes());
        assert_eq!(findings.len(), 1, "{what}: {findings:?}");
        assert_eq!((findings[0].code.as_ref(), findings[0].line), (*code, Some(*line)), "{what}");
        assert_eq!(findings[0].file.as_deref(), Some("api/Dockerfile"), "{what}");
    }
}

#[test]
fn what_is_no_dockerfile_is_refused_with_its_code() {
    let long = format!("FROM a\n# {}", "x".repeat(1 << 20));
    let cases: [(&str, &[u8], &str); 6] = [
        ("nothing", b"", "dockerfile-without-from"),
        ("comments only", b"# FROM a\n", "dockerfile-without-from"),
        ("a slip", b"FORM a\n", "dockerfile-without-from"),
        ("a FROM inside a text", b"RUN <<E\nFROM a\nE\n", "dockerfile-without-from"),
        ("not UTF-8", b"FROM a\nLABEL x=\xff\n", "dockerfile-not-utf8"),
        ("too large", long.as_bytes(), "dockerfile-too-large"),
    ];
    for (what, text, code) in cases {
        let findings = findings(text);
        assert_eq!(findings.iter().map(|finding| finding.code.as_ref()).collect::<Vec<_>>(), [code], "{what}");
    }
    assert_eq!(findings(b"FROM a\nLABEL x=\xff\n")[0].line, Some(2));
}

#[test]
fn ordinary_dockerfiles_are_taken() {
    let cases = [
        ("one stage", "FROM nginx:1.27-alpine\nCOPY dist/ /usr/share/nginx/html/\nEXPOSE 8080\n"),
        (
            "two stages",
            "FROM rust:1.95 AS Build\nRUN cargo build\nFROM scratch\nCOPY --from=build /app /app\nCOPY --from=0 /x /x\n",
        ),
        ("a stage on a stage", "FROM node:24 AS deps\nFROM deps AS test\nRUN --mount=from=deps,target=/d ls /d\n"),
        ("a cache", "FROM node:24\nRUN --mount=type=cache,target=/npm-cache --network=none npm ci\n"),
        ("another front end, which is not used", "# syntax=docker/dockerfile:1\nFROM a\n"),
        ("variables", "ARG VERSION=24\nFROM node:${VERSION}-slim\nARG VERSION\nENV V=$VERSION\n"),
        (
            "a variable that only the builder knows",
            "FROM --platform=$BUILDPLATFORM golang AS b\nADD http://$HOST/x /x\n",
        ),
        ("a public address", "FROM a\nADD https://example.com/x.tar.gz /x/\nADD https://github.com/a/b.git#v1 /b\n"),
        (
            "forbidden words in a command",
            "FROM a\nRUN echo --security=insecure --mount=type=ssh http://169.254.169.254\n",
        ),
        ("forbidden words in a text", "FROM a\nCOPY <<E /x\nRUN --security=insecure x\nE\n"),
        ("forbidden words in a comment", "FROM a\nRUN x \\\n# --security=insecure\n y\n"),
        ("a sandbox by name", "FROM a\nRUN --security=sandbox x\n"),
    ];
    for (what, text) in cases {
        assert_eq!(findings(text.as_bytes()), [], "{what}");
    }
}

#[test]
fn everything_wrong_is_reported_together() {
    let text =
        b"FROM localhost/x\nRUN --security=insecure --network=host --mount=type=ssh x\nADD http://10.0.0.1/ /x\n";
    let found: Vec<_> = findings(text).into_iter().map(|finding| (finding.line.unwrap(), finding.code)).collect();
    let found: Vec<_> = found.iter().map(|(line, code)| (*line, code.as_ref())).collect();
    let expected = [
        (1, "image-private-host"),
        (2, "dockerfile-insecure"),
        (2, "dockerfile-host-network"),
        (2, "dockerfile-ssh-mount"),
        (3, "dockerfile-private-address"),
    ];
    assert_eq!(found, expected);
}

//! Containers: their ports, environment, probes and hooks.

use super::fields::{Fields, only, unknown};
use super::security_context;
use crate::artifact::Findings;
use crate::manifest::metadata::names;
use crate::manifest::node::{Node, Rule};

const CONTAINER: Fields = Fields {
    allowed: &[
        "name",
        "image",
        "imagePullPolicy",
        "command",
        "args",
        "workingDir",
        "ports",
        "env",
        "envFrom",
        "resources",
        "resizePolicy",
        "restartPolicy",
        "volumeMounts",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle",
        "securityContext",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "stdin",
        "stdinOnce",
        "tty",
    ],
    refused: &[(
        "volumeDevices",
        Rule {
            code: "devices",
            reason: "gives the container a device of the node",
            remedy: "Use `volumeMounts`; volumes are file systems.",
        },
    )],
    otherwise: unknown("is not a field of a container that is allowed"),
    even_empty: false,
};

const HOST_PORT: Rule = Rule {
    code: "host-port",
    reason: "takes a port of the node",
    remedy: "Remove it; the container is reached by a Service.",
};

const PORT: Fields = Fields {
    allowed: &["name", "containerPort", "protocol"],
    refused: &[("hostPort", HOST_PORT), ("hostIP", HOST_PORT)],
    otherwise: unknown("is not a field of a port"),
    even_empty: false,
};

const PULL_POLICY: Rule = Rule {
    code: "pull-policy",
    reason: "would run only what a node happens to have",
    remedy: "Remove it; the platform pulls what is needed.",
};

/// The kubelet makes these calls, from the node, where no network policy holds.
const PROBE_HOST: Rule = Rule {
    code: "probe-host",
    reason: "sends the probe or hook to another host",
    remedy: "Remove it; probes and hooks are for the pod itself.",
};

const PLATFORM_SECRET: Rule = Rule {
    code: "secret-of-the-platform",
    reason: "names a Secret of the platform",
    remedy: "Name a Secret of your own.",
};

const PROBES_AND_HOOKS: &[&[&str]] = &[
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

/// Checks one container.
pub(super) fn check(container: &Node, findings: &mut Findings) {
    CONTAINER.check(container, findings);
    only(container, "imagePullPolicy", &["", "Always", "IfNotPresent"], &PULL_POLICY, findings);
    container.items("ports", findings).iter().for_each(|port| PORT.check(port, findings));
    check_environment(container, findings);
    check_hosts(container, findings);
    security_context::check_container(container, findings);
}

/// Refuses the name of a Secret of the platform: `name` is where the field holds it.
pub(super) fn check_secret_name(reference: Option<Node>, name: &str, findings: &mut Findings) {
    if let Some(reference) = reference
        && reference.text(name).is_some_and(names::is_platforms)
    {
        findings.push(reference.refuse(&PLATFORM_SECRET));
    }
}

fn check_environment(container: &Node, findings: &mut Findings) {
    for variable in container.items("env", findings) {
        check_secret_name(variable.descend(&["valueFrom", "secretKeyRef"]), "name", findings);
    }
    for source in container.items("envFrom", findings) {
        check_secret_name(source.field("secretRef"), "name", findings);
    }
}

fn check_hosts(container: &Node, findings: &mut Findings) {
    let handlers = PROBES_AND_HOOKS.iter().filter_map(|path| container.descend(path));
    for handler in handlers {
        let hosts = ["httpGet", "tcpSocket"].iter().filter_map(|kind| handler.descend(&[kind, "host"]));
        hosts.filter(Node::is_set).for_each(|host| findings.push(host.refuse(&PROBE_HOST)));
    }
}

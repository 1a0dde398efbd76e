//! The containers of a build Job: fetch and build, side by side; and a daemon where the build has one of its own.

use k8s_openapi::api::core::v1::{
    Capabilities, Container, EnvVar, ExecAction, Probe, SeccompProfile, SecurityContext, VolumeMount,
};
use roost_domain::build::Builder;

use super::BuildSettings;
use super::volumes::{
    CACHE, CACHE_FOLDER, CERTIFICATES, CERTIFICATES_FOLDER, CONFIGURATION, CONFIGURATION_FOLDER, GROUP, ORDER,
    ORDER_FOLDER, REGISTRY, REGISTRY_FOLDER, SOCKET, SOCKET_FOLDER, TEMPORARY, TEMPORARY_FOLDER, WORKSPACE,
    WORKSPACE_FOLDER, mount, mount_to_read,
};

/// The container whose output is the build's log.
pub(super) const BUILD: &str = "build";
const FETCH: &str = "fetch";
const SHARED_ADDRESS: &str = "tcp://buildkitd.roost-builds.svc:1234";

/// Fetches and checks the archive; it never sees the right to push.
pub(super) fn fetch(builder: Builder, settings: &BuildSettings) -> Container {
    own(FETCH, builder, settings, Vec::new())
}

/// Builds, pushes and reports.
pub(super) fn build(builder: Builder, settings: &BuildSettings) -> Container {
    let reach_builder = match builder {
        Builder::Shared => mount_to_read(CERTIFICATES, CERTIFICATES_FOLDER),
        Builder::Isolated => mount(SOCKET, SOCKET_FOLDER),
    };
    own(BUILD, builder, settings, vec![mount_to_read(REGISTRY, REGISTRY_FOLDER), reach_builder])
}

/// A daemon that ends with the pod.
pub(super) fn daemon(settings: &BuildSettings) -> Container {
    let address = address(Builder::Isolated);
    let arguments = ["--config", "/etc/buildkit/buildkitd.toml", "--addr", &address, "--group", &GROUP.to_string()];
    let check = ["buildctl", "--addr", &address, "debug", "workers"].map(str::to_owned).to_vec();
    Container {
        name: "buildkitd".to_owned(),
        image: Some(settings.builder_image.clone()),
        image_pull_policy: Some(settings.image_pull_policy.clone()),
        args: Some(arguments.map(str::to_owned).to_vec()),
        // This makes an init container one that goes on beside the others.
        restart_policy: Some("Always".to_owned()),
        startup_probe: Some(Probe {
            exec: Some(ExecAction { command: Some(check) }),
            period_seconds: Some(1),
            failure_threshold: Some(60),
            timeout_seconds: Some(5),
            ..Probe::default()
        }),
        resources: Some(settings.builder_resources.clone()),
        // It mounts file systems and makes namespaces for build steps.
        security_context: Some(SecurityContext {
            privileged: Some(true),
            run_as_user: Some(0),
            run_as_non_root: Some(false),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(vec![
            mount(SOCKET, SOCKET_FOLDER),
            mount(CACHE, CACHE_FOLDER),
            mount(TEMPORARY, TEMPORARY_FOLDER),
            mount_to_read(CONFIGURATION, CONFIGURATION_FOLDER),
        ]),
        ..Container::default()
    }
}

fn own(role: &str, builder: Builder, settings: &BuildSettings, further: Vec<VolumeMount>) -> Container {
    let mut mounts = vec![mount_to_read(ORDER, ORDER_FOLDER), mount(WORKSPACE, WORKSPACE_FOLDER)];
    mounts.extend(further);
    Container {
        name: role.to_owned(),
        image: Some(settings.image.clone()),
        image_pull_policy: Some(settings.image_pull_policy.clone()),
        args: Some(vec![role.to_owned()]),
        env: Some(environment(builder)),
        resources: Some(settings.resources.clone()),
        security_context: Some(restricted()),
        volume_mounts: Some(mounts),
        ..Container::default()
    }
}

/// What functions/build/src/settings.rs reads, and where buildctl finds the right to push.
fn environment(builder: Builder) -> Vec<EnvVar> {
    let mut variables = vec![
        ("ROOST_ORDER", format!("{ORDER_FOLDER}/order.json")),
        ("ROOST_WORKSPACE", WORKSPACE_FOLDER.to_owned()),
        ("ROOST_BUILDER_ADDRESS", address(builder)),
        ("DOCKER_CONFIG", REGISTRY_FOLDER.to_owned()),
        ("HOME", WORKSPACE_FOLDER.to_owned()),
        ("TMPDIR", WORKSPACE_FOLDER.to_owned()),
    ];
    if builder == Builder::Shared {
        variables.push(("ROOST_BUILDER_CERTIFICATES", CERTIFICATES_FOLDER.to_owned()));
    }
    let variable =
        |(name, value): (&str, String)| EnvVar { name: name.to_owned(), value: Some(value), value_from: None };
    variables.into_iter().map(variable).collect()
}

fn address(builder: Builder) -> String {
    match builder {
        Builder::Shared => SHARED_ADDRESS.to_owned(),
        Builder::Isolated => format!("unix://{SOCKET_FOLDER}/buildkitd.sock"),
    }
}

fn restricted() -> SecurityContext {
    SecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(GROUP),
        run_as_group: Some(GROUP),
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(true),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
        ..SecurityContext::default()
    }
}

//! Where builds run privileged pods are allowed: the functions make no others than builds.

use anyhow::{Context, Result};
use roost_cluster::build::{BuildJobs, WantedBuild, job};
use roost_domain::build::Builder;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::ReleaseNumber;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::functions_identity::functions_identity;
use roost_tests::running_platform::RunningPlatform;
use serde_json::{Value, json};

const NAMESPACE: &str = "roost-builds";
const JOBS: &str = "/apis/batch/v1/namespaces/roost-builds/jobs";
const POLICY: &str = "roost-provisioner-builds";
const POD: &str = "/spec/template/spec";
const DAEMON: &str = "/spec/template/spec/initContainers/0";
const FETCH: &str = "/spec/template/spec/containers/0";

async fn real_job(platform: &RunningPlatform, builder: Builder) -> Result<Value> {
    let wanted = WantedBuild {
        tenant: TenantId::parse("confined")?,
        project: ProjectName::parse("shop")?,
        release: ReleaseNumber::new(1).context("1 is a number")?,
        attempt: 1,
        builder,
        limit_seconds: 60,
    };
    let settings = BuildJobs::new(platform.cluster.clone()).settings().await?;
    Ok(serde_json::to_value(job(&wanted, &settings))?)
}

/// The rule that refuses it, and the change: where, of which field, to what.
fn changes() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let (node, others) = ("nothing of its node and no identity", "only the builder is privileged");
    let (builder, mounts) = ("as the chart configures it", "A build mounts only what is its own");
    let program = || json!({"exec": {"command": ["sh"]}});
    let with_capability = json!({"runAsNonRoot": true, "allowPrivilegeEscalation": false,
        "capabilities": {"add": ["SYS_ADMIN"]}});
    vec![
        ("only the Jobs build-*", "/metadata", "name", json!("miner")),
        (node, POD, "hostNetwork", json!(true)),
        (node, POD, "hostPID", json!(true)),
        (node, POD, "serviceAccountName", json!("buildkitd")),
        (node, POD, "automountServiceAccountToken", json!(true)),
        (mounts, "/spec/template/spec/volumes/0", "secret", json!({"secretName": "buildkitd-tls"})),
        (mounts, POD, "volumes", volumes_with_the_node()),
        (others, FETCH, "image", json!("docker.io/library/busybox:1")),
        (others, FETCH, "securityContext", json!({"runAsNonRoot": false})),
        (others, FETCH, "securityContext", with_capability),
        (builder, FETCH, "securityContext", json!({"privileged": true})),
        (builder, DAEMON, "image", json!("docker.io/library/busybox:1")),
        (builder, DAEMON, "command", json!(["sh"])),
        (builder, DAEMON, "args", json!(["--oci-worker-binary", "/run/buildkit/own"])),
        (builder, DAEMON, "env", json!([{"name": "LD_PRELOAD", "value": "/run/buildkit/own"}])),
        (builder, DAEMON, "lifecycle", json!({"postStart": program()})),
        (builder, DAEMON, "startupProbe", program()),
        (builder, DAEMON, "livenessProbe", program()),
        (builder, DAEMON, "volumeMounts", json!([{"name": "order", "mountPath": "/etc/buildkit"}])),
        (builder, DAEMON, "volumeMounts", json!([{"name": "socket", "mountPath": "/usr/bin"}])),
    ]
}

/// Everything that a build mounts, and in place of its order the node.
fn volumes_with_the_node() -> Value {
    let own = ["workspace", "registry", "socket", "cache", "temporary", "configuration"];
    let own = own.iter().map(|name| json!({"name": name, "emptyDir": {}}));
    [json!({"name": "order", "hostPath": {"path": "/"}})].into_iter().chain(own).collect()
}

#[tokio::test]
async fn builds_are_made_and_no_other_jobs() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let functions = functions_identity(&platform, NAMESPACE).await?;
    for builder in [Builder::Shared, Builder::Isolated] {
        let real = real_job(&platform, builder).await?;
        let answer = functions.ask("POST", &format!("{JOBS}?dryRun=All"), Some(&real)).await?;
        assert_eq!(answer.code, 200, "{builder:?}: {}", answer.message);
    }
    let real = real_job(&platform, Builder::Isolated).await?;
    let attempt = |(rule, place, field, value): (_, &str, &str, Value)| {
        let mut changed = real.clone();
        changed.pointer_mut(place).with_context(|| format!("a build has no {place}"))?[field] = value;
        Ok(Attempt::stopped_by(Barrier::Policy(POLICY, rule), "POST", JOBS).with(changed).rehearsed())
    };
    let attempts: Result<Vec<_>> = changes().into_iter().map(attempt).collect();
    all_are_refused(&functions, &attempts?).await
}

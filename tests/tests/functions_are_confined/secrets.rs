//! The functions write the Secrets that are Roost's; tenants' and the platform's own stay out of their reach.

use anyhow::Result;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::functions_identity::functions_identity;
use roost_tests::manifests::{merged, secret};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const POLICY: &str = "roost-provisioner-secrets";
const BUILD_SECRET: &str = "build-aaaaaaaaaaaaaaaaaaaa-io";

fn of_type(name: &str, kind: &str) -> Value {
    merged(&secret(name), &json!({"type": kind}))
}

fn attempts(tenants: &str) -> Vec<Attempt> {
    let builds: &str = &format!("/{CORE}/namespaces/roost-builds/secrets");
    let platforms: &str = &format!("/{CORE}/namespaces/roost-system/secrets");
    let rows = [
        (POLICY, "touches only the Secrets roost-registry and", tenants, secret("database")),
        (POLICY, "touches only the Secrets roost-registry and", tenants, secret(BUILD_SECRET)),
        (POLICY, "Roost's others are Opaque", tenants, secret("roost-registry")),
        (POLICY, "Roost's others are Opaque", tenants, of_type("roost-credential-2", "example.com/other")),
        (POLICY, "touches only the Secrets of a build", builds, secret("buildkitd-tls")),
        (POLICY, "touches only the Secrets of a build", builds, secret("build-a-io")),
        ("roost-provisioner-place", "acts only in namespaces named user-*", platforms, secret("roost-credential-2")),
    ];
    let attempt = |(policy, rule, path, body): (_, _, &str, _)| {
        Attempt::stopped_by(Barrier::Policy(policy, rule), "POST", path).with(body).rehearsed()
    };
    rows.into_iter().map(attempt).collect()
}

#[tokio::test]
async fn roosts_own_secrets_are_written_and_no_others() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "secretive").await?;
    let functions = functions_identity(&platform, &owner.namespace).await?;
    let path = functions.path(CORE, "secrets");
    let registry = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "roost-registry"},
        "type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": "{}"},
    });
    let builds = format!("/{CORE}/namespaces/roost-builds/secrets");
    for (path, own) in [(&path, registry), (&path, secret("roost-credential-2")), (&builds, secret(BUILD_SECRET))] {
        let answer = functions.ask("POST", &format!("{path}?dryRun=All"), Some(&own)).await?;
        assert_eq!(answer.code, 200, "{own}: {}", answer.message);
    }
    all_are_refused(&functions, &attempts(&path)).await
}

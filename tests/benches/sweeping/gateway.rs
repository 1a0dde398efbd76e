//! Another pod of the gateway, as far as Prometheus and the sweep can see: it counts requests for very many apps.

use anyhow::Result;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::PostParams;
use roost_tests::manifests::{container, merged, pod, pod_spec};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::until;
use serde_json::json;

const NAME: &str = "gateway-of-the-crowd";
const SYSTEM: &str = "roost-system";

/// Counts requests of the first apps of a crowd, by the names that they have there.
pub(crate) async fn count_requests_of(platform: &RunningPlatform, apps: usize) -> Result<()> {
    let serve = format!("cd /dev/shm && {} > metrics && exec httpd -f -p 9100", metrics(apps));
    let container = container(&json!({
        "image": "docker.io/library/busybox:1.35",
        "command": ["sh", "-c", serve],
        "ports": [{"name": "metrics", "containerPort": 9100}],
    }));
    let labels = json!({"app.kubernetes.io/name": "roost", "app.kubernetes.io/component": "gateway"});
    let object = pod(NAME, &pod_spec(&json!({"containers": [container], "terminationGracePeriodSeconds": 0})));
    let object = merged(&object, &json!({"metadata": {"labels": labels}}));
    let pods: Api<Pod> = Api::namespaced(platform.cluster.clone(), SYSTEM);
    pods.create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    until::some("the gateway of the crowd", || async {
        let phase = pods.get(NAME).await?.status.and_then(|status| status.phase);
        Ok((phase.as_deref() == Some("Running")).then_some(()))
    })
    .await
}

/// A program that writes what a gateway's replica says of so many routes.
fn metrics(apps: usize) -> String {
    // Of a route that is at rest both counters are the same.
    format!(
        r#"awk 'BEGIN {{
            print "process_start_time_seconds 1780000000";
            print "traefik_entrypoint_requests_tls_total{{entrypoint=\"websecure\"}} 100000";
            for (app = 0; app < {apps}; app++) {{
                router = sprintf("httproute-user-crowd-%03d-roost-app-%03d-gw-roost-system-roost-ep-websecure-0-0f@kubernetesgateway", int(app / 1000), app % 1000);
                printf "traefik_router_requests_tls_total{{code=\"200\",method=\"GET\",router=\"%s\"}} 7\n", router;
                printf "traefik_router_requests_total{{code=\"200\",method=\"GET\",router=\"%s\"}} 7\n", router;
            }}
        }}'"#
    )
}

//! Requests to an app that is awake, beside requests to the same pods by a route that somebody wrote by hand.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use kube::Api;
use kube::api::PostParams;
use kube::core::{ApiResource, DynamicObject, GroupVersionKind};
use reqwest::Method;
use roost_domain::app::Phase;
use roost_tests::report::{Report, quantile_of};
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::sleeping_app::{PROJECT, Pod, SleepingApp};
use roost_tests::visitor::Visitor;
use serde_json::{Value, json};

const REQUESTS: usize = 3_000;
const WARM_UP: usize = 200;
const LIMIT: Duration = Duration::from_secs(55);

pub(crate) async fn measure(platform: &RunningPlatform, report: &mut Report) -> Result<()> {
    let app = SleepingApp::with_pod(platform, "busy", &Pod::smallest()).await?;
    app.visitor.request(Method::GET, "/").timeout(LIMIT).send().await?;
    app.comes_to(Phase::Awake).await?;
    app.is_routed().await?;
    let beside = route_by_hand(&app).await?;
    beside.sees("/", "awake").await?;
    let (mut awake, mut alone) = (Vec::new(), Vec::new());
    for number in 0..REQUESTS + WARM_UP {
        let both = (ask(&app.visitor).await?, ask(&beside).await?);
        if number >= WARM_UP {
            awake.push(both.0);
            alone.push(both.1);
        }
    }
    for (what, values) in [("an app that is awake", &awake), ("the gateway alone", &alone)] {
        let (half, most) = (quantile_of(values, 0.5), quantile_of(values, 0.99));
        report.add(format!("{what}: p50 / p99"), format!("{half:.2} / {most:.2} ms"), "");
    }
    let ratio = quantile_of(&awake, 0.5) / quantile_of(&alone, 0.5);
    report.add("awake to gateway alone, of the medians", format!("{ratio:.3}"), "no difference: 1");
    Ok(())
}

/// In milliseconds.
async fn ask(visitor: &Visitor) -> Result<f64> {
    let began = Instant::now();
    let answer = visitor.request(Method::GET, "/").send().await?;
    ensure!(answer.status().is_success(), "{answer:?}");
    answer.bytes().await?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

async fn route_by_hand(app: &SleepingApp) -> Result<Visitor> {
    let host = format!("by-hand.{}", variable("ROOST_BASE_DOMAIN")?);
    let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "HTTPRoute"));
    let routes: Api<DynamicObject> = Api::namespaced_with(app.cluster.clone(), &app.namespace, &kind);
    routes.create(&PostParams::default(), &serde_json::from_value(route(&host))?).await?;
    Visitor::of_host(&host)
}

fn route(host: &str) -> Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "by-hand"},
        "spec": {
            "parentRefs": [{"name": "roost", "namespace": "roost-system", "sectionName": "https"}],
            "hostnames": [host],
            "rules": [{"backendRefs": [{"name": PROJECT, "port": 80}]}],
        },
    })
}

//! What a managed cluster brings by itself, and the types of the Gateway API.

use std::fs;

use data_encoding::BASE64;

use super::kubectl::{apply, call};
use crate::instance::Instance;
use crate::mode::Cluster;
use crate::template::fill;

const ADDONS: &str = include_str!("../../config/cluster-addons.yaml");
const GATEWAY_CERTIFICATE: &str = include_str!("../../config/gateway-certificate.yaml");

pub(super) async fn install(instance: &Instance) -> anyhow::Result<()> {
    if instance.mode.cluster == Cluster::Own {
        apply(instance, "cluster-addons.yaml", ADDONS).await?;
    }
    apply_gateway_types(instance).await?;
    apply_gateway_certificate(instance).await
}

/// Somebody else's cluster may have one that browsers trust.
async fn apply_gateway_certificate(instance: &Instance) -> anyhow::Result<()> {
    let secret = ["get", "secret", "roost-wildcard-tls", "--namespace=roost-system"];
    if instance.mode.cluster != Cluster::Own && call(instance, &secret).await.is_ok() {
        return Ok(());
    }
    apply(instance, "gateway-certificate.yaml", &gateway_certificate(instance)?).await
}

/// A cluster that has them keeps its own.
async fn apply_gateway_types(instance: &Instance) -> anyhow::Result<()> {
    let gateways = "customresourcedefinition/gateways.gateway.networking.k8s.io";
    if call(instance, &["get", gateways]).await.is_ok() {
        return Ok(());
    }
    // kubectl does not follow a link to a folder.
    let definitions = fs::canonicalize(instance.program("gateway-api"))?.display().to_string();
    call(instance, &["apply", "--server-side", "--filename", &definitions]).await?;
    let routes = "customresourcedefinition/httproutes.gateway.networking.k8s.io";
    call(instance, &["wait", "--for=condition=Established", "--timeout=30s", gateways, routes]).await.map(drop)
}

fn gateway_certificate(instance: &Instance) -> anyhow::Result<String> {
    let encoded = |file: &str| anyhow::Ok(BASE64.encode(&fs::read(instance.certificates().join(file))?));
    fill(GATEWAY_CERTIFICATE, &[("certificate", &encoded("gateway.crt")?), ("key", &encoded("gateway.key")?)])
}

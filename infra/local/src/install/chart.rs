//! Installs the chart `infra/cluster` with the values of the local platform.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;

use super::own_images;
use crate::certificates::BASE_DOMAIN;
use crate::command::{output, program};
use crate::instance::Instance;
use crate::mode::Cluster;
use crate::template::fill;

const VALUES: &str = include_str!("../../config/chart-values.yaml");
/// Names a file of values of one's own: images, storage, certificates.
const OWN_VALUES: &str = "ROOST_CHART_VALUES";
const LIMIT: Duration = Duration::from_mins(2);

pub(super) async fn install(instance: &Instance) -> anyhow::Result<()> {
    let values = instance.state.join("chart-values.yaml");
    fs::write(&values, self::values(instance)?)?;
    let chart = instance.project.join("infra/cluster");
    let mut helm = program(instance.program("helm"), &["upgrade", "roost"]);
    helm.arg(chart).args(["--install", "--namespace", "roost-system", "--create-namespace", "--values"]).arg(values);
    if let Some(own) = own_values()? {
        helm.arg("--values").arg(own);
    }
    helm.env("KUBECONFIG", instance.admin_kubeconfig());
    // Helm's own folders would otherwise be made in the home folder.
    for folder in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
        helm.env(folder, instance.state.join("helm"));
    }
    output(&mut helm, LIMIT).await.map(drop)
}

pub(super) fn own_values() -> anyhow::Result<Option<PathBuf>> {
    let own = env::var_os(OWN_VALUES).map(PathBuf::from);
    match own {
        Some(file) if !file.is_file() => bail!("{OWN_VALUES}={} is not a file: name a YAML file", file.display()),
        own => Ok(own),
    }
}

/// On a cluster of somebody else's, the chart's defaults: public images and a load balancer.
fn values(instance: &Instance) -> anyhow::Result<String> {
    match instance.mode.cluster {
        Cluster::Own => {
            let address = instance.node_address().to_string();
            let images = own_images::values(instance)?;
            let mut values = vec![("baseDomain", BASE_DOMAIN), ("nodeAddress", &address)];
            values.extend(images.iter().map(|(name, reference)| (*name, reference.as_str())));
            fill(VALUES, &values)
        }
        Cluster::Existing { .. } => Ok(format!("baseDomain: {BASE_DOMAIN}\n")),
    }
}

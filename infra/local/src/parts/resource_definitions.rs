//! The types of the Gateway API, which its Go module carries as files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{cache_key, workshop};
use crate::command::{output, program};

const MODULE: &str = "sigs.k8s.io/gateway-api";
const DOWNLOAD_LIMIT: Duration = Duration::from_mins(5);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Download {
    dir: PathBuf,
}

/// Returns a folder of manifests, in the version that the gateway was built against.
pub(super) async fn prepare(project: &Path, cache: &Path) -> anyhow::Result<PathBuf> {
    let tools = project.join("infra/local/tools/traefik");
    let key = cache_key(&[&fs::read(tools.join("go.mod"))?]);
    let target = cache.join("parts").join(format!("gateway-api-{key}"));
    if !target.exists() {
        let mut download = program("go", &["mod", "download", "-json", MODULE]);
        download.env("GOFLAGS", "-mod=readonly").env("GOTOOLCHAIN", "local").current_dir(tools);
        let download: Download = serde_json::from_str(&output(&mut download, DOWNLOAD_LIMIT).await?)?;
        copy_manifests(&download.dir.join("config/crd/standard"), &target)?;
    }
    Ok(target)
}

fn copy_manifests(source: &Path, target: &Path) -> anyhow::Result<()> {
    let workshop = workshop(target)?;
    let entries = fs::read_dir(source).with_context(|| format!("{} has no manifests", source.display()))?;
    let mut copied = 0;
    for file in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if let Some(name) = file.file_name().filter(|_| file.extension().is_some_and(|extension| extension == "yaml")) {
            // The module's files cannot be written to, and so could not be removed again.
            fs::write(workshop.join(name), fs::read(&file)?)?;
            copied += 1;
        }
    }
    if copied == 0 {
        bail!("{} has no manifests", source.display());
    }
    fs::rename(workshop, target).context("the manifests cannot be moved to their place")
}

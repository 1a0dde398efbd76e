//! What is installed into the running parts: the cluster's add-ons, the chart, the stack and their acquaintance.

pub(crate) mod api_front;
pub(crate) mod aws;
mod chart;
mod cluster_addons;
pub(crate) mod kubectl;
mod own_images;
mod registration;
mod registry_keys;
pub(crate) mod stack;

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::instance::Instance;
use crate::progress::Progress;

pub(crate) use registration::register;

/// Brings everything to the state of the project's folder; on a running platform it changes what has changed.
pub(crate) async fn all(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    tokio::try_join!(cluster(instance, progress), stack::install(instance, progress))?;
    api_front::install(instance).await?;
    registration::register(instance, progress).await
}

async fn cluster(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    tokio::try_join!(cluster_addons::install(instance), own_images::import(instance))?;
    progress.say("the cluster's add-ons and our own images are installed");
    registry_keys::install(instance).await?;
    chart::install(instance).await?;
    progress.say("the chart is installed");
    kubectl::wait_until_ready(instance).await?;
    progress.say("every workload is ready");
    Ok(())
}

/// Differs as soon as anything that [`all`] installs differs.
pub(crate) fn fingerprint(instance: &Instance) -> anyhow::Result<String> {
    let mut digest = Sha256::new();
    let mut files = stack::sources(instance)?;
    collect_files(&instance.project.join("infra/cluster"), &mut files)?;
    files.extend(chart::own_values()?);
    files.extend(own_images::sources(instance)?);
    files.sort();
    for file in files {
        digest.update(file.as_os_str().as_encoded_bytes());
        digest.update(fs::read(&file)?);
    }
    Ok(data_encoding::HEXLOWER.encode(&digest.finalize()))
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { collect_files(&entry.path(), files)? } else { files.push(entry.path()) }
    }
    Ok(())
}

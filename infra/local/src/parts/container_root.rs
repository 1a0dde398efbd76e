//! A folder of containerd that already holds the platform's images, copied at every start.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::images::IMAGES;
use super::{cache_key, temporary, workshop};
use crate::command::{output, program};
use crate::instance::Instance;
use crate::node::namespace;
use crate::node::parts::containerd;
use crate::progress::Progress;

const IMPORT_LIMIT: Duration = Duration::from_mins(2);

/// Returns the folder, made first where it is missing.
pub(super) async fn prepare(instance: &Instance, progress: Progress) -> anyhow::Result<PathBuf> {
    let target = instance.cache.join(format!("containerd-{}", key(instance)?));
    if !target.exists() {
        progress.say(format!("building {} container images, about 40 s", IMAGES.len()));
        let work = workshop(&target)?;
        build_images(instance, &work).await?;
        import_images(instance, &work).await?;
        fs::rename(work.join("root"), &target)?;
        fs::remove_dir_all(work)?;
    }
    Ok(target)
}

fn key(instance: &Instance) -> anyhow::Result<String> {
    let containerd = fs::canonicalize(instance.program("containerd"))?;
    let mut ingredients = vec![containerd.as_os_str().as_encoded_bytes().to_vec()];
    for image in &IMAGES {
        ingredients.extend(image.ingredients(&instance.project, &instance.programs())?);
    }
    Ok(cache_key(&ingredients.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

async fn build_images(instance: &Instance, work: &Path) -> anyhow::Result<()> {
    let mut builder = temporary::start_builder(instance, work).await?;
    for image in &IMAGES {
        image.build(&instance.project, &instance.programs(), work).await?;
    }
    builder.kill().await.context("the temporary buildkitd cannot be stopped")
}

async fn import_images(instance: &Instance, work: &Path) -> anyhow::Result<()> {
    let socket = work.join("containerd.sock");
    let configuration = work.join("containerd.toml");
    fs::write(&configuration, containerd::configuration(&work.join("root"), &work.join("run"), &socket, work)?)?;
    let mut command = namespace::isolated(&instance.program("containerd"));
    command.arg("--config").arg(configuration).env("PATH", namespace::search_path(instance));
    let log = work.join("containerd.log");
    let mut runtime = temporary::start(command, &log)?;
    let socket = socket.display().to_string();
    let ctr = instance.program("ctr");
    temporary::wait_until_answering(&ctr, &["--address", &socket, "version"], &log).await?;
    for image in &IMAGES {
        let archive = work.join(format!("{}.tar", image.name));
        let mut import = program(&ctr, &["--address", &socket, "--namespace", "k8s.io", "images", "import"]);
        output(import.arg(archive), IMPORT_LIMIT).await?;
    }
    runtime.kill().await.context("the temporary containerd cannot be stopped")
}

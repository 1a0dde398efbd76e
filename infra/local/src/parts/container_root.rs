//! A folder of containerd that already holds the platform's images, copied at every start.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use super::images::IMAGES;
use super::{cache_key, workshop};
use crate::command::{last_lines, output, program};
use crate::instance::Instance;
use crate::node::namespace;
use crate::node::parts::containerd;
use crate::progress::Progress;

const START_LIMIT: Duration = Duration::from_secs(30);
const SHOWN_LINES: usize = 20;
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

pub(super) fn builder_address(work: &Path) -> String {
    format!("unix://{}", work.join("buildkitd.sock").display())
}

async fn build_images(instance: &Instance, work: &Path) -> anyhow::Result<()> {
    let mut command = namespace::isolated(&instance.program("buildkitd"));
    command.args(["--addr", &builder_address(work), "--containerd-worker=false"]);
    command.arg("--root").arg(work.join("buildkit")).env("PATH", namespace::search_path(instance));
    let log = work.join("buildkitd.log");
    let mut builder = start(command, &log)?;
    let address = builder_address(work);
    wait_until_answering(&instance.program("buildctl"), &["--addr", &address, "debug", "workers"], &log).await?;
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
    let mut runtime = start(command, &log)?;
    let socket = socket.display().to_string();
    let ctr = instance.program("ctr");
    wait_until_answering(&ctr, &["--address", &socket, "version"], &log).await?;
    for image in &IMAGES {
        let archive = work.join(format!("{}.tar", image.name));
        let mut import = program(&ctr, &["--address", &socket, "--namespace", "k8s.io", "images", "import"]);
        output(import.arg(archive), IMPORT_LIMIT).await?;
    }
    runtime.kill().await.context("the temporary containerd cannot be stopped")
}

fn start(mut command: Command, log: &Path) -> anyhow::Result<Child> {
    let log = fs::File::create(log)?;
    command.stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
    command.spawn().context("unshare cannot be started")
}

async fn wait_until_answering(client: &Path, arguments: &[&str], log: &Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + START_LIMIT;
    loop {
        match output(&mut program(client, arguments), START_LIMIT).await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => {
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(error).context(format!("it does not start; its log:\n{}", last_lines(&log, SHOWN_LINES)));
            }
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

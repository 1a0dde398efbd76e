//! Images of this project's own programs. They change often, so they are no part of the cached folder of containerd:
//! the running node takes them in, which takes about a second.

mod archive;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::command::{output, program};
use crate::instance::Instance;
use crate::mode::Cluster;
use crate::node::parts::containerd;
use crate::node::status;

const IMPORT_LIMIT: Duration = Duration::from_mins(1);
const PROFILE: &str = "local";
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The image of a program that Cargo builds.
pub(crate) struct OwnImage {
    /// The program's name, and the image's.
    program: &'static str,
    /// What the chart's values call it: `{{buildImage}}` there is this image's reference.
    value: &'static str,
    /// Built programs of others that go into it.
    parts: &'static [&'static str],
    /// Files of Debian packages that keep their place.
    system: &'static [&'static str],
}

const OWN_IMAGES: [OwnImage; 3] = [
    OwnImage { program: "roost-build", value: "buildImage", parts: &["buildctl"], system: &[AUTHORITIES] },
    OwnImage { program: "registry-token", value: "registryTokenImage", parts: &[], system: &[] },
    OwnImage { program: "wake", value: "wakeImage", parts: &[], system: &[] },
];

/// Makes the node run the programs as they are built now.
pub(super) async fn import(instance: &Instance) -> anyhow::Result<()> {
    if instance.mode.cluster != Cluster::Own {
        return Ok(());
    }
    for image in &OWN_IMAGES {
        let reference = image.reference(instance)?;
        if !is_there(instance, &reference).await? {
            image.import(instance, &reference).await?;
        }
    }
    Ok(())
}

/// What the chart's values are filled with.
pub(super) fn values(instance: &Instance) -> anyhow::Result<Vec<(&'static str, String)>> {
    OWN_IMAGES.iter().map(|image| Ok((image.value, image.reference(instance)?))).collect()
}

/// All that the images are made from, and that may change while a platform runs.
pub(super) fn sources(instance: &Instance) -> anyhow::Result<Vec<PathBuf>> {
    match instance.mode.cluster {
        Cluster::Own => OWN_IMAGES.iter().map(|image| image.binary(instance)).collect(),
        Cluster::Existing { .. } => Ok(Vec::new()),
    }
}

async fn is_there(instance: &Instance, reference: &str) -> anyhow::Result<bool> {
    let listed = ctr(instance, &["images", "list", "--quiet", &format!("name=={reference}")]).await?;
    Ok(listed.lines().any(|line| line == reference))
}

async fn ctr(instance: &Instance, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = program(instance.program("ctr"), &["--namespace", "k8s.io", "--address"]);
    command.arg(socket(instance)?).args(arguments);
    output(&mut command, IMPORT_LIMIT).await
}

/// The node's /run is its own; the kernel leads there by a process of the node.
fn socket(instance: &Instance) -> anyhow::Result<PathBuf> {
    let status = status::read(instance).context("the node has not started")?;
    let process = status.parts.get("containerd").and_then(|part| part.process).context("containerd does not run")?;
    let process = status::host_process(process, instance).context("containerd has just ended")?;
    Ok(PathBuf::from(format!("/proc/{process}/root{}", containerd::SOCKET)))
}

impl OwnImage {
    /// Tagged by its content: what runs an earlier one is replaced as soon as the chart names the new one.
    fn reference(&self, instance: &Instance) -> anyhow::Result<String> {
        let mut digest = Sha256::new();
        for (place, file) in self.files(instance)? {
            digest.update(place);
            digest.update(fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?);
        }
        let tag = data_encoding::HEXLOWER.encode(&digest.finalize()[..8]);
        Ok(format!("localhost/roost/{}:{tag}", self.program))
    }

    async fn import(&self, instance: &Instance, reference: &str) -> anyhow::Result<()> {
        let file = instance.state.join(format!("{}.tar", self.program));
        let entry_point = format!("/usr/bin/{}", self.program);
        archive::write(&file, reference, &self.files(instance)?, &entry_point)?;
        ctr(instance, &["images", "import", &file.display().to_string()]).await?;
        Ok(fs::remove_file(file)?)
    }

    /// Places in the image, and what is put there.
    fn files(&self, instance: &Instance) -> anyhow::Result<Vec<(String, PathBuf)>> {
        let own = (self.program, self.binary(instance)?);
        let parts = self.parts.iter().map(|part| (*part, instance.program(part)));
        let programs = [own].into_iter().chain(parts).map(|(name, file)| (format!("usr/bin/{name}"), file));
        let system = self.system.iter().map(|file| (file.trim_start_matches('/').to_owned(), PathBuf::from(file)));
        Ok(programs.chain(system).collect())
    }

    fn binary(&self, instance: &Instance) -> anyhow::Result<PathBuf> {
        let target = env::var("CARGO_TARGET_DIR").map_or_else(|_| instance.project.join("target"), PathBuf::from);
        let triple = format!("{}-unknown-linux-musl", env::consts::ARCH);
        let binary = target.join(&triple).join(PROFILE).join(self.program);
        if !Path::new(&binary).is_file() {
            bail!("{} is missing: run `cargo build --profile {PROFILE} --target {triple}`", binary.display());
        }
        Ok(binary)
    }
}

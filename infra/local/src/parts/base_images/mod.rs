//! Base images for applications, made from Debian packages, and an agent: nothing here reaches Docker Hub.

mod packages;
mod publish;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::images::BUSYBOX;
use super::{cache_key, temporary, workshop};
use crate::command::{output, program};
use crate::instance::Instance;
use crate::progress::Progress;

const BUILD_LIMIT: Duration = Duration::from_mins(5);
const RECIPE: &str = "infra/local/base-images";
const RECIPE_FILES: [&str; 4] = ["Dockerfile", "diary.py", "nginx.conf", "unpack.sh"];

/// An image that is built by a target of `base-images/Dockerfile`.
struct BaseImage {
    /// The target, and the folder of its packages.
    target: &'static str,
    /// As Docker Hub knows it; the version is that of Debian's package.
    name: &'static str,
    /// Debian packages whose closure it has, less what the images before it have.
    packages: &'static [&'static str],
}

/// The first is what the packages of the others are unpacked with, the second is what those stand on.
const IMAGES: [BaseImage; 5] = [
    BaseImage { target: "busybox", name: "library/busybox:1.35", packages: &[] },
    BaseImage {
        target: "debian",
        name: "library/debian:bookworm-slim",
        packages: &[
            "base-files",
            "base-passwd",
            "bash",
            "coreutils",
            "dash",
            "findutils",
            "grep",
            "gzip",
            "libc-bin",
            "sed",
            "tar",
        ],
    },
    BaseImage { target: "python", name: "library/python:3.11-slim", packages: &["python3"] },
    BaseImage { target: "nginx", name: "library/nginx:1.22", packages: &["nginx-light"] },
    // An agent to chat with.
    BaseImage { target: "diary", name: "roost/diary:1", packages: &[] },
];

/// Returns a registry's folder that holds the images, made first where it is missing.
pub(super) async fn prepare(instance: &Instance, progress: Progress) -> anyhow::Result<PathBuf> {
    let target = instance.cache.join(format!("base-images-{}", key(instance)?));
    if !target.exists() {
        progress.say(format!("building {} base images for applications, about 20 s", IMAGES.len()));
        let work = workshop(&target)?;
        let context = fill_context(instance, &work).await?;
        build_all(instance, &work, &context).await?;
        fs::rename(work.join("registry"), &target)?;
        fs::remove_dir_all(work)?;
    }
    Ok(target)
}

/// Which versions the packages have at the time is no part of it: a start with a full cache asks nobody.
fn key(instance: &Instance) -> anyhow::Result<String> {
    let mut ingredients = vec![fs::read(BUSYBOX).context("busybox cannot be read")?];
    for file in RECIPE_FILES {
        ingredients.push(fs::read(instance.project.join(RECIPE).join(file)).context(file)?);
    }
    for image in &IMAGES {
        ingredients.push([&[image.name, image.target], image.packages].concat().join(" ").into_bytes());
    }
    Ok(cache_key(&ingredients.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

async fn fill_context(instance: &Instance, work: &Path) -> anyhow::Result<PathBuf> {
    let context = work.join("context");
    let packages = context.join("packages");
    fs::create_dir_all(&packages)?;
    for file in RECIPE_FILES {
        fs::copy(instance.project.join(RECIPE).join(file), context.join(file))?;
    }
    fs::copy(BUSYBOX, context.join("busybox"))?;
    let [_, debian, others @ ..] = &IMAGES;
    let base = packages.join(debian.target);
    packages::download(debian.packages, &base).await?;
    for image in others.iter().filter(|image| !image.packages.is_empty()) {
        let folder = packages.join(image.target);
        packages::download(image.packages, &folder).await?;
        packages::remove_those_of(&base, &folder)?;
    }
    Ok(context)
}

async fn build_all(instance: &Instance, work: &Path, context: &Path) -> anyhow::Result<()> {
    let registry = publish::Registry::start(instance, work).await?;
    let mut builder = temporary::start_builder(instance, work).await?;
    for image in &IMAGES {
        let mut command = program(instance.program("buildctl"), &["--addr", &temporary::builder_address(work)]);
        command.args(["build", "--progress=plain", "--frontend=dockerfile.v0"]);
        command.arg(format!("--opt=target={}", image.target));
        command.arg(format!("--local=context={0}", context.display()));
        command.arg(format!("--local=dockerfile={0}", context.display()));
        command.arg(format!("--output={}", registry.output(image.name)));
        let built = output(&mut command, BUILD_LIMIT).await;
        built.with_context(|| format!("the base image {} could not be built", image.name))?;
    }
    builder.kill().await.context("the temporary buildkitd cannot be stopped")?;
    registry.stop().await
}

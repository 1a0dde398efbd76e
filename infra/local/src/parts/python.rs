//! The programs that come as Python packages: the AWS emulator, `cargo lambda` and `cfn-lint`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::cache_key;
use crate::command::{output, program};
use crate::progress::Progress;

const INSTALL_LIMIT: Duration = Duration::from_mins(10);

/// Returns the virtual environment's folder.
pub(super) async fn prepare(project: &Path, cache: &Path, progress: Progress) -> anyhow::Result<PathBuf> {
    let requirements = project.join("infra/local/python/requirements.txt");
    let pins = fs::read(&requirements).context("infra/local/python/requirements.txt cannot be read")?;
    let version = output(&mut program("python3", &["--version"]), Duration::from_secs(10)).await?;
    let folder = cache.join(format!("python-{}", cache_key(&[&pins, version.as_bytes()])));
    if !folder.join("complete").exists() {
        progress.say("installing Python packages, about 40 s");
        install(&folder, &requirements).await?;
    }
    Ok(folder)
}

/// An environment's scripts name its folder, so it is made in place; the mark at the end tells that it is whole.
async fn install(folder: &Path, requirements: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    output(program("python3", &["-m", "venv"]).arg(folder), INSTALL_LIMIT).await?;
    // cargo-lambda asks for zig, which only cross-compiling needs: every package is listed, so none is sought.
    let mut install = program(folder.join("bin/pip"), &["install", "--quiet", "--no-deps", "--requirement"]);
    output(install.arg(requirements), INSTALL_LIMIT).await?;
    fs::write(folder.join("complete"), "").context("the Python environment cannot be written to")
}

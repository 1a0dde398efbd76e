//! Debian packages that are fetched but not installed on this machine.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use crate::command::{output, program};

const DOWNLOAD_LIMIT: Duration = Duration::from_mins(5);

/// Downloads the packages with all they need to the folder, as if nothing were installed.
pub(super) async fn download(packages: &[&str], folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder.join("partial"))?;
    // The lists of a fresh machine are empty or old: they are only fetched where that turns out.
    if fetch(packages, folder).await.is_err() {
        output(&mut program("apt-get", &["update", "-qq"]), DOWNLOAD_LIMIT).await?;
        fetch(packages, folder).await?;
    }
    fs::remove_dir(folder.join("partial")).context("a package was not downloaded to its end")
}

async fn fetch(packages: &[&str], folder: &Path) -> anyhow::Result<String> {
    let mut command = program("apt-get", &["install", "--download-only", "--yes", "-qq", "--no-install-recommends"]);
    command.arg(format!("--option=Dir::Cache::archives={}", folder.display()));
    command.args(["--option=Dir::State::status=/dev/null", "--option=Debug::NoLocking=true"]);
    // The folder is below the home folder of root, where apt's own user cannot write.
    command.arg("--option=APT::Sandbox::User=root");
    output(command.args(packages), DOWNLOAD_LIMIT).await
}

/// Removes packages that the other folder has as well.
pub(super) fn remove_those_of(other: &Path, folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if other.join(entry.file_name()).exists() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

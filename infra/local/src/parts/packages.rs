//! Debian packages the platform needs.

use std::time::Duration;

use anyhow::{Context, bail};

use crate::command::{output, program};
use crate::progress::Progress;

const INSTALL_LIMIT: Duration = Duration::from_mins(10);

const PACKAGES: [&str; 13] = [
    "busybox-static",
    "ca-certificates",
    "catatonit",
    "gcc",
    "iproute2",
    "libc6-dev",
    "libseccomp-dev",
    "mount",
    "musl-tools",
    "nftables",
    "pkg-config",
    "python3-venv",
    "util-linux",
];

/// What some tests look at pages with.
const BROWSER: [&str; 2] = ["chromium", "chromium-driver"];

pub(super) async fn install_missing(progress: Progress) -> anyhow::Result<()> {
    install_missing_of(&PACKAGES, progress).await
}

pub(super) async fn install_browser(progress: Progress) -> anyhow::Result<()> {
    install_missing_of(&BROWSER, progress).await
}

async fn install_missing_of(packages: &[&'static str], progress: Progress) -> anyhow::Result<()> {
    let missing = missing_of(packages).await?;
    if missing.is_empty() {
        return Ok(());
    }
    if !rustix::process::geteuid().is_root() {
        bail!("these Debian packages are missing: {0}. As root: apt-get install {0}", missing.join(" "));
    }
    progress.say(format!("installing Debian packages: {}", missing.join(" ")));
    // The lists of a fresh machine are empty or old: they are only fetched where that turns out.
    if install(&missing).await.is_err() {
        output(&mut program("apt-get", &["update", "-qq"]), INSTALL_LIMIT).await?;
        install(&missing).await?;
    }
    Ok(())
}

async fn missing_of(packages: &[&'static str]) -> anyhow::Result<Vec<&'static str>> {
    let query = "dpkg-query --show --showformat='${Package} ${db:Status-Status}\\n' \"$@\" 2>/dev/null || true";
    let mut command = program("sh", &["-c", query, "sh"]);
    let known = output(command.args(packages), Duration::from_secs(30)).await;
    let known = known.context("the platform needs Debian 12, or a system with its package tools")?;
    let installed: Vec<&str> = known.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    Ok(packages.iter().copied().filter(|package| !installed.contains(package)).collect())
}

async fn install(packages: &[&str]) -> anyhow::Result<String> {
    let mut command = program("apt-get", &["install", "--yes", "-qq", "--no-install-recommends"]);
    output(command.args(packages).env("DEBIAN_FRONTEND", "noninteractive"), INSTALL_LIMIT).await
}

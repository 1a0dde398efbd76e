//! How fast signups become tenants, and what that costs; prints a table and writes it to a file.

mod cost;
mod revocation;
mod signups;

use std::path::PathBuf;

use anyhow::{Context, Result};

use roost_tests::report::Report;

/// Where the release build of the function is, and where the table goes.
struct Files {
    function: PathBuf,
    report: PathBuf,
}

fn files() -> Result<Files> {
    let project = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let target = project.parent().context("the crate is in the workspace")?.join("target");
    Ok(Files { function: target.join("release/provision-tenant"), report: target.join("bench/provisioning.md") })
}

#[tokio::main]
async fn main() -> Result<()> {
    let files = files()?;
    let mut report = Report::default();
    cost::measure(&files.function, &mut report).await?;
    signups::measure(&files.function, &mut report).await?;
    revocation::measure(&files.function, &mut report).await?;
    report.write(&files.report)
}

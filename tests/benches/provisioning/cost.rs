//! What the function itself costs: its start, its memory, its size.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use roost_tests::function::Function;
use roost_tests::until;
use roost_tests::world::World;
use tokio::process::Command;

use roost_tests::report::{Report, quantile};

const STARTS: usize = 15;

pub(crate) async fn measure(function: &Path, report: &mut Report) -> Result<()> {
    let world = World::new().await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let started = world.start_binary(function, "provision-tenant").await?;
        starts.push(first_poll(&started).await?.as_secs_f64() * 1e3);
    }
    starts.sort_by(f64::total_cmp);
    let figure = format!("{:.1} ms (max {:.1})", quantile(&starts, 0.5), quantile(&starts, 1.0));
    report.add("cold start: exec to the first poll, median", figure, "under 15 ms");
    report.add("function's zip", format!("{:.2} MB", zip_size(function).await?), "under 6 MB");
    Ok(())
}

async fn first_poll(function: &Function) -> Result<Duration> {
    until::some("the first poll", || async { Ok(function.cold_start()) }).await
}

/// The size of the function's zip, in MB, as `cargo lambda build --output-format zip` packs it.
async fn zip_size(function: &Path) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    std::fs::copy(function, folder.path().join("bootstrap"))?;
    let script = "import zipfile; \
        zipfile.ZipFile('bootstrap.zip', 'w', zipfile.ZIP_DEFLATED).write('bootstrap')";
    let packed = Command::new("python3").args(["-c", script]).current_dir(folder.path()).status().await?;
    packed.success().then_some(()).context("the zip could not be made")?;
    let bytes = std::fs::metadata(folder.path().join("bootstrap.zip"))?.len();
    Ok(f64::from(u32::try_from(bytes)?) / 1e6)
}

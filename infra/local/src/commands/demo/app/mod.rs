//! An application on its way from an upload to its address, twice: the second time with one line changed. Then it falls
//! asleep, and wakes.

mod answers;
mod build_log;
mod folder;
mod sleep;
mod upload;
mod visit;

use anyhow::{Context, ensure};
use roost_domain::release::{Release, ReleaseState};
use roost_domain::tenant::Tenant;

use self::folder::Folder;
use self::upload::Uploads;
use self::visit::Visitor;
use crate::instance::Instance;

const FIRST: &str = "Hello from the first version";
const SECOND: &str = "Hello from the second version";
const CHANGED_FILE: &str = "web/public/index.html";

/// Shows it, or fails if anything is not as it should be.
pub(super) async fn show(instance: &Instance, tenant: &Tenant) -> anyhow::Result<()> {
    let uploads = Uploads::of(instance, tenant).await?;
    let folder = Folder::with_fixture(instance)?;
    println!("\nAn application of two components, from {}:", folder.path().display());
    let first = live(&uploads, &folder).await?;
    let address = uploads.address().await?;
    let visitor = Visitor::new(instance, &address)?;
    answers::show(&visitor, FIRST).await?;

    println!("\n{CHANGED_FILE}: {FIRST:?} becomes {SECOND:?}.");
    folder.change(CHANGED_FILE, FIRST, SECOND)?;
    let second = live(&uploads, &folder).await?;
    ensure!(built(&first) == ["web", "api"], "the first release built {:?}", built(&first));
    ensure!(built(&second) == ["web"], "the second release built {:?}", built(&second));
    ensure!(uploads.address().await? == address, "the address has changed");
    answers::show(&visitor, SECOND).await?;
    println!("✓ only web was built anew; api has the image of {}", first.number);
    sleep::show(instance, tenant, &address).await
}

/// Uploads what is in the folder, and follows it until it is live.
async fn live(uploads: &Uploads, folder: &Folder) -> anyhow::Result<Release> {
    let archive = folder.pack().await?;
    let release = uploads.put_and_follow(archive).await?;
    match &release.state {
        ReleaseState::Live => Ok(release),
        ReleaseState::Rejected { findings, .. } => {
            let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
            anyhow::bail!("{} is rejected:\n{}", release.title(), findings.join("\n"))
        }
        ReleaseState::Failed { failure, .. } => {
            let place = failure.place.as_deref().unwrap_or("the release");
            let words = format!("{place}: {}\n{}", failure.message, failure.last_lines.join("\n"));
            Err(anyhow::anyhow!(words)).with_context(|| format!("{} failed", release.title()))
        }
        state => anyhow::bail!("{} is {}", release.title(), state.name()),
    }
}

/// The components for which the release built an image itself.
fn built(release: &Release) -> Vec<&str> {
    let built = release.components.iter().filter(|component| component.built_by == Some(release.number));
    built.map(|component| component.name.as_str()).collect()
}

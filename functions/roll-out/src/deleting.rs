//! A project is taken away at its owner's wish, with all that belongs to it: what runs, its volumes, images, address and
//! records.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use roost_aws::objects::ObjectKey;
use roost_aws::table::{HistoryEntry, TableError};
use roost_cluster::app::Apps;
use roost_cluster::deployment::Deployment;
use roost_cluster::route::ProjectRoute;
use roost_domain::image::Repository;
use roost_domain::naming::{ComponentName, ProjectName, TenantId};
use roost_domain::release::{Project, Release, ReleaseState};
use roost_registry::client::RegistryClient;
use roost_releases::{Outcome, ReleasePlatform, StepFailure, TenantHome, hand_out_turns, home_of, take_back};
use tracing::info;

/// Longer than any function runs: a run that has read the project before its end may still be applying objects.
const LONGEST_RUN: Duration = Duration::from_secs(40);
/// How many of a project's releases may be under way.
const UNDER_WAY: i32 = 20;
/// Far more releases than any project has.
const ALL: i32 = 10_000;

/// Takes a project away, as far as one run can.
pub(crate) async fn delete(
    platform: &ReleasePlatform,
    (tenant, name): (&TenantId, &ProjectName),
    cause: &str,
) -> Result<Outcome, StepFailure> {
    let Some(project) = platform.base.table.project(tenant, name).await? else { return Ok(Outcome::Done("gone")) };
    let Some(since) = project.leaving_since else { return Ok(Outcome::Done("not leaving")) };
    let home = home_of(platform, tenant).await?;
    stop_releases(platform, &home, &project, cause).await?;
    remove_from_cluster(&home, &project).await?;
    let age = Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default();
    if let Some(rest) = LONGEST_RUN.checked_sub(age) {
        let reason = "an earlier run could still be at work for the project".to_owned();
        return Ok(Outcome::Later { after: Some(rest + Duration::from_secs(1)), reason });
    }
    remove_what_is_kept(platform, &home, &project).await?;
    let entry = HistoryEntry::now("project.deleted", cause, format!("{name} and all that was of it are gone"));
    platform.base.table.forget_project(&project, &entry).await?;
    Ok(Outcome::Done("deleted"))
}

/// From now on no run brings any of them further.
async fn stop_releases(
    platform: &ReleasePlatform,
    home: &TenantHome,
    project: &Project,
    cause: &str,
) -> Result<(), StepFailure> {
    let recent = platform.base.table.releases(&project.tenant, &project.name, UNDER_WAY).await?;
    for release in recent.iter().filter(|release| !release.state.is_terminal()) {
        let cancelled = release.moved_to(ReleaseState::Cancelled, Timestamp::now());
        let entry = HistoryEntry::now("release.cancelled", cause, format!("{}: its project goes", release.title()));
        match platform.base.table.save_release(&cancelled, None, Some(&entry)).await {
            Err(TableError::Conflict) => info!(release = release.title(), "the release was changed meanwhile"),
            saved => saved?,
        }
        take_back(home, release).await?;
    }
    hand_out_turns(platform, home).await
}

/// The app first, so that nobody wakes it any more.
async fn remove_from_cluster(home: &TenantHome, project: &Project) -> Result<(), StepFailure> {
    let names = (project.tenant.clone(), project.name.clone());
    Apps::new(home.client.clone()).delete(&home.namespace, project.name.as_str()).await?;
    ProjectRoute::new(home.client.clone(), home.namespace.clone(), names).delete().await?;
    let deployment = Deployment::new(home.client.clone(), home.namespace.clone(), project.name.clone());
    deployment.remove_claims().await?;
    Ok(deployment.prune(&[]).await?)
}

async fn remove_what_is_kept(
    platform: &ReleasePlatform,
    home: &TenantHome,
    project: &Project,
) -> Result<(), StepFailure> {
    let (tenant, name) = (&project.tenant, &project.name);
    let releases = platform.base.table.releases(tenant, name, ALL).await?;
    remove_images(platform, home, project, &releases).await?;
    for release in &releases {
        platform.objects.delete(&ObjectKey::release_objects(tenant, name, release.number)).await?;
    }
    platform.objects.delete(&ObjectKey::artifact(tenant, name)).await?;
    if let Some(address) = &project.address {
        platform.base.table.free_address(address, (tenant, name), Timestamp::now()).await?;
    }
    Ok(())
}

async fn remove_images(
    platform: &ReleasePlatform,
    home: &TenantHome,
    project: &Project,
    releases: &[Release],
) -> Result<(), StepFailure> {
    let components = releases.iter().flat_map(|release| &release.components).map(|component| &component.name);
    let components: BTreeSet<&ComponentName> = components.collect();
    let registry = platform.registries.of(&home.cluster).await?;
    let client = RegistryClient::new(&registry)?;
    for component in components {
        let repository = Repository::of(&project.tenant, &project.name, component);
        let images: BTreeSet<_> = client.tagged_images(&repository).await?.into_values().collect();
        for image in images {
            client.delete(&repository, &image).await?;
        }
    }
    Ok(())
}

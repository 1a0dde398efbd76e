//! An earlier release runs again, as a release of its own: its images, objects and routes together, without a build.

use jiff::Timestamp;
use roost_aws::objects::ObjectKey;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Origin, Release, ReleaseNumber, ReleaseState};
use roost_releases::{Outcome, ReleaseEvent, ReleasePlatform, StepFailure, give_way_to, home_of};

use crate::driving;
use crate::stored_objects::stored_objects;

/// More than that many releases back nothing is looked for that this request may have become.
const RECENT: i32 = 50;

/// Makes a release of an earlier one, and brings it as far as it can go.
pub(crate) async fn roll_back(
    platform: &ReleasePlatform,
    (tenant, name, to): (&TenantId, &ProjectName, ReleaseNumber),
    cause: &str,
) -> Result<Outcome, StepFailure> {
    let home = home_of(platform, tenant).await?;
    let release = match made_of(platform, (tenant, name), cause).await? {
        Some(release) => release,
        None => make(platform, (tenant, name, to), cause).await?,
    };
    give_way_to(platform, &home, &release).await?;
    driving::drive(platform, &ReleaseEvent::from(&release), cause).await
}

/// The release that this request has become already, if it came before.
async fn made_of(
    platform: &ReleasePlatform,
    (tenant, name): (&TenantId, &ProjectName),
    cause: &str,
) -> Result<Option<Release>, StepFailure> {
    let recent = platform.base.table.releases(tenant, name, RECENT).await?;
    let is_it = |release: &Release| matches!(&release.origin, Origin::Rollback { cause: own, .. } if own == cause);
    Ok(recent.into_iter().find(is_it))
}

async fn make(
    platform: &ReleasePlatform,
    (tenant, name, to): (&TenantId, &ProjectName, ReleaseNumber),
    cause: &str,
) -> Result<Release, StepFailure> {
    let table = &platform.base.table;
    let missing = || StepFailure::NoRelease { tenant: tenant.clone(), project: name.clone(), release: to };
    let project = table.project(tenant, name).await?.ok_or_else(missing)?;
    let target = table.release(tenant, name, to).await?.ok_or_else(missing)?;
    if target.state != ReleaseState::Live {
        return Err(StepFailure::NeverLive(target.title()));
    }
    let now = Timestamp::now();
    let (project, number) = project.with_next_release(None, now);
    let project = roost_domain::release::Project { wanted: Some(number), ..project };
    copy_objects(platform, &target, number).await?;
    let origin = Origin::Rollback { to, cause: cause.to_owned() };
    let release =
        Release::registered((tenant.clone(), name.clone(), number), origin, ReleaseState::rolling_out(now), now);
    let release = release.with_components(target.components);
    table.register_release(&project, &release).await?;
    Ok(release)
}

/// Each release has its objects to itself, so that each can go when it is old.
async fn copy_objects(platform: &ReleasePlatform, from: &Release, to: ReleaseNumber) -> Result<(), StepFailure> {
    let objects = stored_objects(platform, from).await?;
    let key = ObjectKey::release_objects(&from.tenant, &from.project, to);
    Ok(platform.objects.write(&key, objects, "application/json").await?)
}

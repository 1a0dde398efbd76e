//! A project's agent starts for the first time: as a release of its own, of an image that is there and needs no build.

use jiff::Timestamp;
use roost_aws::objects::ObjectKey;
use roost_domain::agent::{ProjectAgent, objects_of};
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Origin, Project, Release, ReleaseState, StartDecision, decide_start};
use roost_releases::{Outcome, ReleaseEvent, ReleasePlatform, StepFailure};

use crate::driving;

/// Makes a release of the project's agent, and brings it as far as it can go.
pub(crate) async fn start(
    platform: &ReleasePlatform,
    (tenant, name): (&TenantId, &ProjectName),
    cause: &str,
) -> Result<Outcome, StepFailure> {
    let Some(project) = platform.base.table.project(tenant, name).await? else { return Ok(Outcome::Done("gone")) };
    let newest = platform.base.table.releases(tenant, name, 1).await?.into_iter().next();
    let release = match (decide_start(&project, newest.as_ref(), cause), &project.agent, newest) {
        (StartDecision::Register, Some(agent), _) => register(platform, &project, agent, cause).await?,
        (StartDecision::GoOn, _, Some(under_way)) => under_way,
        _ => return Ok(Outcome::Done("settled")),
    };
    driving::drive(platform, &ReleaseEvent::from(&release), cause).await
}

async fn register(
    platform: &ReleasePlatform,
    project: &Project,
    agent: &ProjectAgent,
    cause: &str,
) -> Result<Release, StepFailure> {
    let now = Timestamp::now();
    let (next, number) = project.with_next_release(None, now);
    let next = Project { wanted: Some(number), ..next };
    let objects = serde_json::to_vec(&objects_of(&project.name, &agent.image))
        .map_err(|source| StepFailure::Stored { what: "an agent's objects", source })?;
    let key = ObjectKey::release_objects(&project.tenant, &project.name, number);
    platform.objects.write(&key, objects, "application/json").await?;
    let origin = Origin::Agent { cause: cause.to_owned() };
    let names = (project.tenant.clone(), project.name.clone(), number);
    let release = Release::registered(names, origin, ReleaseState::rolling_out(now), now);
    platform.base.table.register_release(&next, &release).await?;
    Ok(release)
}

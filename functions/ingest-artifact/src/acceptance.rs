//! What becomes of a release that was checked: it is refused, built, or brought to the cluster at once.

use jiff::Timestamp;
use roost_aws::objects::ObjectKey;
use roost_aws::table::{HistoryEntry, TableError};
use roost_domain::finding::Finding;
use roost_domain::manifest::CheckedObjects;
use roost_domain::release::{BuildAttempt, NextStep, Project, Release, ReleaseComponent, ReleaseState, next_step};
use roost_registry::client::RegistryClient;
use roost_releases::{
    Outcome, RELEASE_BUILT, ReleaseEvent, ReleasePlatform, StepFailure, TenantHome, draw_nonce, give_way, give_way_to,
    hand_out_turns, order_build,
};

use crate::reuse;

/// How often a release is accepted anew because another run wrote its project.
const ATTEMPTS: usize = 6;

/// What an archive holds that has nothing wrong with it.
pub(crate) struct Checked {
    pub(crate) objects: CheckedObjects,
    pub(crate) components: Vec<ReleaseComponent>,
}

/// Ends a release whose archive is of no use.
pub(crate) async fn reject(
    platform: &ReleasePlatform,
    rejected: &Release,
    cause: &str,
) -> Result<Outcome, StepFailure> {
    let reason = match &rejected.state {
        ReleaseState::Rejected { findings, more } => summary(findings, *more),
        _ => String::new(),
    };
    let entry = HistoryEntry::now("release.rejected", cause, format!("{}: {reason}", rejected.title()));
    match platform.base.table.save_release(rejected, None, Some(&entry)).await {
        // Another run of the same event has brought it further.
        Err(TableError::Conflict) => Ok(Outcome::Done("replayed")),
        saved => Ok(saved.map(|()| Outcome::Done("rejected"))?),
    }
}

fn summary(findings: &[Finding], more: usize) -> String {
    let first = findings.first().map(ToString::to_string).unwrap_or_default();
    match findings.len() + more {
        0 | 1 => first,
        all => format!("{first} (and {} more)", all - 1),
    }
}

/// Sets off what a release needs now.
pub(crate) async fn accept(
    platform: &ReleasePlatform,
    home: &TenantHome,
    (release, checked): (&Release, Checked),
    cause: &str,
) -> Result<Outcome, StepFailure> {
    let registry = platform.registries.of(&home.cluster).await?;
    let components =
        reuse::reuse_images(platform, &RegistryClient::new(&registry)?, release, checked.components).await?;
    let key = ObjectKey::release_objects(&release.tenant, &release.project, release.number);
    let objects = serde_json::to_vec(&checked.objects)
        .map_err(|source| StepFailure::Stored { what: "a release's objects", source })?;
    platform.objects.write(&key, objects, "application/json").await?;
    let accepted = match save(platform, home, (release, components), cause).await? {
        Saved::Accepted(accepted) => accepted,
        Saved::Otherwise(outcome) => return Ok(Outcome::Done(outcome)),
    };
    give_way_to(platform, home, &accepted).await?;
    if accepted.state.attempt().is_some() {
        order_build(platform, home, &accepted).await?;
        hand_out_turns(platform, home).await?;
        return Ok(Outcome::Done("queued"));
    }
    platform.bus.send(RELEASE_BUILT, &ReleaseEvent::from(&*accepted)).await?;
    Ok(Outcome::Done("unchanged"))
}

enum Saved {
    Accepted(Box<Release>),
    Otherwise(&'static str),
}

/// Saves the release as accepted, together with its project, which wants it from now on.
async fn save(
    platform: &ReleasePlatform,
    home: &TenantHome,
    (release, components): (&Release, Vec<ReleaseComponent>),
    cause: &str,
) -> Result<Saved, StepFailure> {
    let table = &platform.base.table;
    let (tenant, name) = (&release.tenant, &release.project);
    for _ in 0..ATTEMPTS {
        let project = table.project(tenant, name).await?.ok_or(StepFailure::Missing("the release's project"))?;
        let current = table.release(tenant, name, release.number).await?;
        if current.is_none_or(|current| current.revision != release.revision) {
            return Ok(Saved::Otherwise("replayed"));
        }
        if let NextStep::Supersede(by) = next_step(release, &project) {
            give_way(platform, home, (release, by), cause).await?;
            return Ok(Saved::Otherwise("superseded"));
        }
        let (accepted, project) = accepted(release, &project, components.clone())?;
        let reason = format!("{} is {}", release.title(), accepted.state.name());
        let entry = HistoryEntry::now("release.accepted", cause, reason);
        match table.save_release(&accepted, Some(&project), Some(&entry)).await {
            Err(TableError::Conflict) => {}
            saved => return Ok(saved.map(|()| Saved::Accepted(Box::new(accepted)))?),
        }
    }
    Err(TableError::Conflict.into())
}

fn accepted(
    release: &Release,
    project: &Project,
    components: Vec<ReleaseComponent>,
) -> Result<(Release, Project), StepFailure> {
    let now = Timestamp::now();
    let state = if components.iter().any(ReleaseComponent::is_to_be_built) {
        let attempt = BuildAttempt { number: 1, nonce: draw_nonce()? };
        ReleaseState::Queued { attempt, place: None }
    } else {
        ReleaseState::rolling_out(now)
    };
    let accepted = release.moved_to(state, now).with_components(components);
    Ok((accepted, project.wanting(release.number, now)))
}

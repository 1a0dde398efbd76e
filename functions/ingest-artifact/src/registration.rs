//! An upload gets its number: once, however often its event comes.

use jiff::Timestamp;
use roost_aws::table::TableError;
use roost_domain::release::{Origin, Project, Release, ReleaseState, Upload, UploadDecision, decide_upload};
use roost_releases::{ReleasePlatform, StepFailure};

use crate::upload_event::UploadEvent;

/// How often a registration is tried anew because another run wrote the project.
const ATTEMPTS: usize = 6;

/// What an upload turned out to be.
pub(crate) enum Registration {
    /// A release to be checked.
    Release(Box<Release>),
    /// Nothing to do; the outcome's name.
    Nothing(&'static str),
}

pub(crate) async fn register(
    platform: &ReleasePlatform,
    event: &UploadEvent,
    upload: &Upload,
) -> Result<Registration, StepFailure> {
    for _ in 0..ATTEMPTS {
        match try_to_register(platform, event, upload).await {
            Err(failure) if failure.is_conflict() => {}
            registered => return registered,
        }
    }
    Err(TableError::Conflict.into())
}

async fn try_to_register(
    platform: &ReleasePlatform,
    event: &UploadEvent,
    upload: &Upload,
) -> Result<Registration, StepFailure> {
    let UploadEvent { tenant, project: name, .. } = event;
    let table = &platform.base.table;
    let now = Timestamp::now();
    let known = table.release_of_upload(tenant, name, &upload.version_id).await?;
    let project = table.project(tenant, name).await?;
    let project = project.unwrap_or_else(|| Project::new(tenant.clone(), name.clone(), now));
    let state = match (decide_upload(&project, known.as_ref(), upload), known) {
        (UploadDecision::GoOn, Some(release)) => return Ok(Registration::Release(Box::new(release))),
        (UploadDecision::GoOn | UploadDecision::Replayed, _) => return Ok(Registration::Nothing("replayed")),
        (UploadDecision::TooLate, _) => return Ok(Registration::Nothing("its project goes")),
        (UploadDecision::NotForUploads, _) => return Ok(Registration::Nothing("its project runs an agent")),
        (UploadDecision::RegisterSuperseded(by), _) => ReleaseState::Superseded { by },
        (UploadDecision::Register, _) => ReleaseState::Received,
    };
    let (project, number) = project.with_next_release(Some(&upload.sequencer), now);
    let release =
        Release::registered((tenant.clone(), name.clone(), number), Origin::Upload(upload.clone()), state, now);
    table.register_release(&project, &release).await?;
    if release.state.is_terminal() {
        return Ok(Registration::Nothing("superseded"));
    }
    Ok(Registration::Release(Box::new(release)))
}

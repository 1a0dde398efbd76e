//! A release as it is shown.

use jiff::Timestamp;
use roost_domain::build::queue::WaitingReason;
use roost_domain::finding::Finding;
use roost_domain::release::{Origin, QueuePlace, Release, ReleaseComponent, ReleaseFailure, ReleaseState};
use serde::Serialize;
use utoipa::ToSchema;

/// A release.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReleaseView {
    /// Its number, such as `r7`.
    id: String,
    /// `received`, `queued`, `building`, `rolling-out`, `restoring`, or as it ended: `live`, `rejected`, `failed`,
    /// `superseded`, `cancelled`.
    state: &'static str,
    /// Whether it has ended.
    has_ended: bool,
    /// When it was registered.
    created_at: Timestamp,
    /// When something of it last changed.
    updated_at: Timestamp,
    /// The size of its archive in bytes, if it came from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive_bytes: Option<u64>,
    /// The release that it runs again, if it is a rollback.
    #[serde(skip_serializing_if = "Option::is_none")]
    rolls_back_to: Option<String>,
    /// Its place in the queue of builds, 1 for the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<Queue>,
    /// Its parts, each with an image of its own.
    components: Vec<Component>,
    /// All that is wrong with its archive, if it was rejected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingView>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureView>,
    /// The release that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<String>,
    /// The release that runs again because this one did not come up.
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<String>,
}

/// A place in the queue of builds.
#[derive(Debug, Serialize, ToSchema)]
struct Queue {
    position: u32,
    /// `own-builds-running` or `builders-busy`.
    waits_for: &'static str,
}

/// A part of a release.
#[derive(Debug, Serialize, ToSchema)]
struct Component {
    name: String,
    /// The image's digest, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    /// The release that built the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    built_by: Option<String>,
    /// How long the build took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    built_in_ms: Option<u64>,
}

/// One thing that is wrong with an archive.
#[derive(Debug, Serialize, ToSchema)]
struct FindingView {
    /// Names the rule; it never changes.
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    message: String,
    remedy: String,
}

/// Why a release failed.
#[derive(Debug, Serialize, ToSchema)]
struct FailureView {
    /// One of a closed list: `step-failed`, `crash-loop`, `image-pull` and so on.
    reason: String,
    /// The component or object it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    message: String,
    /// What to do about it.
    remedy: String,
    /// The last lines that were logged before it.
    last_lines: Vec<String>,
}

impl ReleaseView {
    pub(super) fn of(release: &Release) -> Self {
        let mut view = Self::without_state(release);
        match &release.state {
            ReleaseState::Queued { place, .. } => view.queue = place.map(Queue::from),
            ReleaseState::Rejected { findings, .. } => {
                view.findings = findings.iter().map(FindingView::of).collect();
            }
            ReleaseState::Restoring { failure, to } => {
                view.failure = Some(FailureView::of(failure));
                view.restored = to.map(|to| to.to_string());
            }
            ReleaseState::Failed { failure, restored } => {
                view.failure = Some(FailureView::of(failure));
                view.restored = restored.map(|restored| restored.to_string());
            }
            ReleaseState::Superseded { by } => view.superseded_by = Some(by.to_string()),
            _ => {}
        }
        view
    }

    fn without_state(release: &Release) -> Self {
        let (archive_bytes, rolls_back_to) = match &release.origin {
            Origin::Upload(upload) => (Some(upload.size), None),
            Origin::Rollback { to, .. } => (None, Some(to.to_string())),
            Origin::Agent { .. } => (None, None),
        };
        Self {
            id: release.number.to_string(),
            state: release.state.name(),
            has_ended: release.state.is_terminal(),
            created_at: release.created_at,
            updated_at: release.updated_at,
            archive_bytes,
            rolls_back_to,
            queue: None,
            components: release.components.iter().map(Component::of).collect(),
            findings: Vec::new(),
            failure: None,
            superseded_by: None,
            restored: None,
        }
    }
}

impl From<QueuePlace> for Queue {
    fn from(place: QueuePlace) -> Self {
        let waits_for = match place.reason {
            WaitingReason::OwnBuildsRunning => "own-builds-running",
            WaitingReason::BuildersBusy => "builders-busy",
        };
        Self { position: place.position, waits_for }
    }
}

impl Component {
    fn of(component: &ReleaseComponent) -> Self {
        Self {
            name: component.name.to_string(),
            image: component.image.as_ref().map(ToString::to_string),
            built_by: component.built_by.map(|release| release.to_string()),
            built_in_ms: component.built_in_ms,
        }
    }
}

impl FindingView {
    fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code.to_string(),
            file: finding.file.clone(),
            line: finding.line,
            message: finding.message.clone(),
            remedy: finding.remedy.to_string(),
        }
    }
}

impl FailureView {
    fn of(failure: &ReleaseFailure) -> Self {
        let reason = serde_json::to_value(failure.reason).ok();
        Self {
            reason: reason.and_then(|reason| reason.as_str().map(str::to_owned)).unwrap_or_default(),
            place: failure.place.clone(),
            message: failure.message.clone(),
            remedy: failure.remedy.clone(),
            last_lines: failure.last_lines.clone(),
        }
    }
}

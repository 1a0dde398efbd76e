//! How a build stands, from its Job and its pod.

use jiff::Timestamp;
use k8s_openapi::api::batch::v1::{Job, JobCondition};
use k8s_openapi::api::core::v1::{ContainerStatus, Pod, PodStatus};
use roost_domain::build::{BuildFailureReason, BuildJobState};

/// Reasons that a container waits with in good order.
const PATIENCE: &[&str] = &["PodInitializing", "ContainerCreating"];

pub(super) fn state(job: &Job, pods: &[&Pod]) -> BuildJobState {
    if let Some(failed) = condition(job, "Failed") {
        return broken(failed, pods);
    }
    if condition(job, "Complete").is_some() {
        return BuildJobState::Ended;
    }
    if job.spec.as_ref().and_then(|spec| spec.suspend) == Some(true) {
        return BuildJobState::Queued;
    }
    match pods.iter().filter_map(|pod| pod.status.as_ref()).next_back() {
        // A pod that is through is one until its Job has seen it.
        Some(status) if status.phase.as_deref().is_some_and(|phase| phase != "Pending") => BuildJobState::Running,
        status => BuildJobState::Starting { since: started(job), hindrance: status.and_then(hindrance) },
    }
}

fn condition<'a>(job: &'a Job, kind: &str) -> Option<&'a JobCondition> {
    let conditions = job.status.as_ref()?.conditions.as_ref()?;
    conditions.iter().find(|condition| condition.type_ == kind && condition.status == "True")
}

fn started(job: &Job) -> Option<Timestamp> {
    job.status.as_ref()?.start_time.as_ref().map(|time| time.0)
}

fn broken(failed: &JobCondition, pods: &[&Pod]) -> BuildJobState {
    if failed.reason.as_deref() == Some("DeadlineExceeded") {
        let message = "The build did not end in its time.".to_owned();
        return BuildJobState::Broken { reason: BuildFailureReason::TimedOut, message };
    }
    let status = pods.iter().filter_map(|pod| pod.status.as_ref()).next_back();
    let (reason, message) = status.and_then(end_of_pod).unwrap_or_else(|| {
        let message = failed.message.clone().unwrap_or_else(|| "The build's pod is gone.".to_owned());
        (BuildFailureReason::Internal, message)
    });
    BuildJobState::Broken { reason, message }
}

/// Why a pod ended: what the kubelet says of it as a whole, or of the container that ended badly.
fn end_of_pod(status: &PodStatus) -> Option<(BuildFailureReason, String)> {
    if let Some(reason) = &status.reason {
        let message = status.message.as_deref().unwrap_or_default();
        // The kubelet evicts what outgrows its workspace.
        let is_disk = message.contains("ephemeral") || message.contains("EmptyDir") || message.contains("emptyDir");
        let kind = if is_disk { BuildFailureReason::OutOfDisk } else { BuildFailureReason::BuilderLost };
        return Some((kind, format!("The build's pod ended: {reason}. {message}")));
    }
    let ended =
        containers(status).filter_map(|container| Some((container, container.state.as_ref()?.terminated.as_ref()?)));
    let (container, end) = ended.into_iter().find(|(_, end)| end.exit_code != 0)?;
    let kind = match end.reason.as_deref() {
        Some("OOMKilled") => BuildFailureReason::OutOfMemory,
        _ => BuildFailureReason::Internal,
    };
    let reason = end.reason.as_deref().unwrap_or("Error");
    Some((kind, format!("The container {} ended with {} ({reason}).", container.name, end.exit_code)))
}

fn containers(status: &PodStatus) -> impl Iterator<Item = &ContainerStatus> {
    status.init_container_statuses.iter().chain(&status.container_statuses).flatten()
}

fn hindrance(status: &PodStatus) -> Option<String> {
    let conditions = status.conditions.iter().flatten();
    let mut unscheduled =
        conditions.filter(|condition| condition.type_ == "PodScheduled" && condition.status == "False");
    if let Some(condition) = unscheduled.next() {
        return Some(condition.message.clone().unwrap_or_else(|| "No node takes the pod.".to_owned()));
    }
    let waiting = containers(status).filter_map(|container| container.state.as_ref()?.waiting.as_ref());
    let mut hindered = waiting.filter(|waiting| !PATIENCE.contains(&waiting.reason.as_deref().unwrap_or_default()));
    let waiting = hindered.next()?;
    let [reason, message] = [&waiting.reason, &waiting.message].map(|text| text.as_deref().unwrap_or_default());
    Some(format!("{reason}: {message}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(job: Value, pod: Option<Value>) -> BuildJobState {
        let job: Job = serde_json::from_value(job).unwrap();
        let pod: Option<Pod> = pod.map(|status| serde_json::from_value(json!({"status": status})).unwrap());
        state(&job, &pod.iter().collect::<Vec<_>>())
    }

    fn running() -> Value {
        json!({"spec": {"suspend": false, "template": {}}, "status": {"startTime": "2026-01-01T00:00:00Z"}})
    }

    fn failed(reason: &str) -> Value {
        let condition = json!({"type": "Failed", "status": "True", "reason": reason, "message": "m"});
        json!({"spec": {"suspend": false, "template": {}}, "status": {"conditions": [condition]}})
    }

    #[test]
    fn a_suspended_job_is_queued_and_a_complete_one_has_ended() {
        assert_eq!(of(json!({"spec": {"suspend": true, "template": {}}}), None), BuildJobState::Queued);
        let complete = json!({"status": {"conditions": [{"type": "Complete", "status": "True"}]}});
        assert_eq!(of(complete, None), BuildJobState::Ended);
    }

    #[test]
    fn what_keeps_a_pod_from_starting_is_told() {
        let hindrance = |pod: Value| match of(running(), Some(pod)) {
            BuildJobState::Starting { hindrance, since: Some(_) } => hindrance,
            other => panic!("{other:?}"),
        };
        let full = json!({"type": "PodScheduled", "status": "False", "message": "0/1 nodes are available"});
        assert_eq!(hindrance(json!({"conditions": [full]})).unwrap(), "0/1 nodes are available");
        let waits = |reason: &str| {
            let state = json!({"waiting": {"reason": reason, "message": "m"}});
            let status =
                json!({"name": "fetch", "state": state, "image": "", "imageID": "", "ready": false, "restartCount": 0});
            json!({"phase": "Pending", "containerStatuses": [status]})
        };
        assert_eq!(hindrance(waits("ImagePullBackOff")).unwrap(), "ImagePullBackOff: m");
        assert_eq!(hindrance(waits("PodInitializing")), None);
        for phase in ["Running", "Succeeded"] {
            assert_eq!(of(running(), Some(json!({"phase": phase}))), BuildJobState::Running);
        }
    }

    #[test]
    fn a_job_that_breaks_says_why() {
        let reason = |job: Value, pod: Option<Value>| match of(job, pod) {
            BuildJobState::Broken { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(reason(failed("DeadlineExceeded"), None), BuildFailureReason::TimedOut);
        assert_eq!(reason(failed("BackoffLimitExceeded"), None), BuildFailureReason::Internal);
        let killed = json!({"terminated": {"exitCode": 137, "reason": "OOMKilled"}});
        let status =
            json!({"name": "build", "state": killed, "image": "", "imageID": "", "ready": false, "restartCount": 0});
        let pod = json!({"phase": "Failed", "containerStatuses": [status]});
        assert_eq!(reason(failed("BackoffLimitExceeded"), Some(pod)), BuildFailureReason::OutOfMemory);
        let evicted = json!({"phase": "Failed", "reason": "Evicted", "message": "Usage of EmptyDir volume \"workspace\" exceeds the limit"});
        assert_eq!(reason(failed("BackoffLimitExceeded"), Some(evicted)), BuildFailureReason::OutOfDisk);
    }
}

//! What a cluster shows of a release's workloads, and whether that means that it came up, comes up, or will not.

use serde::{Deserialize, Serialize};

/// How long a pod may find no node, or not be made, before it counts: others may be on their way out. In seconds.
const PATIENCE: i64 = 20;
/// How old a pod is before it counts that its image does not come, in seconds: a busy node may be allowed to see the
/// pod well before it is allowed to see the credential, and tries again after 10, 20 and 40 seconds.
const PATIENCE_WITH_IMAGES: i64 = 60;
/// A program that ends once may have met a neighbour that was not there yet.
const RESTARTS_THAT_COUNT: i32 = 2;

/// Why a release did not come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RollOutFailureReason {
    /// An image cannot be pulled.
    ImagePull,
    /// An image runs as root, which no app may.
    ImageRunsAsRoot,
    /// A container cannot be started: its program is not there, or cannot be run.
    CannotStart,
    /// A container's program ends again and again.
    CrashLoop,
    /// The pods would need more than the tenant's quota.
    QuotaExceeded,
    /// No node has room, or the volume is not to be had.
    Unschedulable,
    /// A container runs and does not become ready.
    ProbeFailing,
    /// A Secret or `ConfigMap` that a container needs is missing.
    ConfigMissing,
    /// The cluster does not take the pods or objects as they are.
    ObjectRefused,
    /// It took too long for a reason that is not known.
    TooSlow,
}

impl RollOutFailureReason {
    /// All reasons there are.
    pub const ALL: [Self; 10] = [
        Self::ImagePull,
        Self::ImageRunsAsRoot,
        Self::CannotStart,
        Self::CrashLoop,
        Self::QuotaExceeded,
        Self::Unschedulable,
        Self::ProbeFailing,
        Self::ConfigMissing,
        Self::ObjectRefused,
        Self::TooSlow,
    ];

    /// What the owner can do about it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::ImagePull => "Check the image's name and tag, and that its registry gives it to everybody.",
            Self::ImageRunsAsRoot => {
                "Add `USER 1000` to the Dockerfile (a number, not a name), or set `runAsUser` in the pod's \
                 securityContext."
            }
            Self::CannotStart => "Check `command`, `args`, ENTRYPOINT and CMD: the program must be in the image.",
            Self::CrashLoop => "Read the last lines of its log; correct what makes the program end.",
            Self::QuotaExceeded => "Ask for less in `resources`, run fewer replicas, or choose a larger plan.",
            Self::Unschedulable => "Ask for less in `resources`; if it asks for little, tell the platform's operator.",
            Self::ProbeFailing => {
                "Check that the program listens on the port and answers the path of its readiness probe, on all \
                 addresses and not only on localhost."
            }
            Self::ConfigMissing => "Bring the Secret or ConfigMap in the archive, or create it in your namespace.",
            Self::ObjectRefused => "Correct the object as the message says.",
            Self::TooSlow => "Look at the pods with kubectl; what they wait for is in their events.",
        }
    }
}

/// Something that does not come up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollOutFailure {
    /// The kind of failure.
    pub reason: RollOutFailureReason,
    /// The object it happened to: `Deployment web`.
    pub object: String,
    /// What the cluster says.
    pub message: String,
    /// The pod and container whose log may say more.
    pub logs: Option<LogPlace>,
}

/// Where a container's log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// The pod's name.
    pub pod: String,
    /// The container's name.
    pub container: String,
    /// Whether the log of its run before this one is meant.
    pub previous: bool,
}

/// What is to be made of the workloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All run as they should.
    Ready,
    /// They are on their way; if that takes too long, this is why.
    Waiting(RollOutFailure),
    /// They will not come up by themselves.
    Failing(RollOutFailure),
}

/// A Deployment or `StatefulSet`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workload {
    /// `Deployment web`.
    pub object: String,
    /// Whether the cluster has seen its newest form.
    pub is_seen: bool,
    /// Replicas that are wanted.
    pub wanted: i32,
    /// Replicas of its newest form.
    pub updated: i32,
    /// Replicas of its newest form that are ready.
    pub ready: i32,
    /// Why pods of it cannot be made, and for how many seconds.
    pub creation_failure: Option<(String, i64)>,
    /// Its pods in its newest form.
    pub pods: Vec<Pod>,
}

/// A pod.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pod {
    /// Its name.
    pub name: String,
    /// For how many seconds it has been there.
    pub age: i64,
    /// Why it has no node, and for how many seconds.
    pub unschedulable: Option<(String, i64)>,
    /// Its containers, those first that run before the others.
    pub containers: Vec<Container>,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Whether it is ready.
    pub is_ready: bool,
    /// Whether its program runs.
    pub is_running: bool,
    /// How often it was started again.
    pub restarts: i32,
    /// Why it waits: the kubelet's word and its message.
    pub waiting: Option<(String, String)>,
    /// How its last run ended: the exit code and the kubelet's word.
    pub ended: Option<(i32, String)>,
}

/// Judges the workloads: one that will not come up counts more than one that may.
#[must_use]
pub fn judge(workloads: &[Workload]) -> Verdict {
    let verdicts: Vec<_> = workloads.iter().map(judge_workload).collect();
    let failing = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Failing(_)));
    let waiting = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Waiting(_)));
    failing.or(waiting).cloned().unwrap_or(Verdict::Ready)
}

fn judge_workload(workload: &Workload) -> Verdict {
    let failure = |reason, message: &str| RollOutFailure {
        reason,
        object: workload.object.clone(),
        message: message.to_owned(),
        logs: None,
    };
    if workload.is_seen && workload.updated >= workload.wanted && workload.ready >= workload.wanted {
        return Verdict::Ready;
    }
    if let Some((message, seconds)) = &workload.creation_failure
        && workload.is_seen
    {
        let quota = ["exceeded quota", "must specify limits", "usage per Container", "usage per Pod"];
        let quota = quota.iter().any(|words| message.contains(words));
        let reason = if quota { RollOutFailureReason::QuotaExceeded } else { RollOutFailureReason::ObjectRefused };
        let failure = failure(reason, message);
        return if *seconds >= PATIENCE { Verdict::Failing(failure) } else { Verdict::Waiting(failure) };
    }
    let verdicts: Vec<_> = workload.pods.iter().filter_map(|pod| judge_pod(&workload.object, pod)).collect();
    let failing = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Failing(_)));
    failing.or(verdicts.first()).cloned().unwrap_or_else(|| {
        let message = format!("{} of {} replicas are ready", workload.ready, workload.wanted);
        Verdict::Waiting(failure(RollOutFailureReason::TooSlow, &message))
    })
}

/// What a pod says, if it is not simply on its way.
fn judge_pod(object: &str, pod: &Pod) -> Option<Verdict> {
    if let Some((message, seconds)) = &pod.unschedulable {
        let (object, message) = (object.to_owned(), message.clone());
        let failure = RollOutFailure { reason: RollOutFailureReason::Unschedulable, object, message, logs: None };
        return Some(if *seconds >= PATIENCE { Verdict::Failing(failure) } else { Verdict::Waiting(failure) });
    }
    let mut verdicts = pod.containers.iter().filter_map(|container| judge_container(object, pod, container));
    verdicts.next()
}

/// Whether a registry has said that it has no such image; in other cases it may only be away.
fn is_not_there(message: &str) -> bool {
    message.contains("NotFound") || message.contains(": not found")
}

fn judge_container(object: &str, pod: &Pod, container: &Container) -> Option<Verdict> {
    use RollOutFailureReason as Reason;
    let failure = |reason, message: String, previous: Option<bool>| RollOutFailure {
        reason,
        object: object.to_owned(),
        message: format!("{}/{}: {message}", pod.name, container.name),
        logs: previous.map(|previous| LogPlace { pod: pod.name.clone(), container: container.name.clone(), previous }),
    };
    let crashed = || {
        let (code, word) = container.ended.clone().unwrap_or_default();
        let message = format!("its program ended with exit code {code} ({word}), {} times", container.restarts.max(1));
        Verdict::Failing(failure(Reason::CrashLoop, message, Some(container.is_running)))
    };
    match container.waiting.as_ref().map(|(word, message)| (word.as_str(), message.clone())) {
        Some(("InvalidImageName" | "ErrImageNeverPull", message)) => {
            Some(Verdict::Failing(failure(Reason::ImagePull, message, None)))
        }
        Some(("ImagePullBackOff", message)) if pod.age >= PATIENCE_WITH_IMAGES || is_not_there(&message) => {
            Some(Verdict::Failing(failure(Reason::ImagePull, message, None)))
        }
        Some(("ErrImagePull" | "ImagePullBackOff", message)) => {
            Some(Verdict::Waiting(failure(Reason::ImagePull, message, None)))
        }
        Some(("CreateContainerConfigError", message)) if message.contains("run as root") => {
            Some(Verdict::Failing(failure(Reason::ImageRunsAsRoot, message, None)))
        }
        Some(("CreateContainerConfigError", message)) if message.contains("non-numeric user") => {
            Some(Verdict::Failing(failure(Reason::ImageRunsAsRoot, message, None)))
        }
        Some(("CreateContainerConfigError", message)) => {
            Some(Verdict::Failing(failure(Reason::ConfigMissing, message, None)))
        }
        Some(("CreateContainerError" | "RunContainerError", message)) => {
            Some(Verdict::Failing(failure(Reason::CannotStart, message, None)))
        }
        Some(("CrashLoopBackOff", message))
            if container.ended.as_ref().is_some_and(|(_, word)| word == "StartError") =>
        {
            Some(Verdict::Failing(failure(Reason::CannotStart, message, None)))
        }
        Some(("CrashLoopBackOff", _)) => Some(crashed()),
        _ if container.restarts >= RESTARTS_THAT_COUNT => Some(crashed()),
        None if container.is_running && !container.is_ready => {
            let message = "it runs, and is not ready".to_owned();
            Some(Verdict::Waiting(failure(Reason::ProbeFailing, message, Some(false))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(pods: Vec<Pod>) -> Workload {
        let object = "Deployment web".to_owned();
        Workload { object, is_seen: true, wanted: 1, updated: 1, pods, ..Workload::default() }
    }

    fn pod(container: Container) -> Pod {
        let container = Container { name: "app".to_owned(), ..container };
        Pod { name: "web-1".to_owned(), age: PATIENCE_WITH_IMAGES, containers: vec![container], ..Pod::default() }
    }

    fn waiting(word: &str, message: &str) -> Pod {
        pod(Container { waiting: Some((word.to_owned(), message.to_owned())), ..Container::default() })
    }

    fn reason_of(verdict: Verdict) -> (bool, RollOutFailureReason) {
        match verdict {
            Verdict::Failing(failure) => (true, failure.reason),
            Verdict::Waiting(failure) => (false, failure.reason),
            Verdict::Ready => panic!("it is not ready"),
        }
    }

    #[test]
    fn a_release_is_ready_when_every_workload_is_in_its_newest_form() {
        let ready = Workload { ready: 1, ..workload(Vec::new()) };
        assert_eq!(judge(&[]), Verdict::Ready);
        assert_eq!(judge(std::slice::from_ref(&ready)), Verdict::Ready);
        let unseen = Workload { is_seen: false, ..ready.clone() };
        assert_eq!(reason_of(judge(&[ready.clone(), unseen])), (false, RollOutFailureReason::TooSlow));
        let old_pods = Workload { updated: 0, ..ready };
        assert_eq!(reason_of(judge(&[old_pods])), (false, RollOutFailureReason::TooSlow));
    }

    #[test]
    fn what_the_kubelet_says_becomes_one_of_the_reasons() {
        use RollOutFailureReason as Reason;
        let root = "container has runAsNonRoot and image will run as root";
        for (word, message, expected) in [
            ("ImagePullBackOff", "not found", (true, Reason::ImagePull)),
            ("InvalidImageName", "bad", (true, Reason::ImagePull)),
            ("ErrImagePull", "not found", (false, Reason::ImagePull)),
            ("CreateContainerConfigError", root, (true, Reason::ImageRunsAsRoot)),
            ("CreateContainerConfigError", "secret \"x\" not found", (true, Reason::ConfigMissing)),
            ("RunContainerError", "exec: no such file", (true, Reason::CannotStart)),
            ("ContainerCreating", "", (false, Reason::TooSlow)),
        ] {
            assert_eq!(reason_of(judge(&[workload(vec![waiting(word, message)])])), expected, "{word} {message}");
        }
    }

    #[test]
    fn an_image_that_a_young_pod_does_not_get_may_still_come() {
        let young = Pod { age: 30, ..waiting("ImagePullBackOff", "401 Unauthorized") };
        assert_eq!(reason_of(judge(&[workload(vec![young])])), (false, RollOutFailureReason::ImagePull));
    }

    #[test]
    fn an_image_that_its_registry_does_not_have_does_not_come() {
        let message = "rpc error: code = NotFound desc = failed to resolve image: example.com/web:1: not found";
        let young = Pod { age: 12, ..waiting("ImagePullBackOff", message) };
        assert_eq!(reason_of(judge(&[workload(vec![young])])), (true, RollOutFailureReason::ImagePull));
    }

    #[test]
    fn a_program_that_ends_once_may_come_back() {
        let ended = |restarts, waiting: Option<&str>| {
            let waiting = waiting.map(|word| (word.to_owned(), String::new()));
            let ended = Some((1, "Error".to_owned()));
            workload(vec![pod(Container { restarts, waiting, ended, ..Container::default() })])
        };
        assert_eq!(reason_of(judge(&[ended(1, None)])), (false, RollOutFailureReason::TooSlow));
        assert_eq!(reason_of(judge(&[ended(2, None)])), (true, RollOutFailureReason::CrashLoop));
        let Verdict::Failing(failure) = judge(&[ended(1, Some("CrashLoopBackOff"))]) else { panic!("it crashes") };
        assert!(failure.message.contains("exit code 1"), "{}", failure.message);
        assert!(failure.logs.is_some());
    }

    #[test]
    fn a_full_quota_or_node_counts_after_a_while() {
        let full = |seconds| Workload {
            creation_failure: Some(("exceeded quota: roost-quota".to_owned(), seconds)),
            ..workload(Vec::new())
        };
        assert_eq!(reason_of(judge(&[full(1)])), (false, RollOutFailureReason::QuotaExceeded));
        assert_eq!(reason_of(judge(&[full(60)])), (true, RollOutFailureReason::QuotaExceeded));
        let unschedulable = |seconds| {
            workload(vec![Pod { unschedulable: Some(("0/1 nodes".to_owned(), seconds)), ..pod(Container::default()) }])
        };
        assert_eq!(reason_of(judge(&[unschedulable(1)])), (false, RollOutFailureReason::Unschedulable));
        assert_eq!(reason_of(judge(&[unschedulable(60)])), (true, RollOutFailureReason::Unschedulable));
    }

    #[test]
    fn one_that_fails_counts_more_than_one_that_waits() {
        let waits = workload(vec![waiting("ContainerCreating", "")]);
        let fails = workload(vec![waiting("ImagePullBackOff", "gone")]);
        assert_eq!(reason_of(judge(&[waits, fails])), (true, RollOutFailureReason::ImagePull));
        let runs = Container { is_running: true, ..Container::default() };
        assert_eq!(reason_of(judge(&[workload(vec![pod(runs)])])), (false, RollOutFailureReason::ProbeFailing));
    }
}

//! What the cluster itself warns of about a project's workloads, in its own words.

use std::collections::BTreeSet;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use kube::api::ListParams;
use roost_domain::build::log_line::clean;

use super::Deployment;
use crate::ClusterError;

/// The last ones say what is the matter now.
const SHOWN: usize = 10;
/// A namespace with more warnings than these has other troubles.
const READ: u32 = 500;

/// A warning of the cluster's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterWarning {
    /// When it was last given.
    pub at: Timestamp,
    /// About which object: `Pod web-7d9f-x`.
    pub object: String,
    /// Kubernetes' own word for it, such as `FailedScheduling`.
    pub reason: String,
    /// What it says, fit to be shown.
    pub message: String,
    /// How often it was given.
    pub count: u32,
}

impl Deployment {
    /// The last warnings about workloads of these names and what they made, the newest first.
    pub async fn warnings(&self, workloads: &[&str]) -> Result<Vec<ClusterWarning>, ClusterError> {
        let warnings = ListParams::default().fields("type=Warning").limit(READ);
        let events = self.list_whole::<Event>(&warnings).await.map_err(ClusterError::during("list warnings"))?;
        let own = events.iter().filter(|event| is_about(event, workloads));
        let mut found: Vec<_> = own.filter_map(warning).collect();
        found.sort_by_key(|warning| std::cmp::Reverse(warning.at));
        Ok(without_repetitions(found))
    }
}

/// Of one object and kind the newest says what the others said.
fn without_repetitions(warnings: Vec<ClusterWarning>) -> Vec<ClusterWarning> {
    let mut seen = BTreeSet::new();
    let is_new = |warning: &ClusterWarning| seen.insert((warning.object.clone(), warning.reason.clone()));
    warnings.into_iter().filter(is_new).take(SHOWN).collect()
}

/// Pods, and sets of them, are named after the workload that made them.
fn is_about(event: &Event, workloads: &[&str]) -> bool {
    let name = event.involved_object.name.as_deref().unwrap_or_default();
    let made_by =
        |workload: &&str| name.strip_prefix(workload).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    workloads.iter().any(made_by)
}

fn warning(event: &Event) -> Option<ClusterWarning> {
    let series = event.series.as_ref().and_then(|series| series.last_observed_time.as_ref()).map(|time| time.0);
    let at = series.or(event.last_timestamp.as_ref().map(|time| time.0));
    let at = at.or(event.event_time.as_ref().map(|time| time.0))?;
    let object = &event.involved_object;
    let (kind, name) = (object.kind.as_deref().unwrap_or_default(), object.name.as_deref().unwrap_or_default());
    let count = event.series.as_ref().and_then(|series| series.count).or(event.count).unwrap_or(1);
    Some(ClusterWarning {
        at,
        object: format!("{kind} {name}"),
        reason: event.reason.clone().unwrap_or_default(),
        message: clean(event.message.as_deref().unwrap_or_default().as_bytes()),
        count: u32::try_from(count).unwrap_or(1),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(name: &str) -> Event {
        let event = json!({
            "metadata": {}, "involvedObject": {"kind": "Pod", "name": name}, "reason": "FailedScheduling",
            "message": "0/1 nodes\u{1b}[31m are available", "lastTimestamp": "2026-11-21T15:00:00Z", "count": 3,
        });
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn a_warning_is_about_the_workload_that_made_its_object() {
        assert!(is_about(&event("web-7d9f-x"), &["api", "web"]) && is_about(&event("web"), &["web"]));
        assert!(!is_about(&event("webshop-7d9f-x"), &["web"]) && !is_about(&event("web-7d9f-x"), &[]));
    }

    #[test]
    fn a_warning_is_fit_to_be_shown() {
        let warning = warning(&event("web-1")).unwrap();
        assert_eq!((warning.object.as_str(), warning.count), ("Pod web-1", 3));
        assert_eq!(warning.message, "0/1 nodes are available");
        assert_eq!(without_repetitions(vec![warning.clone(), warning.clone()]), [warning]);
    }
}

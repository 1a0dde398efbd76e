//! What the API server has against an object.

use kube::core::Status;
use roost_domain::release::observation::{RollOutFailure, RollOutFailureReason};

/// An object that the API server does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `Deployment web`.
    pub object: String,
    /// What it says.
    pub message: String,
    /// Whether the tenant has not enough left for it.
    pub is_over_quota: bool,
}

impl Refusal {
    /// The refusal an answer is, unless it is one that passes or is the platform's own fault.
    pub(super) fn of(object: &str, status: &Status) -> Option<Self> {
        let message = &status.message;
        let is_over_quota = status.code == 403 && message.contains("exceeded quota");
        let is_about_us = message.contains("cannot impersonate") || message.contains("NamespaceTerminating");
        // What server-side apply answers to a field that there is not is, by its code, a fault of the server's.
        let is_unknown_field = status.code == 500 && message.contains("failed to create typed patch object");
        let is_about_object = matches!(status.code, 400 | 403 | 413 | 422) && !is_about_us || is_unknown_field;
        is_about_object.then(|| Self { object: object.to_owned(), message: message.clone(), is_over_quota })
    }

    /// An object whose name another project of the same tenant has.
    pub(super) fn of_another_project(object: &str, project: &str) -> Self {
        let message = format!("your project {project} has an object of this name already; give this one another name");
        Self { object: object.to_owned(), message, is_over_quota: false }
    }
}

impl From<Refusal> for RollOutFailure {
    fn from(refusal: Refusal) -> Self {
        let Refusal { object, message, is_over_quota } = refusal;
        let reason =
            if is_over_quota { RollOutFailureReason::QuotaExceeded } else { RollOutFailureReason::ObjectRefused };
        Self { reason, object, message, logs: None }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(code: u16, message: &str) -> Option<Refusal> {
        let status: Status = serde_json::from_value(json!({"code": code, "message": message})).unwrap();
        Refusal::of("Deployment web", &status)
    }

    #[test]
    fn what_is_wrong_with_an_object_is_told_from_what_passes_and_from_what_is_ours() {
        let quota = "persistentvolumeclaims \"data\" is forbidden: exceeded quota: roost-quota";
        assert!(refusal(403, quota).unwrap().is_over_quota);
        assert!(!refusal(422, "spec.replicas: Invalid value").unwrap().is_over_quota);
        let field = "failed to create typed patch object: .spec.replica: field not declared in schema";
        assert!(refusal(500, field).is_some());
        assert_eq!(refusal(403, "users is forbidden: cannot impersonate resource"), None);
        for passing in [401, 404, 409, 429, 500, 503] {
            assert_eq!(refusal(passing, "later"), None);
        }
    }
}

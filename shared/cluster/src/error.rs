//! What a cluster's API server answers when it does not do what it was asked.

use kube::core::Status;
use roost_domain::fault::{Classified, Fault};

/// Why a call to a cluster did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("unable to {action}: {source}")]
pub struct ClusterError {
    action: &'static str,
    source: Box<kube::Error>,
}

impl ClusterError {
    /// Names what a call was to do ("create the namespace").
    pub fn during(action: &'static str) -> impl Fn(kube::Error) -> Self + Copy {
        move |error| Self { action, source: Box::new(error) }
    }

    /// Whether the cluster did not answer at all.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(*self.source, kube::Error::HyperError(_) | kube::Error::Service(_))
    }
}

impl Classified for ClusterError {
    fn fault(&self) -> Fault {
        match &*self.source {
            kube::Error::Api(status) => fault_of(status),
            kube::Error::HyperError(_)
            | kube::Error::Service(_)
            | kube::Error::ReadEvents(_)
            // Half an answer, of a connection that broke.
            | kube::Error::SerdeError(_)
            | kube::Error::FromUtf8(_) => Fault::Passing,
            _ => Fault::Ours,
        }
    }
}

fn fault_of(status: &Status) -> Fault {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let terminating = causes.into_iter().any(|cause| cause.reason == "NamespaceTerminating");
    match status.code {
        // 401: the functions' own credential was replaced, and the new one is read within minutes.
        401 | 404 | 409 | 410 | 429 | 500.. => Fault::Passing,
        403 if terminating => Fault::Passing,
        _ => Fault::Ours,
    }
}

/// The status an API server answered with, if the error is one.
pub(crate) fn has_code(error: &kube::Error, code: u16) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == code)
}

/// Turns "not found" into `None`.
pub(crate) fn found<T>(result: Result<T, kube::Error>) -> Result<Option<T>, kube::Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if has_code(&error, 404) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answered(code: u16, cause: &str) -> ClusterError {
        let status = json!({"code": code, "message": "m", "reason": "r", "details": {"causes": [{"reason": cause}]}});
        let status: Status = serde_json::from_value(status).unwrap();
        ClusterError::during("test")(kube::Error::Api(status.boxed()))
    }

    #[test]
    fn conflicts_throttling_server_faults_and_replaced_credentials_pass() {
        for code in [401, 409, 429, 500, 503, 504] {
            assert_eq!(answered(code, "").fault(), Fault::Passing, "{code}");
        }
    }

    #[test]
    fn a_refusal_is_ours_unless_the_namespace_is_on_its_way_out() {
        assert_eq!(answered(403, "").fault(), Fault::Ours);
        assert_eq!(answered(422, "").fault(), Fault::Ours);
        assert_eq!(answered(403, "NamespaceTerminating").fault(), Fault::Passing);
    }
}

//! One error for whatever an AWS service answers, classed by whether it passes.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use roost_domain::fault::{Classified, Fault};

/// Codes by which AWS services say "not now".
const PASSING: &[&str] = &[
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServiceError",
    "KMSInternalException",
    "KeyUnavailableException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// A call to an AWS service that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("unable to {action}: {message}")]
pub struct ServiceFailure {
    action: &'static str,
    message: String,
    code: Option<String>,
    fault: Fault,
}

impl ServiceFailure {
    /// Reads the SDK's error of a call that was to `action` ("read the tenant").
    pub fn new<E, R>(action: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code).map(str::to_owned);
        let fault = match (error, &code) {
            (SdkError::ServiceError(_), Some(code)) if PASSING.contains(&code.as_str()) => Fault::Passing,
            (SdkError::ServiceError(_) | SdkError::ConstructionFailure(_), _) => Fault::Ours,
            _ => Fault::Passing,
        };
        Self { action, message: DisplayErrorContext(error).to_string(), code, fault }
    }

    /// The service's own code for it, such as `ResourceNotFoundException`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

impl Classified for ServiceFailure {
    fn fault(&self) -> Fault {
        self.fault
    }
}

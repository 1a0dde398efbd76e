//! URLs that carry a right for a while.

use std::time::Duration;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::presigning::PresigningConfig;

use super::ObjectError;
use crate::ServiceFailure;

pub(super) fn lifetime(lifetime: Duration) -> Result<PresigningConfig, ObjectError> {
    Ok(PresigningConfig::expires_in(lifetime)?)
}

/// Signing calls nobody; it fails when there are no credentials.
pub(super) fn failed<E, R>(error: &SdkError<E, R>) -> ObjectError
where
    E: aws_sdk_s3::error::ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    ServiceFailure::new("sign a URL", error).into()
}

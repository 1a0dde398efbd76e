//! The kinds of problem: a closed list, for programs to tell apart.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) enum Kind {
    /// The request cannot be read.
    #[serde(rename = "urn:roost:problem:unreadable")]
    Unreadable,
    /// Something in it is not as it has to be.
    #[serde(rename = "urn:roost:problem:input")]
    Input,
    /// It is not known who asks.
    #[serde(rename = "urn:roost:problem:unauthenticated")]
    Unauthenticated,
    /// Whoever asks may not.
    #[serde(rename = "urn:roost:problem:forbidden")]
    Forbidden,
    /// There is no such thing.
    #[serde(rename = "urn:roost:problem:not-found")]
    NotFound,
    /// There is such a thing, and nothing of that kind can be done with it.
    #[serde(rename = "urn:roost:problem:method")]
    Method,
    /// It cannot be as things stand.
    #[serde(rename = "urn:roost:problem:conflict")]
    Conflict,
    /// The same is being done at this moment.
    #[serde(rename = "urn:roost:problem:in-progress")]
    InProgress,
    /// More is asked for than is answered in a minute.
    #[serde(rename = "urn:roost:problem:too-many")]
    TooMany,
    /// It is larger than is taken.
    #[serde(rename = "urn:roost:problem:too-large")]
    TooLarge,
    /// It is not JSON.
    #[serde(rename = "urn:roost:problem:media-type")]
    MediaType,
    /// The project's agent does not answer.
    #[serde(rename = "urn:roost:problem:agent")]
    Agent,
    /// Something does not answer that will in a moment.
    #[serde(rename = "urn:roost:problem:unavailable")]
    Passing,
    /// The fault is the platform's.
    #[serde(rename = "urn:roost:problem:internal")]
    Internal,
}

impl Kind {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Input => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::InProgress => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Agent => StatusCode::BAD_GATEWAY,
            Self::Passing => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Unreadable => "The request cannot be read",
            Self::Input => "The input is not valid",
            Self::Unauthenticated => "Nobody is signed in",
            Self::Forbidden => "This is not allowed",
            Self::NotFound => "There is no such thing",
            Self::Method => "This cannot be done with it",
            Self::Conflict => "It cannot be as things stand",
            Self::InProgress => "It is being done already",
            Self::TooMany => "Too much is asked for",
            Self::TooLarge => "The request is too large",
            Self::MediaType => "The request is not JSON",
            Self::Agent => "The agent has not answered",
            Self::Passing => "Not at the moment",
            Self::Internal => "The platform has failed",
        }
    }
}

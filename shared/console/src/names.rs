//! What a page's address names and asks for.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use roost_domain::naming::ProjectName;
use roost_domain::release::ReleaseNumber;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// A project, and perhaps one of its releases.
pub(crate) struct Named {
    pub(crate) project: ProjectName,
    release: Option<ReleaseNumber>,
}

#[derive(Deserialize)]
struct Texts {
    project: String,
    #[serde(default)]
    release: Option<String>,
}

impl Named {
    /// The release, if the address names one.
    pub(crate) fn release(&self) -> Result<ReleaseNumber, Failure> {
        self.release.ok_or(Failure::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let named = Path::<Texts>::from_request_parts(parts, state).await;
        let Path(Texts { project, release }) = named.map_err(|_| Failure::NotFound)?;
        let project = ProjectName::parse(&project).map_err(|_| Failure::NotFound)?;
        let release = release.map(|text| ReleaseNumber::parse(&text).map_err(|_| Failure::NotFound)).transpose()?;
        Ok(Self { project, release })
    }
}

/// What an address asks for, after its question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Query::try_from_uri(&parts.uri).map(|Query(asked)| Self(asked)).map_err(|_| Failure::NotFound)
    }
}

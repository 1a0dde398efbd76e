//! What a page's address names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use roost_domain::naming::ProjectName;
use roost_domain::release::ReleaseNumber;
use serde::Deserialize;

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

//! What a request is about, as its path names it.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use roost_domain::access::Target;
use roost_domain::naming::{OperationId, ProjectName, TenantId, TokenId};
use roost_domain::release::ReleaseNumber;

use crate::problem::Problem;

/// What a path can name.
pub(crate) trait Subject: Sized + Send {
    /// Reads it; what is not a valid name is the name of nothing.
    fn read(names: &RawPathParams) -> Result<Self, Problem>;

    /// The same for the rules.
    fn target(&self) -> Target<'_>;
}

/// Nothing in particular.
pub(crate) struct Nobody;

/// A user.
pub(crate) struct OfUser {
    pub(crate) tenant: TenantId,
}

/// A project of a user.
pub(crate) struct OfProject {
    pub(crate) tenant: TenantId,
    pub(crate) project: ProjectName,
}

impl Subject for Nobody {
    fn read(_: &RawPathParams) -> Result<Self, Problem> {
        Ok(Self)
    }

    fn target(&self) -> Target<'_> {
        Target { tenant: None, project: None }
    }
}

impl Subject for OfUser {
    fn read(names: &RawPathParams) -> Result<Self, Problem> {
        Ok(Self { tenant: name(names, "userId", TenantId::parse)? })
    }

    fn target(&self) -> Target<'_> {
        Target { tenant: Some(&self.tenant), project: None }
    }
}

impl Subject for OfProject {
    fn read(names: &RawPathParams) -> Result<Self, Problem> {
        let project = name(names, "projectId", ProjectName::parse)?;
        Ok(Self { tenant: name(names, "userId", TenantId::parse)?, project })
    }

    fn target(&self) -> Target<'_> {
        Target { tenant: Some(&self.tenant), project: Some(&self.project) }
    }
}

/// One more thing that a path names.
pub(crate) struct Named<T>(pub(crate) T);

/// What [`Named`] reads, and under which name.
pub(crate) trait InPath: Sized {
    const NAME: &'static str;

    fn parse(text: &str) -> Option<Self>;
}

impl InPath for ReleaseNumber {
    const NAME: &'static str = "release";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl InPath for OperationId {
    const NAME: &'static str = "operationId";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl InPath for TokenId {
    const NAME: &'static str = "tokenId";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl<T: InPath, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let names = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        name(&names, T::NAME, |text| T::parse(text).ok_or(())).map(Self)
    }
}

fn name<T, E>(names: &RawPathParams, wanted: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, Problem> {
    let found = names.iter().find(|(name, _)| *name == wanted);
    found.and_then(|(_, text)| parse(text).ok()).ok_or_else(Problem::not_found)
}

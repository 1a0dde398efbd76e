//! A permit: what its holder asked for, and may do.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use roost_domain::access::{Action, Caller, authorize};
use tracing::Span;

use super::Gate;
use super::subject::Subject;
use crate::backend::Backend;
use crate::problem::Problem;

/// What a handler needs a permit for.
pub(crate) trait Asks: Send {
    /// The action.
    const ACTION: Action;
    /// What its path names.
    type Subject: Subject;
}

/// The permit to do one thing.
pub(crate) struct Permit<A: Asks> {
    /// Who asks.
    pub(crate) caller: Caller,
    /// What it is about.
    pub(crate) subject: A::Subject,
    /// What is behind the API.
    pub(crate) backend: Arc<Backend>,
    action: PhantomData<A>,
}

/// Declares what can be asked for, each with what its path names.
macro_rules! asked {
    ($($action:ident: $subject:ty),+ $(,)?) => {
        $(pub(crate) struct $action;

        impl $crate::gate::Asks for $action {
            const ACTION: roost_domain::access::Action = roost_domain::access::Action::$action;
            type Subject = $subject;
        })+
    };
}
pub(crate) use asked;

impl<A: Asks, S: Send + Sync> FromRequestParts<S> for Permit<A>
where
    Gate: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let gate = Gate::from_ref(state);
        let caller = gate.caller(&parts.headers).await?;
        Span::current().record("caller", tracing::field::display(&caller));
        gate.count(&caller).await?;
        let names = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        let subject = A::Subject::read(&names)?;
        authorize(&caller, A::ACTION, subject.target())?;
        Ok(Self { caller, subject, backend: gate.backend, action: PhantomData })
    }
}

//! A permit: what its holder asked for, and may do.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use futures::join;
use roost_domain::access::{Action, Caller, Target, authorize};
use roost_domain::tenant::Tenant;
use tracing::Span;

use super::Gate;
use super::subject::Subject;
use crate::backend::Backend;
use crate::homes::UserHome;
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
    /// The tenant it is about, who is there; absent if it is about none.
    tenant: Option<Tenant>,
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
        let names = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        let subject = A::Subject::read(&names)?;
        // What is refused counts, too.
        let (counted, admitted) = join!(gate.count(&caller), gate.admit(&caller, A::ACTION, subject.target()));
        counted?;
        let tenant = admitted?;
        Ok(Self { caller, subject, backend: gate.backend, tenant, action: PhantomData })
    }
}

impl Gate {
    /// The tenant that may be asked about: nothing is told of one who is gone.
    async fn admit(&self, caller: &Caller, action: Action, target: Target<'_>) -> Result<Option<Tenant>, Problem> {
        authorize(caller, action, target)?;
        match target.tenant {
            Some(user) => self.backend.tenant(user).await.map(Some),
            None => Ok(None),
        }
    }
}

impl<A: Asks> Permit<A> {
    /// The tenant it is about.
    pub(crate) fn tenant(&self) -> Result<&Tenant, Problem> {
        self.tenant.as_ref().ok_or_else(Problem::not_found)
    }

    /// Where that tenant's projects run.
    pub(crate) async fn home(&self) -> Result<UserHome, Problem> {
        self.backend.home(self.tenant()?).await
    }
}

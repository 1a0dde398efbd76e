//! The gate that every request passes: who asks, what for, and whether they may. What is behind the API is reached
//! through a permit alone, so no handler can forget to ask for one.

mod bearer;
mod permit;
mod rate;
mod subject;

use std::sync::Arc;

use roost_identity::Keys;

pub(crate) use permit::{Asks, Permit, asked};
pub(crate) use subject::{Named, Nobody, OfProject, OfUser};

use crate::backend::Backend;

/// The gate, with all that is behind it.
#[derive(Clone)]
pub(crate) struct Gate {
    backend: Arc<Backend>,
    keys: Keys,
}

impl Gate {
    /// The gate before a backend.
    pub(crate) fn new(backend: Backend) -> Result<Self, roost_identity::KeysError> {
        let keys = Keys::new(backend.settings.expectation.clone())?;
        Ok(Self { backend: Arc::new(backend), keys })
    }

    /// What is behind it, for those who set it up.
    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    /// The keys by which it knows who asks.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }
}

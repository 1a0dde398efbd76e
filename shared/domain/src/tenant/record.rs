//! The record of a tenant, and the only ways it may change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EmailHash, EventVersion, SignUp};
use crate::credential::Credential;
use crate::naming::{ClusterName, Slug, TenantId};

/// A tenant as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The website's id of the user.
    pub id: TenantId,
    /// The version of the newest event that was taken.
    pub version: EventVersion,
    /// How often the record was written; each write names the revision it replaces.
    pub revision: u64,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// The plan's name as the website sent it.
    pub plan: Option<String>,
    /// Who signed up; absent until the signup was seen, and after the deletion.
    pub profile: Option<Profile>,
    /// Where the tenant stands.
    pub state: TenantState,
    /// What holds the tenant up, in words for people; absent while nothing does.
    pub reason: Option<String>,
}

/// What a signup says of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name as it was typed.
    pub name: String,
    /// The hash of the mail address.
    pub email_hash: EmailHash,
}

/// Where a tenant lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Its claimed name.
    pub slug: Slug,
    /// The cluster that has a place reserved for it.
    pub cluster: ClusterName,
    /// The namespace's uid, once it is there.
    pub namespace_uid: Option<String>,
    /// The credential in force, once there is one.
    pub credential: Option<Credential>,
}

/// How far a deletion is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When it began.
    pub started_at: Timestamp,
    /// The persistent volumes that were bound in the namespace: some outlive it.
    pub volumes: Vec<String>,
}

/// What a tenant lacks until it is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaiting {
    /// Its objects are to be set.
    Objects,
    /// They are set, and the cluster has yet to enforce the quota.
    Quota,
}

/// Where a tenant stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum TenantState {
    /// A change of plan came before the signup it belongs to.
    Announced,
    /// Its objects are being made to fit its plan.
    Provisioning {
        /// Where.
        home: Home,
        /// What is still missing.
        awaiting: Awaiting,
    },
    /// It can be used.
    Ready {
        /// Where.
        home: Home,
    },
    /// Its rights are being taken and its namespace removed.
    Deleting {
        /// Where it lived.
        home: Home,
        /// How far that is.
        deletion: Deletion,
    },
    /// It is gone; the record stays, so that no late event brings it back.
    Deleted,
}

impl TenantState {
    /// The state's name, for logs and pages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Provisioning { .. } => "provisioning",
            Self::Ready { .. } => "ready",
            Self::Deleting { .. } => "deleting",
            Self::Deleted => "deleted",
        }
    }
}

impl Tenant {
    /// A tenant of whom only an event without effect in a cluster is known.
    #[must_use]
    pub fn without_home(
        id: TenantId,
        version: EventVersion,
        plan: Option<String>,
        state: TenantState,
        now: Timestamp,
    ) -> Self {
        Self { id, version, revision: 1, updated_at: now, plan, profile: None, state, reason: None }
    }

    /// A tenant that has just claimed a slug and a place on a cluster, in place of `before`.
    #[must_use]
    pub fn claimed(
        id: TenantId,
        version: EventVersion,
        signup: &SignUp,
        home: (Slug, ClusterName),
        before: Option<&Self>,
        now: Timestamp,
    ) -> Self {
        let announced = before.filter(|tenant| tenant.state == TenantState::Announced && tenant.version > version);
        let (slug, cluster) = home;
        Self {
            id,
            version: announced.map_or(version, |tenant| tenant.version),
            revision: before.map_or(1, |tenant| tenant.revision + 1),
            updated_at: now,
            plan: announced.and_then(|tenant| tenant.plan.clone()).or_else(|| Some(signup.plan.clone())),
            profile: Some(Profile { name: signup.name.clone(), email_hash: signup.email_hash.clone() }),
            state: TenantState::Provisioning {
                home: Home { slug, cluster, namespace_uid: None, credential: None },
                awaiting: Awaiting::Objects,
            },
            reason: None,
        }
    }

    /// The same tenant in another state.
    #[must_use]
    pub fn moved_to(&self, state: TenantState, now: Timestamp) -> Self {
        let gone = state == TenantState::Deleted;
        Self {
            revision: self.revision + 1,
            updated_at: now,
            profile: self.profile.clone().filter(|_| !gone),
            plan: self.plan.clone().filter(|_| !gone),
            state,
            reason: None,
            ..self.clone()
        }
    }

    /// The same tenant after a newer event.
    #[must_use]
    pub fn at_version(self, version: EventVersion) -> Self {
        Self { version, ..self }
    }

    /// The same tenant with another plan.
    #[must_use]
    pub fn on_plan(self, plan: String) -> Self {
        Self { plan: Some(plan), ..self }
    }

    /// The same tenant, held up by something.
    #[must_use]
    pub fn held_up(&self, reason: String, now: Timestamp) -> Self {
        Self { reason: Some(reason), ..self.moved_to(self.state.clone(), now) }
    }

    /// Where the tenant lives or lived, unless it never did or nothing of it is left.
    #[must_use]
    pub fn home(&self) -> Option<&Home> {
        match &self.state {
            TenantState::Provisioning { home, .. }
            | TenantState::Ready { home }
            | TenantState::Deleting { home, .. } => Some(home),
            TenantState::Announced | TenantState::Deleted => None,
        }
    }

    /// When somebody has to look after the tenant's credential again; never while the tenant is going.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        match &self.state {
            TenantState::Ready { home } => home.credential.as_ref().map(Credential::due_at),
            _ => None,
        }
    }
}

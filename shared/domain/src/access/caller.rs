//! Who asks.

use crate::naming::{ProjectName, TenantId, TokenId};

/// Whoever sent a request, once that is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A user, by a token of the website's identity provider.
    User(TenantId),
    /// A program, by a token that a user made for it.
    Agent(Agent),
    /// The website itself.
    Website {
        /// The user it acts for; absent if it acts for none.
        acting_for: Option<TenantId>,
    },
}

/// A program that acts for a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The user.
    pub owner: TenantId,
    /// The token it came with.
    pub token: TokenId,
    /// The one project it may do anything about; absent for all of the user's.
    pub project: Option<ProjectName>,
}

impl Caller {
    /// The user whose things it can be about.
    #[must_use]
    pub fn acts_for(&self) -> Option<&TenantId> {
        match self {
            Self::User(user) | Self::Agent(Agent { owner: user, .. }) => Some(user),
            Self::Website { acting_for } => acting_for.as_ref(),
        }
    }

    /// The one project it may do anything about, if it is confined to one.
    #[must_use]
    pub fn confined_to(&self) -> Option<&ProjectName> {
        match self {
            Self::Agent(agent) => agent.project.as_ref(),
            Self::User(_) | Self::Website { .. } => None,
        }
    }
}

/// As the record of what happened has it.
impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(user) => write!(f, "user {user}"),
            Self::Agent(agent) => write!(f, "token {}", agent.token),
            Self::Website { acting_for: Some(user) } => write!(f, "website for user {user}"),
            Self::Website { acting_for: None } => f.write_str("website"),
        }
    }
}

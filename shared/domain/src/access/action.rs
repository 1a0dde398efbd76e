//! All that can be asked of the API.

/// Something that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// To know which users there are: all for the website, oneself for anybody else.
    ListUsers,
    /// To know which agents the operator allows.
    ListAgents,
    /// To know where a user's tenant stands.
    ReadUser,
    /// To know which projects a user has.
    ListProjects,
    /// To begin a project.
    CreateProject,
    /// To see a project.
    ReadProject,
    /// To end a project.
    DeleteProject,
    /// To have a project's app awake now.
    Activate,
    /// To have it asleep as soon as nobody uses it.
    Deactivate,
    /// To have it awake for a time.
    KeepAwake,
    /// To tell its agent something.
    SendMessage,
    /// To see how its app is.
    ReadStatus,
    /// To read what its pods print.
    ReadLogs,
    /// To bring an archive.
    Upload,
    /// To see a project's releases.
    ListReleases,
    /// To see one of them.
    ReadRelease,
    /// To read how it was built.
    ReadReleaseLogs,
    /// To know which release an upload became.
    FindRelease,
    /// To stop it.
    CancelRelease,
    /// To run an earlier one again.
    RollBack,
    /// To read what happened to a project.
    ReadProjectEvents,
    /// To read what happened to a user's tenant, and who did it.
    ReadEvents,
    /// To see what a user's projects use together, and may.
    ReadUsage,
    /// To see how far something is that was asked for.
    ReadOperation,
    /// To see which tokens there are.
    ListTokens,
    /// To make a token.
    CreateToken,
    /// To take a token back.
    RevokeToken,
    /// To get the key to one's corner of the cluster.
    ReadKubeconfig,
}

impl Action {
    /// Whether it makes or shows something that outlives or exceeds a token: no token may do that, or one that was taken
    /// back would live on in those it made.
    #[must_use]
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::ListTokens | Self::CreateToken | Self::RevokeToken | Self::ReadKubeconfig)
    }

    /// Whether it is about no user's things.
    #[must_use]
    pub fn is_about_nobodys(self) -> bool {
        matches!(self, Self::ListUsers | Self::ListAgents)
    }

    /// Whether it is about all of a user's projects, and tells of each.
    #[must_use]
    pub fn tells_of_all_projects(self) -> bool {
        matches!(self, Self::CreateProject | Self::ReadEvents)
    }
}

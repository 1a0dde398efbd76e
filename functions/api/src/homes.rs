//! Where a user's projects run.

use kube::Client;
use roost_cluster::app::{App, Apps};
use roost_cluster::deployment::Deployment;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::tenant::{Home, Tenant, TenantState};

use crate::backend::Backend;
use crate::problem::Problem;

/// A user's place in a cluster.
pub(crate) struct UserHome {
    /// Where it lives.
    pub(crate) home: Home,
    /// The cluster, as the platform.
    pub(crate) client: Client,
}

impl UserHome {
    /// The user's namespace.
    pub(crate) fn namespace(&self) -> String {
        self.home.slug.namespace()
    }

    /// The apps of the cluster.
    pub(crate) fn apps(&self) -> Apps {
        Apps::new(self.client.clone())
    }

    /// The app of a project, if it has one.
    pub(crate) async fn app(&self, project: &ProjectName) -> Result<Option<App>, Problem> {
        Ok(self.apps().get(&self.namespace(), project.as_str()).await?)
    }

    /// A project's objects, seen with no more rights than their owner has.
    pub(crate) fn deployment(&self, project: &ProjectName) -> Deployment {
        Deployment::new(self.client.clone(), self.namespace(), project.clone())
    }
}

impl Backend {
    /// The tenant of a user who is there.
    pub(crate) async fn tenant(&self, user: &TenantId) -> Result<Tenant, Problem> {
        let tenant = self.base.table.tenant(user).await?;
        tenant.filter(|tenant| tenant.state != TenantState::Deleted).ok_or_else(Problem::not_found)
    }

    /// Where a user's projects run.
    pub(crate) async fn home(&self, tenant: &Tenant) -> Result<UserHome, Problem> {
        let home = match &tenant.state {
            TenantState::Ready { home } | TenantState::Provisioning { home, .. } => home.clone(),
            state => {
                let detail = format!("The account is {}.", state.name());
                return Err(Problem::conflict(detail, "Ask again once it is ready."));
            }
        };
        let client = self.base.clusters.client(&home.cluster).await?;
        Ok(UserHome { home, client })
    }
}

//! Clusters as places for tenants, and which of them takes the next one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::naming::ClusterName;

/// What an operator wants of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterState {
    /// It takes tenants.
    Open,
    /// It keeps those it has and takes no more.
    Draining,
}

/// How the functions find a cluster and show who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ConnectionSource {
    /// A secret with `{"host", "token", "ca"}` or `{"kubeconfig"}`.
    Secret {
        /// The secret's name or ARN.
        secret_id: String,
    },
    /// An EKS cluster with an access entry for the functions' role.
    Eks {
        /// The cluster's name in EKS.
        cluster_name: String,
        /// Its region.
        region: String,
        /// Its API server's address, `https://…`.
        endpoint: String,
        /// Its certificate authority, as EKS gives it: PEM in base64.
        ca: String,
    },
}

/// How full a cluster is, and whether it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupancy {
    /// The cluster.
    pub name: ClusterName,
    /// What is wanted of it.
    pub state: ClusterState,
    /// Tenants on it, those that are going included.
    pub tenants: u32,
    /// The most it takes.
    pub capacity: u32,
    /// Until when it is spared, because it did not answer.
    pub spared_until: Option<Timestamp>,
}

impl Occupancy {
    fn takes_tenants(&self, now: Timestamp) -> bool {
        let answers = self.spared_until.is_none_or(|until| until <= now);
        self.state == ClusterState::Open && self.tenants < self.capacity && answers
    }

    fn fill(&self) -> f64 {
        f64::from(self.tenants) / f64::from(self.capacity)
    }
}

/// The clusters that take a tenant now, the emptiest (by share of its capacity) first.
#[must_use]
pub fn placement(clusters: &[Occupancy], now: Timestamp) -> Vec<ClusterName> {
    let mut open: Vec<_> = clusters.iter().filter(|cluster| cluster.takes_tenants(now)).collect();
    open.sort_by(|a, b| a.fill().total_cmp(&b.fill()).then_with(|| a.name.cmp(&b.name)));
    open.into_iter().map(|cluster| cluster.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn cluster(name: &str, tenants: u32, capacity: u32) -> Occupancy {
        let name = ClusterName::parse(name).unwrap();
        Occupancy { name, state: ClusterState::Open, tenants, capacity, spared_until: None }
    }

    fn names(clusters: &[Occupancy]) -> Vec<String> {
        placement(clusters, Timestamp::UNIX_EPOCH).into_iter().map(String::from).collect()
    }

    #[test]
    fn the_emptiest_cluster_by_share_comes_first() {
        assert_eq!(names(&[cluster("a", 10, 20), cluster("b", 100, 8_000), cluster("c", 0, 5)]), ["c", "b", "a"]);
    }

    #[test]
    fn full_draining_and_silent_clusters_take_nobody() {
        let now = Timestamp::UNIX_EPOCH;
        let draining = Occupancy { state: ClusterState::Draining, ..cluster("draining", 0, 9) };
        let silent = Occupancy { spared_until: Some(now + Duration::from_mins(1)), ..cluster("silent", 0, 9) };
        let again = Occupancy { spared_until: Some(now), ..cluster("again", 0, 9) };
        assert_eq!(names(&[cluster("full", 9, 9), draining, silent, again]), ["again"]);
    }
}

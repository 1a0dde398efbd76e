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
    fn takes_tenants(&self) -> bool {
        self.state == ClusterState::Open && self.tenants < self.capacity
    }

    fn is_spared(&self, now: Timestamp) -> bool {
        self.spared_until.is_some_and(|until| now < until)
    }

    fn fill(&self) -> f64 {
        f64::from(self.tenants) / f64::from(self.capacity)
    }
}

/// A cluster that takes a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The cluster.
    pub cluster: ClusterName,
    /// It did not answer a moment ago: the tenant comes here only if no other cluster has room.
    pub is_last_resort: bool,
}

/// Where a tenant can go, the emptiest cluster (by share of its capacity) first. What is spared comes last and not
/// never: one slow answer of an only cluster would else keep all signups waiting.
#[must_use]
pub fn placement(clusters: &[Occupancy], now: Timestamp) -> Vec<Place> {
    let mut open: Vec<_> = clusters.iter().filter(|cluster| cluster.takes_tenants()).collect();
    let is_spared = |cluster: &Occupancy| cluster.is_spared(now);
    open.sort_by(|a, b| {
        let by_fill = a.fill().total_cmp(&b.fill()).then_with(|| a.name.cmp(&b.name));
        is_spared(a).cmp(&is_spared(b)).then(by_fill)
    });
    open.into_iter()
        .map(|cluster| Place { cluster: cluster.name.clone(), is_last_resort: is_spared(cluster) })
        .collect()
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
        placement(clusters, Timestamp::UNIX_EPOCH).into_iter().map(|place| place.cluster.to_string()).collect()
    }

    #[test]
    fn the_emptiest_cluster_by_share_comes_first() {
        assert_eq!(names(&[cluster("a", 10, 20), cluster("b", 100, 8_000), cluster("c", 0, 5)]), ["c", "b", "a"]);
    }

    #[test]
    fn full_and_draining_clusters_take_nobody() {
        let draining = Occupancy { state: ClusterState::Draining, ..cluster("draining", 0, 9) };
        assert!(names(&[cluster("full", 9, 9), draining]).is_empty());
    }

    #[test]
    fn a_silent_cluster_is_the_last_resort_until_it_is_tried_again() {
        let now = Timestamp::UNIX_EPOCH;
        let silent = Occupancy { spared_until: Some(now + Duration::from_mins(1)), ..cluster("silent", 0, 9) };
        let again = Occupancy { spared_until: Some(now), ..cluster("again", 8, 9) };
        let places = placement(&[silent, again], now);
        let found: Vec<_> = places.iter().map(|place| (place.cluster.as_str(), place.is_last_resort)).collect();
        assert_eq!(found, [("again", false), ("silent", true)]);
    }
}

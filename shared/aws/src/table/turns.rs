//! Whose build had its turn when, so that the next turn is somebody else's; and who is handing out turns right now.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roost_domain::naming::{ClusterName, TenantId};
use serde::{Deserialize, Serialize};

use super::clusters::partition;
use super::item::{from_item, key, to_item};
use super::{Table, TableError};
use crate::ServiceFailure;

const TURNS: &str = "BUILD-TURNS";

/// The turns handed out in a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnsRecord {
    /// How often the record was written; each write names the revision it replaces.
    pub revision: u64,
    /// When each tenant had its last turn.
    pub served: BTreeMap<TenantId, Timestamp>,
    /// Builds that were let in a moment ago, which the cluster may not show as running yet, by the Job's name.
    pub let_in: BTreeMap<String, Timestamp>,
}

impl Table {
    /// The turns in a cluster.
    pub async fn turns(&self, cluster: &ClusterName) -> Result<TurnsRecord, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key(&partition(cluster), TURNS)));
        let got = get.consistent_read(true).send().await;
        let got = got.map_err(|error| ServiceFailure::new("read the builds' turns", &error))?;
        Ok(got.item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// Writes the turns in place of the revision before; whoever meets a conflict decides anew.
    pub async fn save_turns(&self, cluster: &ClusterName, turns: &TurnsRecord) -> Result<(), TableError> {
        let item = to_item(&partition(cluster), TURNS, turns)?;
        let put = super::transaction::put(self.put_of_revision(item, turns.revision)?);
        self.transact_or_conflict("save the builds' turns", vec![put]).await
    }
}

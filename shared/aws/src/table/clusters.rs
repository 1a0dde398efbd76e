//! Clusters: how to reach each, and how many tenants it has.

use jiff::Timestamp;
use roost_domain::cluster::{ClusterState, ConnectionSource, Occupancy};
use roost_domain::naming::ClusterName;
use serde::{Deserialize, Serialize};

use super::item::{META, from_item, key, number, seconds, text, to_item};
use super::{Table, TableError};
use crate::ServiceFailure;

/// A cluster as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterRecord {
    /// Its name.
    pub name: ClusterName,
    /// How to reach it.
    pub connection: ConnectionSource,
    /// What is wanted of it.
    pub state: ClusterState,
    /// Tenants on it.
    pub tenants: u32,
    /// The most it takes. Kubernetes is good for 10,000 namespaces; 8,000 tenants leave room for those that are going.
    pub capacity: u32,
    /// Until when it is spared, in seconds since 1970.
    pub spared_until: Option<i64>,
}

impl ClusterRecord {
    /// How full it is.
    #[must_use]
    pub fn occupancy(&self) -> Occupancy {
        Occupancy {
            name: self.name.clone(),
            state: self.state,
            tenants: self.tenants,
            capacity: self.capacity,
            spared_until: self.spared_until.and_then(|second| Timestamp::from_second(second).ok()),
        }
    }
}

pub(super) fn partition(cluster: &ClusterName) -> String {
    format!("CLUSTER#{cluster}")
}

impl Table {
    /// All registered clusters.
    pub async fn clusters(&self) -> Result<Vec<ClusterRecord>, TableError> {
        let query = self.client.query().table_name(&self.name).index_name("kind");
        let query = query.key_condition_expression("kind_pk = :kind");
        let pages = query.expression_attribute_values(":kind", text("cluster")).into_paginator().items().send();
        let items = pages.collect::<Result<Vec<_>, _>>().await;
        let items = items.map_err(|error| ServiceFailure::new("list the clusters", &error))?;
        items.into_iter().map(from_item).collect()
    }

    /// Registers a cluster, or changes how it is reached, what is wanted of it and its capacity; the count of its
    /// tenants stays.
    pub async fn register_cluster(
        &self,
        name: &ClusterName,
        connection: &ConnectionSource,
        state: ClusterState,
        capacity: u32,
    ) -> Result<(), TableError> {
        let record = ClusterRecord {
            name: name.clone(),
            connection: connection.clone(),
            state,
            tenants: 0,
            capacity,
            spared_until: None,
        };
        let mut values = to_item(&partition(name), META, &record)?;
        let mut value =
            |field: &str| values.remove(field).unwrap_or(aws_sdk_dynamodb::types::AttributeValue::Null(true));
        let update = self.client.update_item().table_name(&self.name).set_key(Some(key(&partition(name), META)));
        let update = update.update_expression(
            "SET #name = :name, #connection = :connection, #state = :state, #capacity = :capacity, \
             #tenants = if_not_exists(#tenants, :none), kind_pk = :kind, kind_sk = :name",
        );
        let update = ["name", "connection", "state", "capacity", "tenants"]
            .into_iter()
            .fold(update, |update, field| update.expression_attribute_names(format!("#{field}"), field));
        let sent = ["name", "connection", "state", "capacity"]
            .into_iter()
            .fold(update, |update, field| update.expression_attribute_values(format!(":{field}"), value(field)))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":kind", text("cluster"))
            .send()
            .await;
        sent.map_err(|error| ServiceFailure::new("register the cluster", &error))?;
        Ok(())
    }

    /// Sends signups elsewhere until `until`, if any other cluster has room: this one did not answer.
    pub async fn spare_cluster(&self, name: &ClusterName, until: Timestamp) -> Result<(), TableError> {
        let update = self.client.update_item().table_name(&self.name).set_key(Some(key(&partition(name), META)));
        let update = update.update_expression("SET spared_until = :until").condition_expression("attribute_exists(pk)");
        let sent = update.expression_attribute_values(":until", seconds(until)).send().await;
        sent.map_err(|error| ServiceFailure::new("spare the cluster", &error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::super::item::Item;
    use super::*;

    /// As the README puts it into the table.
    #[test]
    fn a_cluster_that_was_registered_by_hand_is_read() {
        let connection =
            [("kind", "eks"), ("cluster_name", "prod"), ("region", "eu-west-1"), ("endpoint", "e"), ("ca", "c")];
        let connection = connection.map(|(field, value)| (field.to_owned(), text(value)));
        let mut item: Item = [("name", "eu-1"), ("state", "open"), ("kind_pk", "cluster"), ("kind_sk", "eu-1")]
            .map(|(field, value)| (field.to_owned(), text(value)))
            .into();
        item.insert("tenants".to_owned(), number(0));
        item.insert("capacity".to_owned(), number(8_000));
        item.insert("connection".to_owned(), AttributeValue::M(connection.into()));
        let record: ClusterRecord = from_item(item).unwrap();
        assert!(matches!(record.connection, ConnectionSource::Eks { ref region, .. } if region == "eu-west-1"));
        assert_eq!((record.capacity, record.spared_until), (8_000, None));
    }
}

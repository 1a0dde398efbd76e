//! What the fields of users' objects may say. It refuses at least what the cluster's admission would, before anything
//! is built and with words that name the remedy.

mod affinity;
mod autoscaling;
mod configuration;
mod container;
mod fields;
mod job;
mod pod;
mod security_context;
mod service;
mod volume;
mod volume_claim;
mod workload;

pub(super) use fields::Fields;
pub(super) use pod::containers;

use super::kind::Kind;
use super::metadata;
use super::object::Object;
use crate::artifact::Findings;

/// Checks one object by itself.
pub(super) fn check(object: &Object, findings: &mut Findings) {
    let node = &object.node;
    metadata::check(node, findings);
    match object.kind {
        Kind::ConfigMap => configuration::check_config_map(node, findings),
        Kind::Secret => configuration::check_secret(node, findings),
        Kind::PersistentVolumeClaim => volume_claim::check(node, findings),
        Kind::Service => service::check(node, findings),
        Kind::Deployment => workload::check_deployment(node, findings),
        Kind::StatefulSet => workload::check_stateful_set(node, findings),
        Kind::CronJob => job::check_cron_job(node, findings),
        Kind::Job => job::check_job(node, findings),
        Kind::HorizontalPodAutoscaler => autoscaling::check_autoscaler(node, findings),
        Kind::PodDisruptionBudget => autoscaling::check_disruption_budget(node, findings),
    }
}

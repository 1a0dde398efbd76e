//! What of a release's objects sleeps and wakes.

use serde_json::{Value, json};

use super::{AppWorkload, PodCompute, WorkloadKind};
use crate::label::EPOCH;
use crate::plan::ContainerDefault;

/// A Deployment or `StatefulSet` among a release's objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleasedWorkload<'a> {
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its name.
    pub name: &'a str,
    /// How many pods its object asks for, if it says so.
    pub replicas: Option<u32>,
    /// What its pods are made from.
    template: &'a Value,
}

impl ReleasedWorkload<'_> {
    /// Whether it is the one of that kind and name.
    #[must_use]
    pub fn is(&self, kind: WorkloadKind, name: &str) -> bool {
        self.kind == kind && self.name == name
    }

    /// The same as a part of its app, where a container that asks for nothing gets what its tenant's plan says.
    #[must_use]
    pub fn in_app(&self, default: &ContainerDefault) -> AppWorkload {
        AppWorkload {
            kind: self.kind,
            name: self.name.to_owned(),
            replicas: self.replicas.unwrap_or(1),
            // What keeps a state is mostly what the others ask for it.
            wave: u32::from(self.kind == WorkloadKind::Deployment),
            pod: PodCompute::of_template(self.template, default),
        }
    }
}

/// The workloads among a release's objects.
pub fn workloads_of(objects: &[Value]) -> impl Iterator<Item = ReleasedWorkload<'_>> {
    objects.iter().filter_map(|object| {
        let replicas = object.pointer("/spec/replicas").and_then(Value::as_u64);
        Some(ReleasedWorkload {
            kind: kind_of(object)?,
            name: object.pointer("/metadata/name")?.as_str()?,
            replicas: replicas.and_then(|replicas| u32::try_from(replicas).ok()),
            template: object.pointer("/spec/template").unwrap_or(&Value::Null),
        })
    })
}

/// Notes on the workloads in which epoch of their app they are applied: nobody who is late scales them after that.
pub fn note_epoch(objects: &mut [Value], epoch: u64) {
    for object in objects.iter_mut().filter(|object| kind_of(object).is_some()) {
        let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
        let Some(metadata) = metadata else { continue };
        let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.insert(EPOCH.to_owned(), epoch.to_string().into());
        }
    }
}

fn kind_of(object: &Value) -> Option<WorkloadKind> {
    match object.get("kind")?.as_str()? {
        "Deployment" => Some(WorkloadKind::Deployment),
        "StatefulSet" => Some(WorkloadKind::StatefulSet),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Quantity;

    fn objects() -> Vec<Value> {
        vec![
            json!({"kind": "Service", "metadata": {"name": "web"}}),
            json!({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 3}}),
            json!({"kind": "StatefulSet", "metadata": {"name": "db", "annotations": {"a": "b"}}, "spec": {}}),
        ]
    }

    #[test]
    fn what_keeps_a_state_wakes_first() {
        let amount = |text| Quantity::parse(text).unwrap();
        let default = ContainerDefault { cpu: amount("50m"), memory: amount("64Mi") };
        let workloads: Vec<_> = workloads_of(&objects()).map(|workload| workload.in_app(&default)).collect();
        let seen: Vec<_> =
            workloads.iter().map(|workload| (workload.name.as_str(), workload.replicas, workload.wave)).collect();
        assert_eq!(seen, [("web", 3, 1), ("db", 1, 0)]);
    }

    #[test]
    fn only_workloads_note_their_epoch() {
        let mut objects = objects();
        note_epoch(&mut objects, 7);
        let noted = |object: &Value| object["metadata"]["annotations"].clone();
        assert_eq!(
            objects.iter().map(noted).collect::<Vec<_>>(),
            [Value::Null, json!({EPOCH: "7"}), json!({"a": "b", EPOCH: "7"})]
        );
    }
}

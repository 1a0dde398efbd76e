//! What a change adds to what a tenant uses of its plan, before it is made.

use super::{ContainerDefault, amount_of};
use crate::agent::AgentImage;
use crate::app::{AppSpec, AppStatus, Compute, PodCompute};

const MILLIS_PER_CORE: f64 = 1_000.0;
const BINARY_UNITS: [(&str, u64); 3] = [("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];

/// What comes to what is used already, as far as a quota counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demand {
    compute: PodCompute,
    pods: u64,
    storage_bytes: u64,
    volumes: u64,
}

impl Demand {
    /// What an app adds as it wakes: nothing if it is awake already, and nothing for the volumes that it keeps.
    #[must_use]
    pub fn of_wake(spec: &AppSpec, status: &AppStatus) -> Self {
        if !status.phase.is_down() {
            return Self::default();
        }
        let pod = |kind, name: &str| spec.workloads.iter().find(|known| known.kind == kind && known.name == name);
        let targets = status.wake_targets(spec);
        let pods = targets.iter().filter_map(|target| Some((pod(target.kind, &target.name)?.pod, target.replicas)));
        pods.fold(Self::default(), |demand, (pod, replicas)| demand.with_pods(pod, replicas))
    }

    /// What a new project adds that runs an agent: a pod and a volume.
    #[must_use]
    pub fn of_agent(agent: &AgentImage, default: &ContainerDefault) -> Self {
        let cpu = agent.cpu.as_ref().unwrap_or(&default.cpu).value();
        let memory = agent.memory.as_ref().unwrap_or(&default.memory).value();
        let compute = Compute::of(cpu, memory);
        let pod = Self::default().with_pods(PodCompute { requests: compute, limits: compute }, 1);
        Self { storage_bytes: whole(agent.volume.size.value()), volumes: 1, ..pod }
    }

    /// How much of a resource is used after it, as Kubernetes writes it; absent for a resource that it does not touch,
    /// or whose present use is unreadable.
    #[must_use]
    pub fn after(&self, resource: &str, used: &str) -> Option<String> {
        let PodCompute { requests, limits } = self.compute;
        match resource {
            "requests.cpu" => cores_after(used, requests.cpu_millis),
            "limits.cpu" => cores_after(used, limits.cpu_millis),
            "requests.memory" => bytes_after(used, requests.memory_bytes),
            "limits.memory" => bytes_after(used, limits.memory_bytes),
            "requests.storage" => bytes_after(used, self.storage_bytes),
            "pods" => count_after(used, self.pods),
            "persistentvolumeclaims" => count_after(used, self.volumes),
            _ => None,
        }
    }

    fn with_pods(self, pod: PodCompute, replicas: u32) -> Self {
        let requests = self.compute.requests + pod.requests * replicas;
        let limits = self.compute.limits + pod.limits * replicas;
        Self { compute: PodCompute { requests, limits }, pods: self.pods.saturating_add(replicas.into()), ..self }
    }
}

fn cores_after(used: &str, millis: u64) -> Option<String> {
    let sum = whole(amount_of(used)? * MILLIS_PER_CORE).saturating_add(millis);
    Some(if sum.is_multiple_of(1_000) { (sum / 1_000).to_string() } else { format!("{sum}m") })
}

fn bytes_after(used: &str, bytes: u64) -> Option<String> {
    let sum = whole(amount_of(used)?).saturating_add(bytes);
    let unit = BINARY_UNITS.iter().find(|(_, size)| sum > 0 && sum.is_multiple_of(*size));
    Some(unit.map_or_else(|| sum.to_string(), |(unit, size)| format!("{}{unit}", sum / size)))
}

fn count_after(used: &str, more: u64) -> Option<String> {
    Some(whole(amount_of(used)?).saturating_add(more).to_string())
}

// Amounts are not negative, and a conversion stops at the largest number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(amount: f64) -> u64 {
    amount.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Agents;
    use crate::plan::Quantity;

    fn default() -> ContainerDefault {
        let amount = |text| Quantity::parse(text).unwrap();
        ContainerDefault { cpu: amount("100m"), memory: amount("128Mi") }
    }

    fn pods(replicas: u32) -> Demand {
        let (requests, limits) = (Compute::of(0.3, 64.0 * 1_048_576.0), Compute::of(0.5, 1_000.0));
        Demand::default().with_pods(PodCompute { requests, limits }, replicas)
    }

    #[test]
    fn every_pod_of_a_change_is_added_to_what_is_used() {
        let demand = pods(3);
        assert_eq!(demand.after("requests.cpu", "100m").as_deref(), Some("1"));
        assert_eq!(demand.after("limits.cpu", "0").as_deref(), Some("1500m"));
        assert_eq!(demand.after("requests.memory", "1Gi").as_deref(), Some("1216Mi"));
        assert_eq!(demand.after("limits.memory", "7").as_deref(), Some("3007"));
        assert_eq!(demand.after("pods", "2").as_deref(), Some("5"));
        assert_eq!(demand.after("count/jobs.batch", "2"), None);
    }

    #[test]
    fn an_agent_brings_a_pod_and_a_volume() {
        let agents = r#"{"goose": {"image": "ghcr.io/example/goose:1.2", "key_variable": "KEY",
            "key_header": "x-secret-key", "volume": {"mount_path": "/data", "size": "1Gi"}, "memory": "1Gi"}}"#;
        let agent = Agents::parse(agents).unwrap().find("goose").unwrap();
        let demand = Demand::of_agent(&agent.image, &default());
        let after = |resource| demand.after(resource, "0").unwrap();
        assert_eq!([after("requests.cpu"), after("requests.memory"), after("pods")], ["100m", "1Gi", "1"]);
        assert_eq!([after("requests.storage"), after("persistentvolumeclaims")], ["1Gi", "1"]);
    }

    #[test]
    fn what_changes_nothing_keeps_every_amount() {
        let nothing = Demand::default();
        for (resource, used) in [("requests.cpu", "250m"), ("requests.memory", "0"), ("pods", "7")] {
            assert_eq!(nothing.after(resource, used).as_deref(), Some(used));
        }
    }
}

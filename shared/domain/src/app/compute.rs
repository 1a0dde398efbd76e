//! What pods ask of their nodes, and may use at most.

use std::iter::Sum;
use std::ops::{Add, Mul};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::{ContainerDefault, amount_of};

/// An amount of CPU and memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Compute {
    /// Thousandths of a core.
    pub cpu_millis: u64,
    /// Bytes.
    pub memory_bytes: u64,
}

/// What one pod of a workload asks for and may use: the sum of its containers, or of its largest init container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodCompute {
    /// What is set aside for it.
    pub requests: Compute,
    /// What it may use at most.
    pub limits: Compute,
}

impl PodCompute {
    /// By its workload's template, where a container that names nothing gets what its tenant's plan says.
    #[must_use]
    pub fn of_template(template: &Value, default: &ContainerDefault) -> Self {
        let of = |field: &str| {
            let containers = template.pointer(&format!("/spec/{field}")).and_then(Value::as_array);
            containers.into_iter().flatten().map(|container| Self::of_container(container, default))
        };
        let together = of("containers").fold(Self::default(), |sum, one| sum.with(one, u64::saturating_add));
        of("initContainers").fold(together, |most, one| most.with(one, u64::max))
    }

    /// A request that is not written is the limit, as the API server has it.
    fn of_container(container: &Value, default: &ContainerDefault) -> Self {
        let written =
            |kind: &str, name: &str| container.pointer(&format!("/resources/{kind}/{name}")).and_then(amount_in);
        let amounts = |name: &str, usual: f64| {
            let limit = written("limits", name);
            let request = written("requests", name).or(limit).unwrap_or(usual);
            (request, limit.unwrap_or(usual))
        };
        let (cpu, most_cpu) = amounts("cpu", default.cpu.value());
        let (memory, most_memory) = amounts("memory", default.memory.value());
        Self { requests: Compute::of(cpu, memory), limits: Compute::of(most_cpu, most_memory) }
    }

    fn with(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let both = |one: Compute, two: Compute| Compute {
            cpu_millis: join(one.cpu_millis, two.cpu_millis),
            memory_bytes: join(one.memory_bytes, two.memory_bytes),
        };
        Self { requests: both(self.requests, other.requests), limits: both(self.limits, other.limits) }
    }
}

impl Compute {
    /// Of cores and bytes; parts of a thousandth and of a byte count as a whole one.
    // Amounts are not negative, and a conversion stops at the largest number.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(crate) fn of(cores: f64, bytes: f64) -> Self {
        Self { cpu_millis: (cores * 1_000.0).ceil() as u64, memory_bytes: bytes.ceil() as u64 }
    }
}

/// A number stands for itself.
fn amount_in(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| amount_of(value.as_str()?))
}

impl Add for Compute {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            cpu_millis: self.cpu_millis.saturating_add(other.cpu_millis),
            memory_bytes: self.memory_bytes.saturating_add(other.memory_bytes),
        }
    }
}

impl Mul<u32> for Compute {
    type Output = Self;

    fn mul(self, times: u32) -> Self {
        Self {
            cpu_millis: self.cpu_millis.saturating_mul(times.into()),
            memory_bytes: self.memory_bytes.saturating_mul(times.into()),
        }
    }
}

impl Sum for Compute {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Self::add)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::Quantity;

    fn pod(spec: &Value) -> PodCompute {
        let amount = |text| Quantity::parse(text).unwrap();
        PodCompute::of_template(
            &json!({"spec": spec}),
            &ContainerDefault { cpu: amount("50m"), memory: amount("64Mi") },
        )
    }

    fn compute(cpu_millis: u64, mebibytes: u64) -> Compute {
        Compute { cpu_millis, memory_bytes: mebibytes * 1024 * 1024 }
    }

    #[test]
    fn containers_add_up_and_one_that_names_nothing_gets_what_the_plan_says() {
        let large = json!({"resources": {"requests": {"cpu": "0.25", "memory": "0.5Gi"}, "limits": {"cpu": 1}}});
        let both = pod(&json!({"containers": [large, {"name": "bare"}]}));
        assert_eq!(both, PodCompute { requests: compute(300, 576), limits: compute(1_050, 128) });
    }

    #[test]
    fn a_request_that_is_not_written_is_the_limit() {
        let limited = pod(&json!({"containers": [{"resources": {"limits": {"cpu": "200m", "memory": "1Gi"}}}]}));
        assert_eq!(limited, PodCompute { requests: compute(200, 1_024), limits: compute(200, 1_024) });
    }

    #[test]
    fn an_init_container_counts_where_it_is_the_largest() {
        let init = json!({"resources": {"limits": {"cpu": "400m", "memory": "1Mi"}}});
        let pod = pod(&json!({"containers": [{}], "initContainers": [init]}));
        assert_eq!(pod.requests, compute(400, 64));
    }

    #[test]
    fn replicas_multiply_without_end() {
        assert_eq!(compute(250, 64) * 3, compute(750, 192));
        assert_eq!((compute(u64::MAX, 0) * 2).cpu_millis, u64::MAX);
    }
}

//! The plans on offer, which an operator can replace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Quantity;

const BUILT_IN: &str = include_str!("plans.json");

/// A plan's name, as the website sends it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanName(String);

/// What a tenant on a plan may use in all; requests and limits are held to the same amounts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// CPU of all pods.
    pub cpu: Quantity,
    /// Memory of all pods.
    pub memory: Quantity,
    /// Size of all volumes together.
    pub storage: Quantity,
    /// How many volumes.
    pub volumes: u32,
    /// How many pods.
    pub pods: u32,
    /// How many services: a cluster is good for 10,000 of them in all
    /// (<https://github.com/kubernetes/community/blob/master/sig-scalability/configs-and-limits/thresholds.md>).
    pub services: u32,
    /// Whether apps may stay awake for good.
    #[serde(default)]
    pub never_sleeps: bool,
    /// What a container gets that asks for nothing.
    pub container: ContainerDefault,
}

/// The request and limit of a container that names none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerDefault {
    /// Its CPU.
    pub cpu: Quantity,
    /// Its memory.
    pub memory: Quantity,
}

/// All plans on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plans(BTreeMap<PlanName, Plan>);

/// Why the configured plans cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlansError {
    /// The text is not a map of plans.
    #[error("the plans are not readable; write JSON such as {{\"free\": {{\"cpu\": \"500m\", …}}}}")]
    Unreadable(#[from] serde_json::Error),
    /// The map is empty.
    #[error("there is no plan; name at least one")]
    Empty,
}

/// A signup asked for a plan that is not on offer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no plan {asked:?}; choose one of {offered}")]
pub struct PlanNameError {
    asked: String,
    offered: String,
}

impl Plans {
    /// The plans that come with Roost: `free` and `team`.
    pub fn built_in() -> Result<Self, PlansError> {
        Self::parse(BUILT_IN)
    }

    /// Reads plans from JSON: a map from name to [`Plan`].
    pub fn parse(json: &str) -> Result<Self, PlansError> {
        let plans: BTreeMap<PlanName, Plan> = serde_json::from_str(json)?;
        if plans.is_empty() { Err(PlansError::Empty) } else { Ok(Self(plans)) }
    }

    /// The plan of that name.
    pub fn find(&self, name: &str) -> Result<(PlanName, &Plan), PlanNameError> {
        let found = self.0.get_key_value(&PlanName(name.to_owned()));
        found.map(|(name, plan)| (name.clone(), plan)).ok_or_else(|| PlanNameError {
            asked: name.chars().take(80).collect(),
            offered: self.0.keys().map(|name| name.0.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

impl PlanName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PlanName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_plans_are_free_and_team() {
        let plans = Plans::built_in().unwrap();
        let (_, free) = plans.find("free").unwrap();
        assert_eq!([&free.cpu, &free.memory, &free.storage].map(Quantity::as_str), ["500m", "1Gi", "10Gi"]);
        let (_, team) = plans.find("team").unwrap();
        assert_eq!([&team.cpu, &team.memory].map(Quantity::as_str), ["10", "20Gi"]);
        assert_eq!((team.volumes, team.pods), (10, 50));
        assert_eq!((free.never_sleeps, team.never_sleeps), (false, true));
    }

    #[test]
    fn an_unknown_plan_is_refused_by_naming_those_on_offer() {
        let error = Plans::built_in().unwrap().find("gold").unwrap_err();
        assert_eq!(error.to_string(), "there is no plan \"gold\"; choose one of free, team");
    }

    #[test]
    fn configured_plans_with_a_misspelt_field_are_refused() {
        let error = Plans::parse(r#"{"free": {"cpus": "1"}}"#).unwrap_err();
        assert!(matches!(error, PlansError::Unreadable(_)));
        assert!(matches!(Plans::parse("{}").unwrap_err(), PlansError::Empty));
    }
}

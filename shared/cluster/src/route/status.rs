//! What the gateway says of a route.

use kube::core::DynamicObject;
use serde::Deserialize;

/// Both have to hold: the gateway takes the route, and finds the services it leads to.
const CONDITIONS: [&str; 2] = ["Accepted", "ResolvedRefs"];

/// Whether the gateway sends requests along a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteStatus {
    /// It does.
    Accepted,
    /// Not yet, or not as it is, for this reason.
    Waiting(String),
}

#[derive(Deserialize)]
struct Seen {
    status: Status,
}

#[derive(Deserialize)]
struct Status {
    parents: Vec<Parent>,
}

/// One for each listener of a gateway that the route names.
#[derive(Deserialize)]
struct Parent {
    #[serde(default)]
    conditions: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Condition {
    r#type: String,
    status: String,
    #[serde(default)]
    message: String,
    observed_generation: Option<i64>,
}

impl RouteStatus {
    pub(super) fn of(route: &DynamicObject) -> Self {
        let seen = serde_json::from_value::<Seen>(route.data.clone());
        let parents = seen.map(|seen| seen.status.parents).unwrap_or_default();
        if parents.is_empty() {
            return Self::Waiting("the gateway has not seen the route yet".to_owned());
        }
        let hindrance = parents.iter().find_map(|parent| parent.hindrance(route.metadata.generation));
        hindrance.map_or(Self::Accepted, Self::Waiting)
    }

    pub(super) fn missing() -> Self {
        Self::Waiting("the route is not there".to_owned())
    }
}

impl Parent {
    fn hindrance(&self, generation: Option<i64>) -> Option<String> {
        CONDITIONS.into_iter().find_map(|wanted| {
            let condition = self.conditions.iter().find(|condition| condition.r#type == wanted);
            match condition {
                Some(condition) if condition.observed_generation < generation => {
                    Some("the gateway has not seen the route's newest form yet".to_owned())
                }
                Some(condition) if condition.status == "True" => None,
                Some(condition) => Some(format!("the gateway says of the route: {}", condition.message)),
                None => Some(format!("the gateway does not say whether the route is {wanted}")),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn condition(r#type: &str, status: &str, generation: i64) -> Value {
        json!({"type": r#type, "status": status, "message": "no Service web", "observedGeneration": generation})
    }

    fn status(conditions: &[&[Value]]) -> RouteStatus {
        let parents: Vec<_> = conditions.iter().map(|conditions| json!({"conditions": conditions})).collect();
        let route = json!({"metadata": {"generation": 2}, "status": {"parents": parents}});
        RouteStatus::of(&serde_json::from_value(route).unwrap())
    }

    #[test]
    fn a_route_is_accepted_when_every_listener_takes_it_and_finds_its_services() {
        let good = [condition("Accepted", "True", 2), condition("ResolvedRefs", "True", 2)];
        assert_eq!(status(&[&good]), RouteStatus::Accepted);
        let lost = [condition("Accepted", "True", 2), condition("ResolvedRefs", "False", 2)];
        let words = "the gateway says of the route: no Service web".to_owned();
        assert_eq!(status(&[&good, &lost]), RouteStatus::Waiting(words));
    }

    #[test]
    fn what_was_said_about_an_earlier_form_does_not_count() {
        let stale = [condition("Accepted", "True", 1), condition("ResolvedRefs", "True", 1)];
        for conditions in [&[] as &[&[Value]], &[&[]], &[&stale], &[&stale[..1]]] {
            assert!(matches!(status(conditions), RouteStatus::Waiting(_)));
        }
        let unseen = DynamicObject { types: None, metadata: kube::core::ObjectMeta::default(), data: json!({}) };
        assert!(matches!(RouteStatus::of(&unseen), RouteStatus::Waiting(_)));
    }
}

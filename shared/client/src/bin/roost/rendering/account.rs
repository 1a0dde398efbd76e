//! What belongs to a user in words.

use roost_client::{Event, Resource, Token, Usage, ago, until};

use super::table::{or_dash, table};

pub(crate) fn events(events: &[Event]) -> String {
    if events.is_empty() {
        return "Nothing has happened yet.".to_owned();
    }
    let row = |event: &Event| {
        let (project, actor) = (or_dash(event.project.as_deref()), or_dash(event.actor.as_deref()));
        [ago(event.at), event.kind.clone(), project, actor, event.reason.clone()]
    };
    table(["when", "what", "project", "who", "why"], events.iter().map(row).collect())
}

pub(crate) fn tokens(tokens: &[Token]) -> String {
    if tokens.is_empty() {
        return "There is no token: `roost tokens create NAME` makes one.".to_owned();
    }
    let row = |token: &Token| {
        let project = token.project.as_deref().unwrap_or("all").to_owned();
        let used = token.last_used_at.map_or_else(|| or_dash(None), ago);
        [token.id.clone(), token.name.clone(), project, until(token.ends_at), used]
    };
    table(["id", "name", "project", "ends", "last used"], tokens.iter().map(row).collect())
}

pub(crate) fn usage(usage: &Usage) -> String {
    let of_change: Vec<_> = usage.resources.iter().filter(|resource| resource.after.is_some()).collect();
    let table = if of_change.is_empty() {
        let row = |resource: &Resource| [resource.name.clone(), resource.used.clone(), resource.limit.clone()];
        table(["resource", "used", "limit"], usage.resources.iter().map(row).collect())
    } else {
        let row = |resource: &&Resource| {
            let Resource { name, used, after, limit } = (*resource).clone();
            [name, used, after.unwrap_or_default(), limit]
        };
        table(["resource", "used", "after", "limit"], of_change.iter().map(row).collect())
    };
    match &usage.plan {
        Some(plan) => format!("Plan: {plan}\n{table}"),
        None => table,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn usage_is_shown_against_the_plan() {
        let told = json!({"plan": "free", "resources": [{"name": "pods", "used": "2", "limit": "20"}]});
        let expected = "Plan: free\nRESOURCE  USED  LIMIT\npods      2     20";
        assert_eq!(usage(&serde_json::from_value(told).unwrap()), expected);
    }

    #[test]
    fn usage_after_a_change_is_shown_of_what_it_touches() {
        let told = json!({"resources": [{"name": "pods", "used": "2", "after": "3", "limit": "20"},
            {"name": "services", "used": "1", "limit": "10"}]});
        let expected = "RESOURCE  USED  AFTER  LIMIT\npods      2     3      20";
        assert_eq!(usage(&serde_json::from_value(told).unwrap()), expected);
    }
}

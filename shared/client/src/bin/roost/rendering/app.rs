//! Projects and apps in words.

use roost_client::{AllowedAgent, AppStatus, LogLine, Project, ago, until};

use super::push;
use super::table::{or_dash, table};

pub(crate) fn projects(projects: &[Project]) -> String {
    if projects.is_empty() {
        return "There is no project yet: `roost deploy` begins one.".to_owned();
    }
    let row = |project: &Project| {
        let phase = if project.is_leaving { Some("Leaving") } else { project.phase.as_deref() };
        let (release, address) = (or_dash(project.live.as_deref()), or_dash(project.address.as_deref()));
        let used = project.last_used_at.map_or_else(|| or_dash(None), ago);
        let cost = project.cost_today.as_ref().map_or_else(|| or_dash(None), ToString::to_string);
        [project.id.clone(), or_dash(phase), release, used, cost, address]
    };
    table(["project", "phase", "release", "last used", "cost today", "address"], projects.iter().map(row).collect())
}

pub(crate) fn agents(agents: &[AllowedAgent]) -> String {
    if agents.is_empty() {
        return "The platform's operator allows no agents.".to_owned();
    }
    table(["agent", "image"], agents.iter().map(|agent| [agent.name.clone(), agent.image.clone()]).collect())
}

pub(crate) fn status(project: &str, status: &AppStatus) -> String {
    let mut words = format!("{project}: {}\n", status.phase);
    push(&mut words, "  ", &status.detail);
    let cause = status.cause.as_ref().map(|cause| cause.message.clone());
    let since = status
        .since
        .map(|since| format!("{}{}", ago(since), cause.map_or_else(String::new, |cause| format!(": {cause}"))));
    let fields = [
        ("address", status.address.clone()),
        ("release", status.release.clone()),
        ("since", since),
        ("last used", status.last_used_at.map(ago)),
        ("cost today", status.cost_today.as_ref().map(ToString::to_string)),
        ("awake because", status.awake_because.as_ref().map(|reason| reason.message.clone())),
        ("kept awake", status.keep_awake_until.map(until)),
        ("rolling out", status.rolling_out.then(|| "a new release".to_owned())),
    ];
    for (name, value) in fields {
        push(&mut words, &format!("  {name:<14}"), &value.unwrap_or_default());
    }
    if let Some(failure) = &status.failure {
        let place = failure.place.as_deref().map_or_else(String::new, |place| format!("{place}: "));
        push(&mut words, "  ", &format!("{place}{} [{}]", failure.message, failure.reason));
        push(&mut words, "  → ", &failure.remedy);
    }
    words
}

pub(crate) fn log_line(line: &LogLine) -> String {
    format!("{:.0} {} {}", line.at, line.pod, line.text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_app_in_trouble_says_what_to_do() {
        let told = json!({"phase": "Failed", "detail": "It did not wake up.", "failure": {"reason": "crash-loop",
            "place": "Deployment web", "message": "It ends again and again.", "remedy": "Look at its logs.",
            "may_pass": false}});
        let words = status("shop", &serde_json::from_value(told).unwrap());
        let expected = "shop: Failed\n  It did not wake up.\n  Deployment web: It ends again and again. [crash-loop]\n  \
                        → Look at its logs.\n";
        assert_eq!(words, expected);
    }

    #[test]
    fn a_line_says_when_and_where_it_was_printed() {
        let line = json!({"at": "2026-01-31T12:00:00.123Z", "pod": "web-1", "container": "web", "text": "hello"});
        assert_eq!(log_line(&serde_json::from_value(line).unwrap()), "2026-01-31T12:00:00Z web-1 hello");
    }

    #[test]
    fn a_project_says_what_it_costs() {
        let told = json!([{"id": "shop", "phase": "Asleep", "live": "r1", "created_at": "2026-01-31T12:00:00Z",
            "updated_at": "2026-01-31T12:00:00Z",
            "cost_today": {"run_seconds": 7200, "cpu_hours": 0.5, "memory_gib_hours": 0.25}}]);
        let words = projects(&serde_json::from_value::<Vec<Project>>(told).unwrap());
        assert!(words.ends_with("shop     Asleep  r1       -          0.500 core h, 0.250 GiB h  -"), "{words}");
    }

    #[test]
    fn no_project_is_no_empty_table() {
        assert!(projects(&[]).contains("roost deploy"));
    }
}

//! What of a plan is used.

use askama::Template;
use axum::Router;
use axum::routing::get;
use roost_client::{Change, Resource};
use roost_domain::naming::ProjectName;
use roost_domain::plan::amount_of;
use serde::Deserialize;

use crate::console::Console;
use crate::names::Asked;
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/console/plan", get(read))
}

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    frame: Frame,
    plan: Option<String>,
    /// The project that would be woken.
    waking: Option<ProjectName>,
    bars: Vec<Bar>,
}

#[derive(Deserialize)]
struct Thought {
    #[serde(default)]
    waking: Option<ProjectName>,
}

/// A resource, and how much of it is used.
struct Bar {
    resource: Resource,
    words: String,
    percent: u32,
    /// Whether the change does not fit.
    is_too_much: bool,
}

async fn read(session: Session, Asked(Thought { waking }): Asked<Thought>) -> Shown {
    let usage = session.account.usage(waking.clone().map(Change::Waking).as_ref()).await?;
    let mut resources = usage.resources;
    resources.sort_by_key(|resource| rank(&resource.name));
    let bars = resources.into_iter().map(Bar::of).collect();
    show(&PlanPage { frame: session.frame(Section::Plan).await?, plan: usage.plan, waking, bars })
}

impl Bar {
    fn of(resource: Resource) -> Self {
        let amount = |text: &str| amount_of(text).unwrap_or_default();
        let (limit, after) = (amount(&resource.limit), resource.after.as_deref().map(amount));
        let percent = percent(after.unwrap_or_else(|| amount(&resource.used)), limit);
        let is_too_much = after.is_some_and(|after| after > limit);
        Self { words: words(&resource.name), resource, percent, is_too_much }
    }
}

/// A limit of nothing is used up.
fn percent(used: f64, limit: f64) -> u32 {
    let share = if limit > 0.0 { used / limit } else { 1.0 };
    // A share from 0 to 1 fits.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let percent = (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    percent
}

/// What Kubernetes' names mean, what people run out of first.
const WORDS: [(&str, &str); 9] = [
    ("requests.cpu", "CPU asked for"),
    ("limits.cpu", "CPU at most"),
    ("requests.memory", "Memory asked for"),
    ("limits.memory", "Memory at most"),
    ("requests.storage", "Volumes in all"),
    ("requests.ephemeral-storage", "Scratch space asked for"),
    ("limits.ephemeral-storage", "Scratch space at most"),
    ("pods", "Pods"),
    ("persistentvolumeclaims", "Volumes"),
];

fn words(name: &str) -> String {
    let known = WORDS.iter().find(|(known, _)| *known == name).map(|(_, words)| (*words).to_owned());
    known.unwrap_or_else(|| kind(name))
}

/// The kind of object of which so many may be there, such as `jobs` of `count/jobs.batch`.
fn kind(name: &str) -> String {
    let kind = name.trim_start_matches("count/");
    format!("Objects: {}", kind.split_once('.').map_or(kind, |(kind, _)| kind))
}

/// Where in the list it stands.
fn rank(name: &str) -> usize {
    WORDS.iter().position(|(known, _)| *known == name).unwrap_or(WORDS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(used: &str, limit: &str) -> u32 {
        bar_after(used, None, limit).percent
    }

    fn bar_after(used: &str, after: Option<&str>, limit: &str) -> Bar {
        let [name, used, limit] = ["pods", used, limit].map(str::to_owned);
        Bar::of(Resource { name, used, after: after.map(str::to_owned), limit })
    }

    #[test]
    fn a_change_that_does_not_fit_is_told_as_such() {
        let [fits, too_much] = ["1", "1100m"].map(|after| bar_after("500m", Some(after), "1"));
        assert_eq!((fits.percent, fits.is_too_much), (100, false));
        assert_eq!((too_much.percent, too_much.is_too_much), (100, true));
    }

    #[test]
    fn what_people_run_out_of_comes_first_and_in_words() {
        let mut names = ["count/jobs.batch", "pods", "requests.cpu"];
        names.sort_by_key(|name| rank(name));
        assert_eq!(names.map(words), ["CPU asked for", "Pods", "Objects: jobs"]);
    }

    #[test]
    fn amounts_in_different_units_are_compared() {
        assert_eq!(bar("250m", "1"), 25);
        assert_eq!(bar("512Mi", "1Gi"), 50);
        assert_eq!(bar("3", "2"), 100);
        assert_eq!(bar("0", "0"), 100);
    }
}

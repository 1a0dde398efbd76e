//! When the app sleeps: after how long in which nobody asked for it, and in which hours not at all.

use super::section::Section;
use crate::{
    app::{AwakeHours, AwakeHoursError, IdleTime, IdleTimeError},
    artifact::{Findings, quoted},
    document::Document,
    finding::Finding,
};

const FIELD: &str = "sleep";
const AFTER: &str = "after";
const AWAKE: &str = "awake";

/// What an owner wishes of an app's sleep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sleep {
    /// After how long it sleeps, if it says so.
    pub after: Option<IdleTime>,
    /// In which hours it stays awake.
    pub awake: Option<AwakeHours>,
}

/// Reads `sleep`, which says nothing if it is missing.
pub(super) fn read(document: &Document, findings: &mut Findings) -> Option<Sleep> {
    if document.value.get(FIELD).is_none() {
        return Some(Sleep::default());
    }
    let section = Section::of(document, format!("/{FIELD}"), findings)?;
    section.refuse_unknown_fields(&[AFTER, AWAKE], findings);
    if !section.has(AWAKE) && !section.has(AFTER) {
        section.text(AFTER, findings)?;
    }
    Some(Sleep { after: after(&section, findings), awake: awake(&section, findings) })
}

fn after(section: &Section<'_>, findings: &mut Findings) -> Option<IdleTime> {
    let text = section.text_if_there(AFTER, findings)?;
    text.value.parse().map_err(|error| findings.push(no_time(text.value, error).on_line(text.line))).ok()
}

fn awake(section: &Section<'_>, findings: &mut Findings) -> Option<AwakeHours> {
    let text = section.text_if_there(AWAKE, findings)?;
    text.value.parse().map_err(|error| findings.push(no_hours(text.value, &error).on_line(text.line))).ok()
}

fn no_time(text: &str, error: IdleTimeError) -> Finding {
    Finding::new("sleep-after", format!("`{}` is no time after which an app can sleep.", quoted(text)), remedy(&error))
}

fn no_hours(text: &str, error: &AwakeHoursError) -> Finding {
    Finding::new(
        "sleep-awake",
        format!("`{}` are no hours in which an app can stay awake.", quoted(text)),
        remedy(error),
    )
}

fn remedy(error: &impl std::error::Error) -> String {
    error.to_string().replacen('w', "W", 1) + "."
}

/// What is wrong with wishes that the owner's plan does not allow.
#[must_use]
pub fn not_in_plan(sleep: &Sleep, plan: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if sleep.after == Some(IdleTime::Never) {
        let message = format!("Apps of the plan {plan:?} cannot stay awake for good.");
        let remedy = "Write a time such as `168h`, remove `sleep`, or choose a larger plan.";
        findings.push(Finding::new("sleep-never", message, remedy));
    }
    if sleep.awake.is_some() {
        let message = format!("Apps of the plan {plan:?} cannot stay awake for hours.");
        findings.push(Finding::new("sleep-awake", message, "Remove `awake`, or choose a larger plan."));
    }
    findings.into_iter().map(|finding| finding.in_file(super::FILE_NAME)).collect()
}

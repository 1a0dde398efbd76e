//! After how long nobody may have asked for the app before it sleeps.

use super::section::Section;
use crate::{
    app::{IdleTime, IdleTimeError},
    artifact::{Findings, quoted},
    document::Document,
    finding::Finding,
};

const FIELD: &str = "sleep";
const AFTER: &str = "after";

/// Reads `sleep`, which says nothing if it is missing.
pub(super) fn read(document: &Document, findings: &mut Findings) -> Option<IdleTime> {
    document.value.get(FIELD)?;
    let section = Section::of(document, format!("/{FIELD}"), findings)?;
    section.refuse_unknown_fields(&[AFTER], findings);
    let text = section.text(AFTER, findings)?;
    text.value.parse().map_err(|error| findings.push(wrong(text.value, error).on_line(text.line))).ok()
}

fn wrong(text: &str, error: IdleTimeError) -> Finding {
    let error = error.to_string();
    let remedy = error.replacen('w', "W", 1) + ".";
    Finding::new("sleep-after", format!("`{}` is no time after which an app can sleep.", quoted(text)), remedy)
}

/// What is wrong with a wish that the owner's plan does not allow.
#[must_use]
pub fn not_in_plan(plan: &str) -> Finding {
    let message = format!("Apps of the plan {plan:?} cannot stay awake for good.");
    let remedy = "Write a time such as `168h`, remove `sleep`, or choose a larger plan.";
    Finding::new("sleep-never", message, remedy).in_file(super::FILE_NAME)
}

//! Why a build failed, from what buildctl and the daemon said: they have words only, and one exit code for everything.

use roost_domain::build::BuildFailureReason as Reason;
use roost_domain::build::{BuildFailure, log_line};

use super::epilogue::Epilogue;
use super::steps::FailedStep;

const LONGEST_MESSAGE: usize = 2 * 1024;
const LONGEST_LAST_LINE: usize = 512;
const EXIT_CODE: &str = "did not complete successfully: exit code: ";
/// What a process ends with that the kernel killed, for lack of memory above all.
const KILLED: i32 = 137;

/// `failed` is the step with an error of its own, if there is one.
pub(crate) fn verdict(epilogue: &Epilogue, failed: Option<&FailedStep>) -> BuildFailure {
    let error = epilogue.error();
    let exit_code = exit_code(&error);
    let reason = reason(&error, failed, exit_code, epilogue.line().is_some());
    let step = failed.filter(|step| !step.name.starts_with("[internal]"));
    let message = message(reason, &error, step, exit_code);
    let message = log_line::shortened(message, LONGEST_MESSAGE);
    BuildFailure {
        step: step.map(|step| log_line::shortened(step.name.clone(), LONGEST_LAST_LINE)),
        line: epilogue.line(),
        exit_code,
        last_lines: failed.map(last_lines).unwrap_or_default(),
        ..BuildFailure::new(reason, message)
    }
}

/// The end of what a step printed, short enough for a report.
pub(crate) fn last_lines(step: &FailedStep) -> Vec<String> {
    step.last_lines.iter().map(|line| log_line::shortened(line.clone(), LONGEST_LAST_LINE)).collect()
}

fn reason(error: &str, failed: Option<&FailedStep>, exit_code: Option<i32>, has_place: bool) -> Reason {
    let says = |words: &[&str]| words.iter().any(|word| error.contains(word));
    let step = failed.map_or("", |step| step.name.as_str());
    let is_base_image = step.starts_with("[internal] load metadata for") || step.contains("] FROM ");
    match exit_code {
        _ if is_out_of_disk(error, failed) => Reason::OutOfDisk,
        Some(KILLED) => Reason::OutOfMemory,
        Some(_) => Reason::StepFailed,
        None if says(&["cannot allocate memory"]) => Reason::OutOfMemory,
        None if says(&["failed to push", "failed to copy: "]) && !is_base_image => Reason::PushRefused,
        None if says(&["connection refused", "no such file or directory"]) && says(&["listing workers"]) => {
            Reason::BuilderUnreachable
        }
        None if says(&["listing workers"]) => Reason::BuilderUnreachable,
        None if says(&["error reading from server", "desc = transport", "Unavailable:", "code = Unavailable"]) => {
            Reason::BuilderLost
        }
        None if is_base_image && says(&["401 ", "403 ", "denied", "authoriz", "insufficient_scope"]) => {
            Reason::BaseImageForbidden
        }
        None if is_base_image => Reason::BaseImageMissing,
        None if says(&["dockerfile parse error", "Dockerfile cannot be empty"]) => Reason::DockerfileSyntax,
        None if failed.is_some_and(|step| step.name.starts_with('[')) => Reason::StepFailed,
        // A place without a step: BuildKit understood each line, but not all of them together.
        None if has_place => Reason::DockerfileSyntax,
        None => Reason::Internal,
    }
}

fn is_out_of_disk(error: &str, failed: Option<&FailedStep>) -> bool {
    let says = |text: &str| text.to_ascii_lowercase().contains("no space left on device");
    says(error) || failed.is_some_and(|step| step.last_lines.iter().any(|line| says(line)))
}

fn exit_code(error: &str) -> Option<i32> {
    let digits = error.split_once(EXIT_CODE)?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn message(reason: Reason, error: &str, step: Option<&FailedStep>, exit_code: Option<i32>) -> String {
    let step = step.map_or("the build", |step| step.name.as_str());
    match (reason, exit_code) {
        (Reason::OutOfMemory, _) => {
            format!("`{step}` was killed, as happens to what uses more memory than a step may (exit code {KILLED}).")
        }
        (Reason::StepFailed, Some(code)) => format!("`{step}` ended with exit code {code}."),
        (Reason::OutOfDisk, _) => format!("`{step}` found no space left on the builder's disk."),
        (Reason::BuilderLost, _) => "The builder ended during the build.".to_owned(),
        (Reason::BuilderUnreachable, _) => "The builder does not answer.".to_owned(),
        _ if error.is_empty() => "The build ended without saying why.".to_owned(),
        _ => error.to_owned(),
    }
}

//! What a Dockerfile may not ask for, found before anything is built.
//!
//! The builder enforces all of it again; this says it earlier, with the line. So a light reader is enough: what it does
//! not understand, the builder refuses.

mod address;
#[cfg(test)]
mod corpus;
mod heredoc;
mod image;
mod instruction;
mod reader;
mod run;
mod variable;
mod word;

use crate::{
    artifact::{EntryPath, Findings},
    finding::Finding,
    image::ImageRules,
};

use image::Images;
use instruction::Instruction;
use variable::Variables;

/// 1 MiB: no Dockerfile that a person wrote is longer.
const MOST_BYTES: usize = 1 << 20;

/// Checks one Dockerfile. `file` is where it is, from the archive's root.
#[must_use]
pub fn check(file: &EntryPath, text: &[u8], rules: &ImageRules) -> Vec<Finding> {
    let mut findings = Findings::default();
    match read(text) {
        Ok(text) => check_instructions(&reader::instructions(text), rules, &mut findings),
        Err(finding) => findings.push(finding),
    }
    findings.into_vec().into_iter().map(|finding| finding.in_file(file.as_str())).collect()
}

fn read(text: &[u8]) -> Result<&str, Finding> {
    if text.len() > MOST_BYTES {
        let message = format!("The file has {} bytes; at most {MOST_BYTES} are read.", text.len());
        return Err(Finding::new("dockerfile-too-large", message, "Move long texts to files and copy those."));
    }
    std::str::from_utf8(text).map_err(|error| {
        let before = text.split_at(error.valid_up_to()).0;
        let line = before.split(|byte| *byte == b'\n').count();
        Finding::new("dockerfile-not-utf8", "The file is not text in UTF-8.", "Save it as UTF-8.").on_line(number(line))
    })
}

fn check_instructions(instructions: &[Instruction], rules: &ImageRules, findings: &mut Findings) {
    if !instructions.iter().any(|instruction| instruction.keyword == "FROM") {
        let message = "The file has no `FROM`, so that there is nothing to build on.";
        findings.push(Finding::new("dockerfile-without-from", message, "Begin with `FROM` and an image."));
    }
    let mut variables = Variables::default();
    let mut images = Images::new(rules);
    for instruction in instructions {
        let found = run::check(instruction)
            .into_iter()
            .chain(images.check(instruction, &variables))
            .chain(address::check(instruction, &variables));
        found.for_each(|finding| findings.push(finding.on_line(instruction.line)));
        variables.follow(instruction);
    }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

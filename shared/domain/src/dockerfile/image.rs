//! The images that a Dockerfile builds on or copies from.

use std::collections::BTreeSet;

use super::{instruction::Instruction, variable::Variables};
use crate::{finding::Finding, image::ImageRules};

/// What stands for an empty image.
const EMPTY: &str = "scratch";

/// The stages passed so far, whose names are no images.
pub(super) struct Images<'a> {
    rules: &'a ImageRules,
    stages: BTreeSet<String>,
}

impl<'a> Images<'a> {
    pub(super) fn new(rules: &'a ImageRules) -> Self {
        Self { rules, stages: BTreeSet::new() }
    }

    /// Reports each image of an instruction that users may not name.
    pub(super) fn check(&mut self, instruction: &Instruction, variables: &Variables) -> Vec<Finding> {
        match instruction.keyword.as_str() {
            "FROM" => self.check_base(instruction, variables),
            "COPY" | "ADD" => {
                let sources = instruction.values("--from").filter_map(|image| variables.expand(image));
                sources.filter_map(|image| self.check_image(&image)).collect()
            }
            "RUN" => {
                let fields = instruction.mounts().flatten();
                let sources =
                    fields.filter(|(name, _)| name == "from").filter_map(|(_, image)| variables.expand(image));
                sources.filter_map(|image| self.check_image(&image)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn check_base(&mut self, instruction: &Instruction, variables: &Variables) -> Vec<Finding> {
        let words = instruction.words();
        let image = words.first().and_then(|image| variables.expand_base(image));
        let finding = image.and_then(|image| self.check_image(&image));
        if let [_, word, stage] = &words[..]
            && word.eq_ignore_ascii_case("as")
        {
            self.stages.insert(stage.to_lowercase());
        }
        finding.into_iter().collect()
    }

    fn check_image(&self, image: &str) -> Option<Finding> {
        let is_stage = self.stages.contains(&image.to_lowercase()) || image.bytes().all(|c| c.is_ascii_digit());
        if is_stage || image == EMPTY {
            return None;
        }
        self.rules.check(image).err().map(Finding::from)
    }
}

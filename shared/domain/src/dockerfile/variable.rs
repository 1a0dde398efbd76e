//! The values of variables, as far as the Dockerfile itself gives them.

use std::collections::BTreeMap;

use super::{
    instruction::Instruction,
    word::{unquoted, words},
};

/// Bytes before and after. Names of images and addresses are shorter; and variables that double others grow fast.
const LONGEST: usize = 4096;
/// In one stage. With their lengths this bounds what a file of variables can take.
const MOST_VARIABLES: usize = 256;

/// What `ARG` and `ENV` have set so far.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Set before the first `FROM`; the only ones that a `FROM` can use.
    global: BTreeMap<String, String>,
    /// Set in the present stage; none before the first.
    stage: Option<BTreeMap<String, String>>,
}

impl Variables {
    /// Takes note of an instruction that has been passed.
    pub(super) fn follow(&mut self, instruction: &Instruction) {
        match instruction.keyword.as_str() {
            "FROM" => self.stage = Some(BTreeMap::new()),
            "ARG" | "ENV" => self.set(instruction),
            _ => {}
        }
    }

    fn set(&mut self, instruction: &Instruction) {
        for word in words(&instruction.arguments, instruction.escape) {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, self.expand(&unquoted(value, instruction.escape))),
                // In a stage, a name alone brings the global value in.
                None => (word, self.global.get(word).cloned()),
            };
            let known = self.stage.as_mut().unwrap_or(&mut self.global);
            if let Some(value) = value
                && known.len() < MOST_VARIABLES
            {
                known.insert(name.to_owned(), value);
            }
        }
    }

    /// The text of a `FROM` with its variables replaced; nothing if that cannot be told from the file.
    pub(super) fn expand_base(&self, text: &str) -> Option<String> {
        expand(text, &self.global)
    }

    /// A text in the present stage with its variables replaced; nothing if that cannot be told from the file.
    pub(super) fn expand(&self, text: &str) -> Option<String> {
        expand(text, self.stage.as_ref().unwrap_or(&self.global))
    }
}

fn expand(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (value, after) = variable(after, values)?;
        expanded.push_str(value);
        if expanded.len() > LONGEST {
            return None;
        }
        rest = after;
    }
    expanded.push_str(rest);
    (expanded.len() <= LONGEST).then_some(expanded)
}

/// The value of the variable at the beginning of a text, and what follows it. Of the forms with braces, only `${name}`
/// and `${name:-default}`, which are the ones that people use.
fn variable<'a>(text: &'a str, values: &'a BTreeMap<String, String>) -> Option<(&'a str, &'a str)> {
    let Some(braced) = text.strip_prefix('{') else {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        return Some((values.get(name)?, after));
    };
    let (inside, after) = braced.split_once('}')?;
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default).filter(|default| !default.contains('$'))),
        None => (inside, None),
    };
    let value = values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    Some((value.or(default)?, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::reader::instructions;

    fn after(text: &str) -> Variables {
        let mut variables = Variables::default();
        for instruction in instructions(text) {
            variables.follow(&instruction);
        }
        variables
    }

    #[test]
    fn variables_take_the_values_that_the_file_gives_them() {
        let variables = after("ARG A=x B=\"y z\"\nARG C=$A-${B}\nARG D\n");
        let cases = [
            ("plain", Some("plain")),
            ("$A/${B}:$C", Some("x/y z:x-y z")),
            ("${N:-d}e", Some("de")),
            ("${A:-d}", Some("x")),
            ("$D", None),
            ("${A#x}", None),
            ("${A", None),
            ("$", None),
        ];
        for (text, value) in cases {
            assert_eq!(variables.expand_base(text).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn a_stage_has_variables_of_its_own() {
        let variables = after("ARG A=x\nARG B=y\nFROM z\nARG A\nENV C=c\n");
        assert_eq!(variables.expand("$A$C").as_deref(), Some("xc"));
        assert_eq!(variables.expand("$B"), None);
        assert_eq!(variables.expand_base("$C"), None);
    }

    #[test]
    fn variables_that_double_one_another_stop_growing() {
        let doubling = "ARG A=$A$A\n".repeat(11);
        assert_eq!(after(&format!("ARG A=aa\n{doubling}")).expand_base("$A").map(|value| value.len()), Some(4096));
        assert_eq!(after(&format!("ARG A=aa\n{doubling}")).expand_base("$A$A"), None);
    }
}

//! One instruction of a Dockerfile.

use super::word::{end, unquoted, words};

/// An instruction on one line, however many it was written on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// The line on which it begins, from 1.
    pub(super) line: u32,
    /// In capitals. Of an `ONBUILD`, that of the instruction it keeps for later.
    pub(super) keyword: String,
    /// Options such as `--from=build`, without quotes.
    pub(super) flags: Vec<String>,
    /// All that follows.
    pub(super) arguments: String,
    /// What takes the meaning from the character behind it.
    pub(super) escape: char,
}

impl Instruction {
    pub(super) fn parse(line: u32, text: &str, escape: char) -> Self {
        let (mut keyword, mut rest) = split_keyword(text);
        while keyword == "ONBUILD" {
            (keyword, rest) = split_keyword(rest);
        }
        let mut flags = Vec::new();
        while rest.starts_with("--") {
            let (flag, after) = rest.split_at(end(rest, escape));
            flags.push(unquoted(flag, escape));
            rest = after.trim_start();
        }
        Self { line, keyword, flags, arguments: rest.to_owned(), escape }
    }

    /// The values of an option, which may be given more than once.
    pub(super) fn values<'a>(&'a self, option: &'a str) -> impl Iterator<Item = &'a str> {
        self.flags.iter().filter_map(move |flag| flag.strip_prefix(option)?.strip_prefix('='))
    }

    /// The fields of each `--mount`, by their names.
    pub(super) fn mounts(&self) -> impl Iterator<Item = Vec<(String, &str)>> {
        self.values("--mount").map(|mount| {
            let fields = mount.split(',').map(|field| field.split_once('=').unwrap_or((field, "")));
            fields.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim())).collect()
        })
    }

    /// The arguments as words, or as the items of a JSON list.
    pub(super) fn words(&self) -> Vec<String> {
        serde_json::from_str(&self.arguments).unwrap_or_else(|_| {
            words(&self.arguments, self.escape).into_iter().map(|word| unquoted(word, self.escape)).collect()
        })
    }
}

fn split_keyword(text: &str) -> (String, &str) {
    let text = text.trim_start();
    let (keyword, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (keyword.to_ascii_uppercase(), rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stand_between_the_keyword_and_the_rest() {
        let text = "run --mount=type=cache,target=/x --network=\"none\" make --jobs=2";
        let instruction = Instruction::parse(1, text, '\\');
        assert_eq!(instruction.keyword, "RUN");
        assert_eq!(instruction.flags, ["--mount=type=cache,target=/x", "--network=none"]);
        assert_eq!(instruction.arguments, "make --jobs=2");
    }

    #[test]
    fn arguments_are_words_or_a_list() {
        let words = |text: &str| Instruction::parse(1, text, '\\').words();
        assert_eq!(words("COPY a \"b c\" /d/"), ["a", "b c", "/d/"]);
        assert_eq!(words("COPY [\"a\", \"b c\", \"/d/\"]"), ["a", "b c", "/d/"]);
    }

    #[test]
    fn an_instruction_kept_for_later_is_taken_for_itself() {
        assert_eq!(Instruction::parse(1, "ONBUILD onbuild COPY --from=x a b", '\\').keyword, "COPY");
    }
}

//! Texts written into a Dockerfile behind an instruction, up to a line that ends them.

use super::{
    instruction::Instruction,
    word::{unquoted, words},
};

/// The line that ends a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ending {
    word: String,
    /// Whether tabs may stand before it.
    after_tabs: bool,
}

impl Ending {
    pub(super) fn is(&self, line: &str) -> bool {
        let line = if self.after_tabs { line.trim_start_matches('\t') } else { line };
        line == self.word
    }
}

/// The endings of the texts that follow an instruction, in order
/// (<https://docs.docker.com/reference/dockerfile/#here-documents>).
pub(super) fn endings(instruction: &Instruction) -> Vec<Ending> {
    if !matches!(instruction.keyword.as_str(), "RUN" | "COPY" | "ADD") || !instruction.arguments.contains("<<") {
        return Vec::new();
    }
    let words = words(&instruction.arguments, instruction.escape);
    words.into_iter().filter_map(|word| ending(word, instruction.escape)).collect()
}

/// `<<EOF`, `<<-EOF`, `<<"EOF"` or, with the number of an input, `3<<EOF`.
fn ending(word: &str, escape: char) -> Option<Ending> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let name = rest.strip_prefix('-').unwrap_or(rest);
    let is_name = !name.is_empty() && !name.contains('<');
    is_name.then(|| Ending { word: unquoted(name, escape), after_tabs: rest.starts_with('-') })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        endings(&Instruction::parse(1, text, '\\')).into_iter().map(|ending| ending.word).collect()
    }

    #[test]
    fn texts_are_announced_by_words_of_their_own() {
        assert_eq!(names("RUN cat <<EOF > /x"), ["EOF"]);
        assert_eq!(names("COPY <<a <<-'b' 3<<\"c\" /dir/"), ["a", "b", "c"]);
        for text in [
            "RUN cat<<EOF",
            "RUN cat <<<EOF",
            "RUN echo '<<EOF'",
            "RUN echo << EOF",
            "CMD cat <<EOF",
            "RUN x=$((1<<2))",
        ] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn only_a_dash_lets_tabs_stand_before_the_end() {
        let ending = |text| endings(&Instruction::parse(1, text, '\\')).remove(0);
        assert!(ending("RUN <<-EOF").is("\t\tEOF") && !ending("RUN <<EOF").is("\tEOF"));
        assert!(!ending("RUN <<EOF").is("EOF "));
    }
}

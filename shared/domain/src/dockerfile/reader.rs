//! From the lines of a Dockerfile to its instructions, as the builder joins them
//! (<https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go>).

use super::{heredoc, instruction::Instruction, number};

/// The instructions of a Dockerfile.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let escape = escape_character(text);
    let mut lines = (1..).map(number).zip(text.lines());
    let mut instructions = Vec::new();
    while let Some((line, first)) = lines.next() {
        if is_comment(first) || first.trim().is_empty() {
            continue;
        }
        let mut whole = String::new();
        let mut goes_on = append(&mut whole, first.trim_start(), escape);
        while goes_on && let Some((_, next)) = lines.next() {
            if !is_comment(next) && !next.trim().is_empty() {
                goes_on = append(&mut whole, next, escape);
            }
        }
        let instruction = Instruction::parse(line, &whole, escape);
        for ending in heredoc::endings(&instruction) {
            lines.by_ref().find(|(_, line)| ending.is(line));
        }
        instructions.push(instruction);
    }
    instructions
}

/// Adds a line, and tells whether the next one belongs to it, too.
fn append(whole: &mut String, line: &str, escape: char) -> bool {
    let before = line.trim_end_matches([' ', '\t']).strip_suffix(escape);
    match before {
        Some(before) if !before.ends_with(escape) => {
            whole.push_str(before);
            true
        }
        _ => {
            whole.push_str(line);
            false
        }
    }
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The character that `# escape=` names, which counts only above everything else in the file
/// (<https://docs.docker.com/reference/dockerfile/#escape>).
fn escape_character(text: &str) -> char {
    for line in text.lines() {
        let Some((name, value)) = line.trim().strip_prefix('#').and_then(|comment| comment.split_once('=')) else {
            break;
        };
        let name = name.trim();
        if !name.bytes().all(|c| c.is_ascii_alphanumeric()) || name.is_empty() {
            break;
        }
        if name.eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(u32, String)> {
        let instructions = instructions(text).into_iter();
        instructions.map(|one| (one.line, format!("{} {}", one.keyword, one.arguments))).collect()
    }

    fn expected(instructions: &[(u32, &str)]) -> Vec<(u32, String)> {
        instructions.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn an_instruction_goes_on_over_comments_and_empty_lines() {
        let text = "# x\n\nFROM a\nRUN one \\\n  # not me\n\n  two \\  \n  three\nCMD x\\\\\nUSER y\n";
        let lines = [(3, "FROM a"), (4, "RUN one   two   three"), (9, "CMD x\\\\"), (10, "USER y")];
        assert_eq!(read(text), expected(&lines));
    }

    #[test]
    fn the_escape_character_can_be_chosen_at_the_top_only() {
        let body = "FROM a\nRUN b`\nc\n";
        assert_eq!(read(&format!("# syntax=x\n# Escape = `\n{body}")).len(), 2);
        assert_eq!(read(&format!("# a comment\n# escape=`\n{body}")).len(), 3);
        assert_eq!(read(&format!("\n# escape=`\n{body}")).len(), 3);
    }

    #[test]
    fn texts_in_the_file_are_no_instructions() {
        let text = "FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY <<-x <<y /d/\nFROM c\n\tx\nFROM d\ny\nUSER e\n";
        assert_eq!(read(text), expected(&[(1, "FROM a"), (2, "RUN <<EOF"), (5, "COPY <<-x <<y /d/"), (10, "USER e")]));
    }

    #[test]
    fn lines_of_windows_and_a_byte_order_mark_are_nothing_special() {
        assert_eq!(read("\u{feff}FROM a\r\nRUN b \\\r\n c\r\n"), expected(&[(1, "FROM a"), (2, "RUN b  c")]));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in r#"((FROM|RUN|COPY|ARG|ONBUILD|<<E|E|--mount=|[a-c#=$`\\"' \t\n]|\{|\})){0,60}"#) {
            for instruction in instructions(&text) {
                instruction.words();
                instruction.mounts().for_each(drop);
            }
        }
    }
}

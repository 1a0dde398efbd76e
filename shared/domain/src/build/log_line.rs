//! What programs print, made fit to be shown: users' programs print what they like.

/// A longer line is cut, in bytes.
pub const LONGEST_LINE: usize = 8 * 1024;
const CUT: &str = " …";

/// A line without what would move the reader's cursor or colour the screen, and without what a carriage return would
/// have overwritten; cut to [`LONGEST_LINE`].
#[must_use]
pub fn clean(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let plain = anstream::adapter::strip_str(&text).to_string();
    let shown = plain.trim_end_matches(['\r', '\n']).rsplit('\r').next().unwrap_or_default();
    shortened(shown.chars().filter(|c| *c == '\t' || !c.is_control()).collect(), LONGEST_LINE)
}

/// The text with at most so many bytes, whole characters, and a sign where something is missing.
#[must_use]
pub fn shortened(text: String, longest: usize) -> String {
    if text.len() <= longest {
        return text;
    }
    let end = text.floor_char_boundary(longest.saturating_sub(CUT.len()));
    format!("{}{CUT}", &text[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours_titles_links_and_cursor_moves_go_and_the_text_stays() {
        let lines: &[(&str, &[u8], &str)] = &[
            ("a colour", b"\x1b[31mred\x1b[0m text", "red text"),
            ("a window title", b"\x1b]0;evil\x07shown", "shown"),
            ("a link", b"\x1b]8;;https://x.example\x1b\\here\x1b]8;;\x1b\\", "here"),
            ("a progress bar", b" 10%\r 50%\r100%\r\n", "100%"),
            ("a tab", b"a\tb", "a\tb"),
            ("a bell and a null", b"a\x07\0b", "ab"),
            ("half an escape", b"end\x1b[3", "end"),
            ("no UTF-8", b"caf\xe9", "caf\u{fffd}"),
            ("a C1 control", "a\u{9b}31mb".as_bytes(), "a31mb"),
        ];
        for (what, line, expected) in lines {
            assert_eq!(clean(line), *expected, "{what}");
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let cut = clean("ä".repeat(LONGEST_LINE).as_bytes());
        assert!(cut.len() <= LONGEST_LINE && cut.ends_with("ä …"));
    }

    proptest! {
        #[test]
        fn nothing_that_is_printed_keeps_a_control_character(line in prop::collection::vec(any::<u8>(), 0..300)) {
            let clean = clean(&line);
            prop_assert!(clean.chars().all(|c| c == '\t' || !c.is_control()), "{clean:?}");
        }
    }
}

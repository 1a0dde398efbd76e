//! The characters of a document, before it is read as YAML.

use super::DocumentFault;

/// 1 MiB: far more than any configuration, and what every later step can hold in memory.
const MOST_BYTES: usize = 1 << 20;

/// Finds what no reader should have to agree on: an excessive size, control characters, and characters that end a line
/// for some readers only.
pub(super) fn check(text: &str) -> Vec<DocumentFault> {
    if text.len() > MOST_BYTES {
        return vec![DocumentFault::new(
            "document-too-large",
            1,
            format!("The file has {} bytes; at most {MOST_BYTES} are read.", text.len()),
            "Divide it into several files.",
        )];
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.split('\n'));
    lines.filter_map(|(line, content)| check_line(line, content)).take(super::reader::MOST_FAULTS).collect()
}

fn check_line(line: u32, content: &str) -> Option<DocumentFault> {
    let content = content.strip_suffix('\r').unwrap_or(content);
    let strange = content.chars().find(|c| is_refused(*c))?;
    let code = u32::from(strange);
    Some(if is_disputed_break(strange) {
        DocumentFault::new(
            "ambiguous-line-break",
            line,
            format!("The character U+{code:04X} ends the line for some YAML readers and not for others."),
            "Use ordinary line breaks; inside a text write the character as an escape in double quotes.",
        )
    } else {
        DocumentFault::new(
            "control-character",
            line,
            format!("The control character U+{code:04X} is not text."),
            "Remove it; inside a text write it as an escape in double quotes.",
        )
    })
}

fn is_refused(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}') || is_disputed_break(c)
}

/// Breaks in YAML 1.1 but not in 1.2: <https://yaml.org/spec/1.2.2/#54-line-break-characters>; and the lone carriage
/// return, which no editor counts as a line any more.
fn is_disputed_break(c: char) -> bool {
    matches!(c, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

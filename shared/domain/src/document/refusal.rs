//! The words for everything in a document that is not read.

use granit_parser::{ErrorKind, ScanError};

use super::{DocumentFault, line_number, reader::DEEPEST, scalar::Misreading};
use crate::artifact::quoted;

pub(super) fn anchor(line: u32) -> DocumentFault {
    DocumentFault::new(
        "anchor",
        line,
        "A named value (`&name`) is not read here.",
        "Write values out where they are used.",
    )
}

pub(super) fn alias(line: u32) -> DocumentFault {
    DocumentFault::new(
        "alias",
        line,
        "A reference to another value (`*name`) is not read here.",
        "Write the value out.",
    )
}

pub(super) fn merge_key(line: u32) -> DocumentFault {
    DocumentFault::new("merge-key", line, "A merge (`<<`) is not read here.", "Write the fields out.")
}

pub(super) fn tag(line: u32, tag: &str) -> DocumentFault {
    let message = format!("The type `{}` in front of a value is not read here.", quoted(tag));
    DocumentFault::new("tag", line, message, "Remove it; put a text that looks like something else in quotes.")
}

pub(super) fn key_not_text(line: u32, key: &str) -> DocumentFault {
    let message = format!("The field name {key} is not a text.");
    DocumentFault::new("key-not-text", line, message, "Put the field name in quotes.")
}

pub(super) fn duplicate_key(line: u32, key: &str, first: u32) -> DocumentFault {
    let message = format!("The field `{}` is already on line {first}.", quoted(key));
    DocumentFault::new("duplicate-key", line, message, "Keep one of them.")
}

pub(super) fn misreading(line: u32, word: &str, misreading: &Misreading) -> DocumentFault {
    match misreading {
        Misreading::Ambiguous => DocumentFault::new(
            "ambiguous-scalar",
            line,
            format!("Some YAML readers take `{}` for a text, others for a number or a truth value.", quoted(word)),
            "Quote it if it is a text; otherwise write a plain decimal number, `true` or `false`.",
        ),
        Misreading::OutOfRange => DocumentFault::new(
            "number-range",
            line,
            format!("The number `{}` is too large, or not finite.", quoted(word)),
            "Write a number of at most 64 bits, or quote it if it is a text.",
        ),
    }
}

pub(super) fn too_deep(line: u32) -> DocumentFault {
    let message = format!("Values lie more than {DEEPEST} deep in one another.");
    DocumentFault::new("too-deep", line, message, "Nest them less.")
}

pub(super) fn too_many_values(line: u32, most: usize) -> DocumentFault {
    let message = format!("The file has more than {most} values.");
    DocumentFault::new("too-many-values", line, message, "Divide it into several files.")
}

pub(super) fn too_many_documents(line: u32, most: usize) -> DocumentFault {
    let message = format!("Document {} of the file begins here; {most} may be in it.", most + 1);
    DocumentFault::new("too-many-documents", line, message, "Remove it, or move it to a file of its own.")
}

pub(super) fn document_missing() -> DocumentFault {
    DocumentFault::new("document-missing", 1, "The file is empty.", "Write the document.")
}

/// Why the parser could not go on.
pub(super) fn syntax(error: &ScanError) -> DocumentFault {
    let line = line_number(error.marker());
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(line),
        ErrorKind::DirectiveDisallowed => {
            DocumentFault::new("yaml-directive", line, "A directive (`%…`) is not read here.", "Remove it.")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => {
            DocumentFault::new("tab-indentation", line, "A tab indents this line.", "Indent with spaces.")
        }
        _ => DocumentFault::new(
            "yaml-syntax",
            line,
            format!("This is not YAML: {}.", error.info()),
            "Correct the text at or just before this line.",
        ),
    }
}

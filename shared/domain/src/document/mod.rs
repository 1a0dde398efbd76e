//! YAML from users: parsed once, with the line of every value, and nothing but plain data in it.

#[cfg(test)]
mod corpus;
mod fault;
mod place;
mod reader;
mod refusal;
mod rules;
mod scalar;
mod text;

use granit_parser::Marker;
use serde_json::Value;

pub use fault::DocumentFault;
pub use rules::DocumentRules;

use place::Place;

/// One YAML document as plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What the document says, as JSON would say it.
    pub value: Value,
    place: Place,
}

impl Document {
    /// The line, from 1, on which the value at a JSON pointer (RFC 6901) begins. If there is no such value, the line of
    /// the nearest one around it: that is where a missing field is missed.
    #[must_use]
    pub fn line(&self, pointer: &str) -> u32 {
        self.place.line(pointer)
    }
}

/// Reads YAML, of which JSON is a part. Everything wrong is reported together, as far as the text can be read at all.
pub fn parse(text: &str, rules: &DocumentRules) -> Result<Vec<Document>, Vec<DocumentFault>> {
    let faults = text::check(text);
    if faults.is_empty() { reader::read(text, rules) } else { Err(faults) }
}

fn line_number(marker: &Marker) -> u32 {
    u32::try_from(marker.line()).unwrap_or(u32::MAX)
}

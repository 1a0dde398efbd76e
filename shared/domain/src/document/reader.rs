//! From the parser's events to plain data.

use std::{borrow::Cow, collections::BTreeMap};

use granit_parser::{Event, Parser, ScalarStyle, StrInput, Tag, options};
use serde_json::{Map, Value};

use super::{
    Document, DocumentFault, DocumentRules, line_number,
    place::{Inside, Place},
    refusal, scalar,
};

/// Deep enough for every real object, shallow enough for every stack.
pub(super) const DEEPEST: usize = 64;
/// Values in one file, so that a file of brackets cannot fill the memory.
const MOST_VALUES: usize = 50_000;
/// Nobody reads on after so many.
pub(super) const MOST_FAULTS: usize = 100;

/// Reads all documents of a file.
pub(super) fn read(text: &str, rules: &DocumentRules) -> Result<Vec<Document>, Vec<DocumentFault>> {
    let mut reader = Reader::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    match reader.documents(rules) {
        Ok(documents) if reader.faults.is_empty() => Ok(documents),
        _ => Err(reader.faults),
    }
}

/// The rest is not read; the reason is among the faults.
struct Stopped;

struct Reader<'text> {
    parser: Parser<'text, StrInput<'text>>,
    faults: Vec<DocumentFault>,
    values: usize,
    /// Where the text ends, if it does so in the middle of a line.
    open_end: Option<usize>,
}

impl<'text> Reader<'text> {
    fn new(text: &'text str) -> Self {
        let options = options! {
            disallow_directives: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: DEEPEST,
            block_nesting_limit: DEEPEST,
        };
        let parser = Parser::new_from_str_with_options(text, options);
        let last_line = text.rsplit('\n').next().unwrap_or_default();
        let open_end = (!last_line.trim().is_empty()).then_some(text.len());
        Self { parser, faults: Vec::new(), values: 0, open_end }
    }

    fn documents(&mut self, rules: &DocumentRules) -> Result<Vec<Document>, Stopped> {
        let mut documents = Vec::new();
        let mut begun = 0;
        while let Some((event, line)) = self.next()? {
            if !matches!(event, Event::DocumentStart(..)) {
                continue;
            }
            begun += 1;
            if begun > rules.most {
                return self.stop(refusal::too_many_documents(line, rules.most));
            }
            let (value, place) = self.value(DEEPEST)?;
            if !value.is_null() {
                documents.push(Document { value, place });
            }
        }
        if documents.len() < rules.fewest && self.faults.is_empty() {
            return self.stop(refusal::document_missing());
        }
        Ok(documents)
    }

    /// Reads the next value, with at most `depth` levels in it.
    fn value(&mut self, depth: usize) -> Result<(Value, Place), Stopped> {
        let (event, line) = self.expect()?;
        self.begun_value(event, line, depth)
    }

    fn begun_value(&mut self, event: Event<'text>, line: u32, depth: usize) -> Result<(Value, Place), Stopped> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return self.stop(refusal::too_many_values(line, MOST_VALUES));
        }
        match event {
            Event::Scalar(word, style, anchor, tag) => {
                self.refuse_properties(line, anchor, tag.as_deref())?;
                Ok((self.scalar(word, style, line)?, Place::scalar(line)))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_properties(line, anchor, tag.as_deref())?;
                self.sequence(line, depth)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_properties(line, anchor, tag.as_deref())?;
                self.mapping(line, depth)
            }
            _ => {
                self.report(refusal::alias(line))?;
                Ok((Value::Null, Place::scalar(line)))
            }
        }
    }

    fn scalar(&mut self, word: Cow<'_, str>, style: ScalarStyle, line: u32) -> Result<Value, Stopped> {
        if style != ScalarStyle::Plain {
            return Ok(Value::String(word.into_owned()));
        }
        match scalar::read(&word) {
            Ok(value) => Ok(value),
            Err(misreading) => {
                self.report(refusal::misreading(line, &word, &misreading))?;
                Ok(Value::Null)
            }
        }
    }

    fn sequence(&mut self, line: u32, depth: usize) -> Result<(Value, Place), Stopped> {
        let depth = self.descend(line, depth)?;
        let (mut items, mut places) = (Vec::new(), Vec::new());
        loop {
            let (event, line) = self.expect()?;
            if event == Event::SequenceEnd {
                break;
            }
            let (value, place) = self.begun_value(event, line, depth)?;
            items.push(value);
            places.push(place);
        }
        Ok((Value::Array(items), Place { line, inside: Inside::Items(places) }))
    }

    fn mapping(&mut self, line: u32, depth: usize) -> Result<(Value, Place), Stopped> {
        let depth = self.descend(line, depth)?;
        let (mut fields, mut places) = (Map::new(), BTreeMap::<String, Place>::new());
        loop {
            let (event, line) = self.expect()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = self.key(event, line, depth)?;
            let (value, place) = self.value(depth)?;
            let Some(key) = key else { continue };
            if let Some(first) = places.get(&key) {
                self.report(refusal::duplicate_key(line, &key, first.line))?;
            }
            places.insert(key.clone(), Place { line, ..place });
            fields.insert(key, value);
        }
        Ok((Value::Object(fields), Place { line, inside: Inside::Fields(places) }))
    }

    /// Reads a field's name, or reports why it is none.
    fn key(&mut self, event: Event<'text>, line: u32, depth: usize) -> Result<Option<String>, Stopped> {
        if matches!(&event, Event::Scalar(word, ScalarStyle::Plain, ..) if word == "<<") {
            self.report(refusal::merge_key(line))?;
            return Ok(None);
        }
        let before = self.faults.len();
        match self.begun_value(event, line, depth)?.0 {
            Value::String(key) => return Ok(Some(key)),
            _ if self.faults.len() > before => {}
            Value::Array(_) | Value::Object(_) => self.report(refusal::key_not_text(line, "in brackets"))?,
            key => self.report(refusal::key_not_text(line, &key.to_string()))?,
        }
        Ok(None)
    }

    fn refuse_properties(&mut self, line: u32, anchor: usize, tag: Option<&Tag>) -> Result<(), Stopped> {
        if anchor != 0 {
            self.report(refusal::anchor(line))?;
        }
        match tag {
            Some(tag) => self.report(refusal::tag(line, &tag.to_string())),
            None => Ok(()),
        }
    }

    fn descend(&mut self, line: u32, depth: usize) -> Result<usize, Stopped> {
        match depth.checked_sub(1) {
            Some(depth) => Ok(depth),
            None => self.stop(refusal::too_deep(line)),
        }
    }

    /// The next event and its line, or nothing at the end of the text.
    fn next(&mut self) -> Result<Option<(Event<'text>, u32)>, Stopped> {
        match self.parser.find(|event| !matches!(event, Ok((Event::Comment(..), _)))) {
            Some(Ok((event, span))) => {
                let ends_openly = self.open_end.is_some() && span.end.byte_offset() == self.open_end;
                let event = if ends_openly { without_added_break(event) } else { event };
                Ok(Some((event, line_number(&span.start))))
            }
            Some(Err(error)) => self.stop(refusal::syntax(&error)),
            None => Ok(None),
        }
    }

    /// The next event inside a document, which never ends before it is closed.
    fn expect(&mut self) -> Result<(Event<'text>, u32), Stopped> {
        self.next()?.ok_or(Stopped)
    }

    fn report(&mut self, fault: DocumentFault) -> Result<(), Stopped> {
        self.faults.push(fault);
        if self.faults.len() < MOST_FAULTS { Ok(()) } else { Err(Stopped) }
    }

    fn stop<T>(&mut self, fault: DocumentFault) -> Result<T, Stopped> {
        self.faults.push(fault);
        Err(Stopped)
    }
}

/// The parser ends a block of text by a line break even if the file ends without one; other readers do not.
fn without_added_break(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Scalar(word, style @ (ScalarStyle::Literal | ScalarStyle::Folded), anchor, tag) => {
            let word = word.strip_suffix('\n').unwrap_or(&word).to_owned();
            Event::Scalar(Cow::Owned(word), style, anchor, tag)
        }
        event => event,
    }
}

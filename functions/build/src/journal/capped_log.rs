//! The log that stays: its beginning and its end, whatever the length.

use std::collections::VecDeque;

use jiff::Timestamp;
use roost_domain::build::{BuildEvent, Happening};

/// In bytes; together 4 MiB.
const LONGEST_HEAD: usize = 1024 * 1024;
const LONGEST_TAIL: usize = 3 * 1024 * 1024;

/// Lines, of which the middle is dropped when there are too many.
#[derive(Debug, Default)]
pub(crate) struct CappedLog {
    head: Vec<u8>,
    head_is_full: bool,
    tail: VecDeque<String>,
    tail_bytes: usize,
    dropped_lines: u64,
    dropped_bytes: u64,
}

impl CappedLog {
    pub(crate) fn push(&mut self, line: String) {
        self.head_is_full |= self.head.len() + line.len() >= LONGEST_HEAD;
        if !self.head_is_full {
            self.head.extend_from_slice(line.as_bytes());
            self.head.push(b'\n');
            return;
        }
        self.tail_bytes += line.len() + 1;
        self.tail.push_back(line);
        while self.tail_bytes > LONGEST_TAIL {
            let Some(dropped) = self.tail.pop_front() else { break };
            self.tail_bytes -= dropped.len() + 1;
            self.dropped_lines += 1;
            self.dropped_bytes += dropped.len() as u64 + 1;
        }
    }

    /// The lines, and between them how many are missing.
    pub(crate) fn content(&self) -> Vec<u8> {
        let mut content = self.head.clone();
        let dropped = (self.dropped_lines > 0).then(|| self.gap());
        for line in dropped.iter().chain(&self.tail) {
            content.extend_from_slice(line.as_bytes());
            content.push(b'\n');
        }
        content
    }

    fn gap(&self) -> String {
        let what = Happening::Dropped { lines: self.dropped_lines, bytes: self.dropped_bytes };
        let event = BuildEvent { at: Timestamp::now(), component: None, what };
        serde_json::to_string(&event).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_log_is_kept_whole() {
        let mut log = CappedLog::default();
        log.push("one".to_owned());
        log.push("two".to_owned());
        assert_eq!(log.content(), b"one\ntwo\n");
    }

    #[test]
    fn of_a_long_log_beginning_and_end_are_kept_and_the_rest_is_counted() {
        let mut log = CappedLog::default();
        let lines = 200_000_u64;
        (0..lines).for_each(|number| log.push(format!("line {number:060}")));
        let content = String::from_utf8(log.content()).unwrap();
        assert!(content.len() <= LONGEST_HEAD + LONGEST_TAIL + 200, "{}", content.len());
        assert!(content.starts_with(&format!("line {:060}\n", 0)));
        assert!(content.ends_with(&format!("line {:060}\n", lines - 1)));
        let gap = content.lines().find(|line| line.contains("dropped")).unwrap();
        let Happening::Dropped { lines: dropped, .. } = serde_json::from_str::<BuildEvent>(gap).unwrap().what else {
            panic!("{gap}");
        };
        assert_eq!(dropped + content.lines().count() as u64 - 1, lines);
    }
}

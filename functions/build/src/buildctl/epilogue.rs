//! buildctl's last words, which say why a build failed.

use roost_domain::build::log_line;

/// More lines are never needed to name a reason.
const MOST_LINES: usize = 100;
const ERROR: &str = "error: ";
/// Goes before every error and tells nothing.
const PREFIX: &str = "failed to solve: ";
const RULE: &str = "--------------------";

/// Plain text after the statuses: a place in the Dockerfile, if the error has one, and the error.
#[derive(Debug, Default)]
pub(crate) struct Epilogue {
    lines: Vec<String>,
}

impl Epilogue {
    pub(crate) fn push(&mut self, line: &str) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(log_line::clean(line.as_bytes()));
        }
    }

    /// The error, which may have several lines.
    pub(crate) fn error(&self) -> String {
        let start = self.lines.iter().position(|line| line.starts_with(ERROR));
        let text = start.map(|start| self.lines[start..].join("\n")).unwrap_or_default();
        let text = text.trim_start_matches(ERROR);
        text.strip_prefix(PREFIX).unwrap_or(text).trim_end().to_owned()
    }

    /// `Dockerfile:4`, right before the excerpt.
    pub(crate) fn line(&self) -> Option<u32> {
        let place = self.lines.windows(2).find(|pair| pair[1] == RULE)?;
        place[0].rsplit_once(':')?.1.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epilogue(text: &str) -> Epilogue {
        let mut epilogue = Epilogue::default();
        text.lines().for_each(|line| epilogue.push(line));
        epilogue
    }

    #[test]
    fn place_and_error_are_found() {
        let text = "Dockerfile:4\n--------------------\n   2 |     COPY a b\n   4 | >>> RUNN foo\n--------------------\n\
                    error: failed to solve: dockerfile parse error on line 4: unknown instruction: RUNN";
        assert_eq!(epilogue(text).line(), Some(4));
        assert_eq!(epilogue(text).error(), "dockerfile parse error on line 4: unknown instruction: RUNN");
    }

    #[test]
    fn an_error_may_have_no_place_and_several_lines() {
        let text = "error: failed to solve: x: 403 Forbidden\ndenied";
        assert_eq!(epilogue(text).line(), None);
        assert_eq!(epilogue(text).error(), "x: 403 Forbidden\ndenied");
        assert_eq!(epilogue("").error(), "");
    }
}

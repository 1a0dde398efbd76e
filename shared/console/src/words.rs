//! What is shown in words, and with which mark.

use jiff::Timestamp;
use roost_client::CostToday;

/// How an app is, for people: a word, and by which class it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phase {
    pub(crate) word: String,
    pub(crate) class: &'static str,
}

impl Phase {
    /// The phase as the API names it.
    pub(crate) fn of(phase: Option<&str>, is_leaving: bool) -> Self {
        let (word, class) = match (phase, is_leaving) {
            (_, true) => ("Leaving", "wait"),
            (Some("Awake"), _) => ("Awake", "good"),
            (Some("Asleep"), _) => ("Asleep", "calm"),
            (Some("Failed"), _) => ("Failed", "bad"),
            (Some("Draining"), _) => ("Falling asleep", "wait"),
            (Some("Waking"), _) => ("Waking up", "wait"),
            (Some("None") | None, _) => ("Nothing runs yet", "calm"),
            (Some(other), _) => (other, "wait"),
        };
        Self { word: word.to_owned(), class }
    }

    /// How a release is.
    pub(crate) fn of_release(state: &str, has_ended: bool) -> Self {
        let class = match (state, has_ended) {
            ("live", _) => "good",
            ("failed" | "rejected", _) => "bad",
            (_, true) => "calm",
            (_, false) => "wait",
        };
        Self { word: state.to_owned(), class }
    }
}

/// How long ago something was, if it was.
pub(crate) fn ago(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "never".to_owned(), roost_client::ago)
}

/// The same for what was. Templates call it with a reference.
pub(crate) fn since(at: &Timestamp) -> String {
    roost_client::ago(*at)
}

/// What an app has cost, if it ever ran.
pub(crate) fn cost(today: Option<&CostToday>) -> String {
    today.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

/// A duration in milliseconds, as people tell it.
pub(crate) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_the_unit_that_fits() {
        let told = [7, 1_250, 59_999, 61_000].map(duration);
        assert_eq!(told, ["7 ms", "1.2 s", "59.9 s", "1 min 1 s"]);
    }

    #[test]
    fn a_project_that_leaves_is_nothing_else() {
        assert_eq!(Phase::of(Some("Awake"), true).word, "Leaving");
        assert_eq!(Phase::of(None, false).class, "calm");
    }
}

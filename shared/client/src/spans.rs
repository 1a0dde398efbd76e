//! Times as people tell them.

use jiff::Timestamp;

/// How long ago something was.
#[must_use]
pub fn ago(at: Timestamp) -> String {
    between(at, Timestamp::now())
}

/// How far away something is that is yet to come.
#[must_use]
pub fn until(at: Timestamp) -> String {
    match at.duration_since(Timestamp::now()).as_secs() {
        seconds if seconds <= 0 => "over".to_owned(),
        seconds => format!("in {}", span(seconds)),
    }
}

fn between(at: Timestamp, now: Timestamp) -> String {
    format!("{} ago", span(now.duration_since(at).as_secs().max(0)))
}

fn span(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn times_are_told_in_one_unit() {
        let now = Timestamp::UNIX_EPOCH;
        let told = [-5, 0, 59, 60, 3_599, 7_200, 200_000].map(|ago| between(now - SignedDuration::from_secs(ago), now));
        assert_eq!(told, ["0 s ago", "0 s ago", "59 s ago", "1 min ago", "59 min ago", "2 h ago", "2 d ago"]);
    }
}

//! After how long an app sleeps that nobody asks for, as its owner writes it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const SHORTEST: u32 = MINUTE;
const LONGEST: u32 = 7 * 24 * HOUR;
const NEVER: &str = "never";

/// An app's idle time: `30m`, `2h` or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum IdleTime {
    /// So many seconds.
    Seconds(IdleSeconds),
    /// It does not sleep, which not every plan allows.
    Never,
}

/// Between a minute and a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleSeconds(u32);

/// A text is no idle time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write minutes or hours such as `30m` or `2h`, from `1m` to `168h`, or `never`")]
pub struct IdleTimeError;

impl IdleTime {
    /// After how many seconds an app sleeps whose owner wishes that; absent for never, if the plan allows it.
    #[must_use]
    pub fn of_app(wish: Option<Self>, may_stay_awake: bool, usual: Option<u32>) -> Option<u32> {
        match wish {
            Some(Self::Never) if may_stay_awake => None,
            Some(Self::Seconds(IdleSeconds(seconds))) => Some(seconds),
            Some(Self::Never) | None => usual,
        }
    }

    /// In seconds; absent for never.
    #[must_use]
    pub fn seconds(self) -> Option<u32> {
        match self {
            Self::Seconds(IdleSeconds(seconds)) => Some(seconds),
            Self::Never => None,
        }
    }
}

impl FromStr for IdleTime {
    type Err = IdleTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == NEVER {
            return Ok(Self::Never);
        }
        let (number, unit) = match (text.strip_suffix('m'), text.strip_suffix('h')) {
            (Some(number), _) => (number, MINUTE),
            (_, Some(number)) => (number, HOUR),
            _ => return Err(IdleTimeError),
        };
        let digits = number.bytes().all(|byte| byte.is_ascii_digit()).then_some(number);
        let number: u32 = digits.and_then(|digits| digits.parse().ok()).ok_or(IdleTimeError)?;
        let seconds = number.checked_mul(unit).filter(|seconds| (SHORTEST..=LONGEST).contains(seconds));
        seconds.map(|seconds| Self::Seconds(IdleSeconds(seconds))).ok_or(IdleTimeError)
    }
}

impl TryFrom<String> for IdleTime {
    type Error = IdleTimeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IdleTime> for String {
    fn from(time: IdleTime) -> Self {
        match time.seconds() {
            None => NEVER.to_owned(),
            Some(seconds) if seconds % HOUR == 0 => format!("{}h", seconds / HOUR),
            Some(seconds) => format!("{}m", seconds / MINUTE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_hours_up_to_a_week_are_times() {
        for (text, seconds) in [("1m", 60), ("30m", 1_800), ("2h", 7_200), ("168h", 604_800)] {
            let time: IdleTime = text.parse().unwrap();
            assert_eq!((time.seconds(), String::from(time)), (Some(seconds), text.to_owned()));
        }
        assert_eq!("never".parse::<IdleTime>().unwrap().seconds(), None);
    }

    #[test]
    fn an_app_stays_awake_for_good_only_if_its_plan_allows_it() {
        let (half_an_hour, never) = ("30m".parse().ok(), Some(IdleTime::Never));
        assert_eq!(IdleTime::of_app(None, true, Some(300)), Some(300));
        assert_eq!(IdleTime::of_app(half_an_hour, false, Some(300)), Some(1_800));
        assert_eq!(IdleTime::of_app(never, true, Some(300)), None);
        assert_eq!(IdleTime::of_app(never, false, Some(300)), Some(300), "the plan was larger when it was released");
    }

    #[test]
    fn nothing_else_is_a_time() {
        for text in ["", "m", "0m", "30", "30s", "-1m", "+5m", "1.5h", "169h", "99999999999m", "Never", " 5m", "5m "] {
            assert_eq!(text.parse::<IdleTime>(), Err(IdleTimeError), "{text:?}");
        }
    }
}

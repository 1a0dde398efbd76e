//! How long an app has run on a day, which is what it costs: what sleeps asks for nothing.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AppSpec, AppStatus, Compute};

const SECONDS_PER_HOUR: f64 = 3_600.0;
const MILLIS_PER_CORE: f64 = 1_000.0;
const BYTES_PER_GIBIBYTE: f64 = 1_073_741_824.0;

/// How long an app had run on one day when its last stretch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTime {
    /// By UTC.
    pub day: Date,
    /// In milliseconds, as a stretch may be short.
    pub millis: u64,
}

/// What an app costs on a day: what its pods ask for, times how long they did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// How long it ran, in seconds.
    pub run_seconds: u64,
    /// Hours of a core.
    pub cpu_hours: f64,
    /// Hours of a gibibyte of memory.
    pub memory_gib_hours: f64,
}

impl RunTime {
    /// Of that day, together with a stretch that ends now: what was before midnight belongs to the day before.
    fn with(before: Option<Self>, began: Timestamp, now: Timestamp) -> Self {
        let day = TimeZone::UTC.to_datetime(now).date();
        let midnight = day.to_zoned(TimeZone::UTC).map_or(began, |midnight| midnight.timestamp());
        let stretch = u64::try_from(now.duration_since(began.max(midnight)).as_millis()).unwrap_or(0);
        let earlier = before.filter(|known| known.day == day).map_or(0, |known| known.millis);
        Self { day, millis: earlier.saturating_add(stretch) }
    }
}

impl AppStatus {
    /// What is to be noted as the present phase ends.
    pub(super) fn ran_until(&self, now: Timestamp) -> Option<RunTime> {
        if self.phase.is_down() { self.ran } else { Some(RunTime::with(self.ran, self.since, now)) }
    }

    /// How long it has run today, by UTC.
    fn ran_today(&self, now: Timestamp) -> SignedDuration {
        let began = if self.phase.is_down() { now } else { self.since };
        let millis = RunTime::with(self.ran, began, now).millis;
        SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

impl AppSpec {
    /// What all its pods ask for together while it runs, as its release has it.
    #[must_use]
    pub fn requests(&self) -> Compute {
        self.workloads.iter().map(|workload| workload.pod.requests * workload.replicas).sum()
    }

    /// What it has cost today, by UTC: as if its present release had run all the while, with the pods it asks for.
    // Both are far below what such a number holds exactly.
    #[allow(clippy::cast_precision_loss)]
    #[must_use]
    pub fn cost_today(&self, status: &AppStatus, now: Timestamp) -> Cost {
        let (ran, asked) = (status.ran_today(now), self.requests());
        let hours = ran.as_secs_f64() / SECONDS_PER_HOUR;
        Cost {
            run_seconds: u64::try_from(ran.as_secs()).unwrap_or(0),
            cpu_hours: asked.cpu_millis as f64 / MILLIS_PER_CORE * hours,
            memory_gib_hours: asked.memory_bytes as f64 / BYTES_PER_GIBIBYTE * hours,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::app::Phase;

    fn at(time: &str) -> Timestamp {
        format!("2026-01-{time}:00Z").parse().unwrap()
    }

    fn status(phase: Phase, since: &str, ran: Option<(i8, u64)>) -> AppStatus {
        let ran = ran.map(|(day, minutes)| RunTime { day: jiff::civil::date(2026, 1, day), millis: minutes * 60_000 });
        AppStatus { phase, ran, ..AppStatus::new(at(since)) }
    }

    fn minutes(status: &AppStatus, now: &str) -> i64 {
        status.ran_today(at(now)).as_mins()
    }

    #[test]
    fn stretches_of_a_day_add_up() {
        let awake = status(Phase::Awake, "05T10:00", Some((5, 15)));
        assert_eq!(minutes(&awake, "05T10:30"), 45);
        assert_eq!(awake.ran_until(at("05T10:30")), status(Phase::Awake, "05T10:00", Some((5, 45))).ran);
    }

    #[test]
    fn what_sleeps_costs_no_more() {
        let asleep = status(Phase::Asleep, "05T10:00", Some((5, 15)));
        assert_eq!(minutes(&asleep, "05T23:59"), 15);
        assert_eq!(asleep.ran_until(at("05T23:59")), asleep.ran);
    }

    #[test]
    fn a_day_begins_with_nothing_and_a_stretch_is_cut_at_midnight() {
        assert_eq!(minutes(&status(Phase::Asleep, "05T10:00", Some((5, 15))), "06T00:30"), 0);
        assert_eq!(minutes(&status(Phase::Awake, "05T23:00", Some((5, 15))), "06T00:30"), 30);
        assert_eq!(minutes(&status(Phase::Awake, "03T00:00", None), "06T23:59"), 1_439);
    }

    #[test]
    fn an_app_costs_what_all_its_pods_ask_for_times_how_long_they_ran() {
        let pod = json!({"requests": {"cpuMillis": 250, "memoryBytes": 536_870_912}, "limits": Compute::default()});
        let web = json!({"kind": "Deployment", "name": "web", "replicas": 2, "pod": pod});
        let spec = json!({"tenant": "u1", "project": "shop", "release": 1, "workloads": [web]});
        let spec: AppSpec = serde_json::from_value(spec).unwrap();
        let cost = spec.cost_today(&status(Phase::Awake, "05T10:00", Some((5, 60))), at("05T12:00"));
        assert_eq!(cost, Cost { run_seconds: 3 * 3_600, cpu_hours: 1.5, memory_gib_hours: 3.0 });
    }

    #[test]
    fn a_clock_that_goes_back_takes_nothing_away() {
        assert_eq!(minutes(&status(Phase::Awake, "05T10:00", Some((5, 15))), "05T09:59"), 15);
    }
}

//! What this process counts, for Prometheus: no tenant and no app is told apart, so it stays the same size.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use roost_domain::visit::Intent;

/// In seconds: a small pod is there within one, and whoever holds a request gives up after a minute.
const WAKE_BUCKETS: [f64; 12] = [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

/// Who asked, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    visitor: &'static str,
    code: u16,
}

/// Whether an app woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    outcome: &'static str,
}

/// All counters and gauges.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    wakes: Family<Ended, Counter>,
    wake_time: Histogram,
    held: Gauge,
    sessions: Gauge,
    apps: Gauge,
}

/// What is measured at the moment when somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Levels {
    /// Requests that wait.
    pub held: u64,
    /// Apps that are looked after.
    pub sessions: usize,
    /// Apps that are known.
    pub apps: usize,
}

impl Default for Metrics {
    fn default() -> Self {
        let (mut registry, wake_time) = (Registry::with_prefix("roost"), Histogram::new(WAKE_BUCKETS));
        let (answered, wakes) = (Family::default(), Family::default());
        let (held, sessions, apps) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register(
            "wake_answers",
            "Requests that were answered, by who asked and with which code",
            answered.clone(),
        );
        registry.register("wakes", "Apps that were woken, or failed to wake", wakes.clone());
        let text = "From the request that wakes an app until all of it is ready";
        registry.register_with_unit("wake", text, Unit::Seconds, wake_time.clone());
        registry.register("held_requests", "Requests that wait for their app", held.clone());
        registry.register("watched_apps", "Apps that somebody asks for", sessions.clone());
        registry.register("known_apps", "Apps that are known", apps.clone());
        Self { registry, answered, wakes, wake_time, held, sessions, apps }
    }
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, intent: Intent, status: StatusCode) {
        let visitor = intent.visitor().map_or("nobody", |visitor| visitor.name());
        self.answered.get_or_create(&Answered { visitor, code: status.as_u16() }).inc();
    }

    /// This process has woken an app.
    pub fn woke(&self, took: Duration) {
        self.wakes.get_or_create(&Ended { outcome: "awake" }).inc();
        self.wake_time.observe(took.as_secs_f64());
    }

    /// This process could not wake an app.
    pub fn failed_to_wake(&self) {
        self.wakes.get_or_create(&Ended { outcome: "failed" }).inc();
    }

    /// All of it as Prometheus reads it.
    pub fn text(&self, levels: Levels) -> Result<String, fmt::Error> {
        self.held.set(levels.held.try_into().unwrap_or(i64::MAX));
        self.sessions.set(levels.sessions.try_into().unwrap_or(i64::MAX));
        self.apps.set(levels.apps.try_into().unwrap_or(i64::MAX));
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use roost_domain::visit::Visitor;

    use super::*;

    #[test]
    fn what_happened_can_be_read() {
        let metrics = Metrics::default();
        metrics.answered(Intent::Page, StatusCode::SERVICE_UNAVAILABLE);
        metrics.answered(Intent::Answer(Visitor::Program), StatusCode::OK);
        metrics.woke(Duration::from_millis(700));
        metrics.failed_to_wake();
        let text = metrics.text(Levels { held: 3, sessions: 2, apps: 100 }).unwrap();
        for line in [
            "roost_wake_answers_total{visitor=\"browser\",code=\"503\"} 1",
            "roost_wake_answers_total{visitor=\"program\",code=\"200\"} 1",
            "roost_wakes_total{outcome=\"awake\"} 1",
            "roost_wakes_total{outcome=\"failed\"} 1",
            "roost_wake_seconds_bucket{le=\"0.75\"} 1",
            "roost_held_requests 3",
            "roost_known_apps 100",
        ] {
            assert!(text.lines().any(|read| read == line), "{line} is not in {text}");
        }
    }
}

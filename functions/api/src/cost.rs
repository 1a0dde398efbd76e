//! What an app has cost today, as it is told.

use jiff::Timestamp;
use roost_cluster::app::App;
use roost_domain::app::Cost;
use serde::Serialize;
use utoipa::ToSchema;

/// What an app has cost since midnight UTC: the CPU and memory that its pods ask for, times how long they ran.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostToday {
    /// How long it ran, in seconds. What sleeps costs nothing.
    run_seconds: u64,
    /// Hours of a core, to a thousandth.
    #[schema(example = 0.4)]
    cpu_hours: f64,
    /// Hours of a gibibyte of memory, to a thousandth.
    #[schema(example = 0.5)]
    memory_gib_hours: f64,
}

impl CostToday {
    pub(crate) fn of(app: &App) -> Self {
        let Cost { run_seconds, cpu_hours, memory_gib_hours } = app.spec.cost_today(&app.standing(), Timestamp::now());
        Self { run_seconds, cpu_hours: rounded(cpu_hours), memory_gib_hours: rounded(memory_gib_hours) }
    }
}

fn rounded(hours: f64) -> f64 {
    (hours * 1_000.0).round() / 1_000.0
}

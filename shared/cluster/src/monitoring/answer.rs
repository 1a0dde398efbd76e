//! An answer of Prometheus: <https://prometheus.io/docs/prometheus/latest/querying/api/>.

use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    warnings: Vec<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    result: Vec<Series>,
}

/// A series, with one sample or several.
#[derive(Deserialize)]
pub(super) struct Series {
    pub(super) metric: Labels,
    value: Option<Sample>,
    #[serde(default)]
    values: Vec<Sample>,
}

/// The labels that are asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Labels {
    pub(super) __name__: String,
    pub(super) figure: String,
    pub(super) pod: String,
    pub(super) router: String,
    pub(super) namespace: String,
}

/// Seconds, and a number as text.
#[derive(Deserialize)]
pub(super) struct Sample(f64, String);

impl Answer {
    /// Whether it may not be whole.
    pub(super) fn has_warnings(&self) -> bool {
        !self.warnings.is_empty()
    }

    pub(super) fn series(&self) -> &[Series] {
        &self.data.result
    }
}

impl Series {
    /// When the value is of, and what it is.
    pub(super) fn value(&self) -> Option<(Timestamp, f64)> {
        self.value.as_ref().and_then(Sample::read)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (Timestamp, f64)> {
        self.values.iter().filter_map(Sample::read)
    }
}

impl Sample {
    fn read(&self) -> Option<(Timestamp, f64)> {
        Some((timestamp(self.0)?, self.1.parse().ok()?))
    }
}

/// Of seconds since 1970.
pub(super) fn timestamp(seconds: f64) -> Option<Timestamp> {
    let since = std::time::Duration::try_from_secs_f64(seconds).ok()?;
    Timestamp::from_millisecond(i64::try_from(since.as_millis()).ok()?).ok()
}

/// A counter, which is a whole number however it is written.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^53, and cut off at 0")]
pub(super) fn count(value: f64) -> u64 {
    value.round() as u64
}

//! An answer of Prometheus: <https://prometheus.io/docs/prometheus/latest/querying/api/>. There may be very many series
//! in it, so they borrow their labels from its text.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    result: Vec<Series<'a>>,
}

/// A series, with one sample or several.
#[derive(Deserialize)]
pub(super) struct Series<'a> {
    #[serde(borrow)]
    pub(super) metric: Labels<'a>,
    #[serde(borrow)]
    value: Option<Sample<'a>>,
    #[serde(borrow, default)]
    values: Vec<Sample<'a>>,
}

/// The labels that are asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Labels<'a> {
    #[serde(borrow)]
    pub(super) __name__: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) figure: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) pod: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) router: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) namespace: Cow<'a, str>,
}

/// Seconds, and a number as text.
#[derive(Deserialize)]
pub(super) struct Sample<'a>(f64, #[serde(borrow)] Cow<'a, str>);

impl<'a> Answer<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, kube::Error> {
        serde_json::from_str(text).map_err(kube::Error::SerdeError)
    }

    /// Whether it may not be whole.
    pub(super) fn has_warnings(&self) -> bool {
        !self.warnings.is_empty()
    }

    pub(super) fn series(&self) -> &[Series<'a>] {
        &self.data.result
    }
}

impl Series<'_> {
    /// When the value is of, and what it is.
    pub(super) fn value(&self) -> Option<(Timestamp, f64)> {
        self.value.as_ref().and_then(Sample::read)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (Timestamp, f64)> {
        self.values.iter().filter_map(Sample::read)
    }
}

impl Sample<'_> {
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

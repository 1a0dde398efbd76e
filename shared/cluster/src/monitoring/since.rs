//! How many requests had begun for some apps, by every single reading of the last minutes.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use roost_domain::app::idle::Readings;

use super::Monitoring;
use super::answer::{Answer, Series, count};
use crate::ClusterError;
use crate::gateway::{key_of_app, key_of_router};

/// Readings further apart than this have one missing between them.
const LONGEST_GAP: SignedDuration = SignedDuration::from_secs(45);
const BEGUN: &str = "traefik_router_requests_tls_total";

/// The readings of the last five minutes.
#[derive(Debug, Default)]
pub struct Since {
    /// By pod: from when on none failed or is missing.
    whole_from: BTreeMap<String, Timestamp>,
    /// By app and pod: what was read, by when.
    begun: BTreeMap<(String, String), BTreeMap<Timestamp, u64>>,
}

impl Monitoring {
    /// Looks up the readings for those apps, each its namespace and project.
    pub async fn since(&self, apps: &[(&str, &str)]) -> Result<Since, ClusterError> {
        if apps.is_empty() {
            return Ok(Since::default());
        }
        let keys: Vec<_> = apps.iter().map(|(namespace, project)| key_of_app(namespace, project)).collect();
        // What has no router is whether a pod could be read.
        let routers = format!("|(?:{})-gw-.+", keys.join("|"));
        let query = format!(r#"{{__name__=~"up|{BEGUN}",job="gateway",router=~"{routers}"}}[5m]"#);
        self.ask(&query, Since::read).await
    }
}

impl Since {
    fn read(answer: &Answer<'_>) -> Self {
        let mut since = Self::default();
        for series in answer.series().iter().filter(|_| !answer.has_warnings()) {
            let pod = series.metric.pod.to_string();
            if let (BEGUN, Some(key)) = (&*series.metric.__name__, key_of_router(&series.metric.router)) {
                let begun = since.begun.entry((key.to_owned(), pod)).or_default();
                for (at, value) in series.values() {
                    *begun.entry(at).or_default() += count(value);
                }
            } else if let Some(from) = whole_from(series) {
                since.whole_from.insert(pod, from);
            }
        }
        since
    }

    /// What was read of an app at each pod of the gateway after one time, and up to another.
    #[must_use]
    pub fn of(&self, namespace: &str, project: &str, after: Timestamp, up_to: Timestamp) -> BTreeMap<String, Readings> {
        let key = key_of_app(namespace, project);
        let readings = |(pod, from): (&String, &Timestamp)| {
            let begun = self.begun.get(&(key.clone(), pod.clone()));
            let begun = begun.into_iter().flatten().filter(|(at, _)| **at > after && **at <= up_to);
            (pod.clone(), Readings { whole_from: *from, begun: begun.map(|(_, begun)| *begun).collect() })
        };
        self.whole_from.iter().map(readings).collect()
    }
}

/// From when on a pod could be read each time.
fn whole_from(up: &Series<'_>) -> Option<Timestamp> {
    let readings: Vec<_> = up.values().collect();
    let mut from = None;
    for (at, up) in readings.into_iter().rev() {
        if up < 1.0 || from.is_some_and(|from: Timestamp| from.duration_since(at) > LONGEST_GAP) {
            break;
        }
        from = Some(at);
    }
    from
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn series(name: &str, values: &[(i64, &str)]) -> Value {
        let router = "httproute-user-alice-roost-shop-gw-roost-system-roost-ep-websecure-0-0f@kubernetesgateway";
        let router = if name == BEGUN { router } else { "" };
        let values: Vec<_> = values.iter().map(|(at, value)| json!([1_800_000_000 + at, value])).collect();
        json!({"metric": {"__name__": name, "pod": "a", "router": router}, "values": values})
    }

    fn read(result: &[Value], after: i64, up_to: i64) -> BTreeMap<String, Readings> {
        let answer = json!({"status": "success", "data": {"resultType": "matrix", "result": result}}).to_string();
        let since = Since::read(&Answer::read(&answer).unwrap());
        since.of("user-alice", "shop", at(after), at(up_to))
    }

    #[test]
    fn only_readings_of_the_time_in_question_count() {
        let up = series("up", &[(0, "1"), (15, "1"), (30, "1"), (45, "1")]);
        let begun =
            [series(BEGUN, &[(0, "4"), (15, "5"), (30, "6"), (45, "7")]), series(BEGUN, &[(15, "1"), (30, "1")])];
        let readings = read(&[up, begun[0].clone(), begun[1].clone()], 0, 30);
        assert_eq!(readings["a"], Readings { whole_from: at(0), begun: [6, 7].into() });
    }

    #[test]
    fn a_reading_that_failed_or_is_missing_begins_it_anew() {
        let failed = series("up", &[(0, "1"), (15, "0"), (30, "1"), (45, "1")]);
        assert_eq!(read(&[failed], 0, 60)["a"].whole_from, at(30));
        let missing = series("up", &[(0, "1"), (15, "1"), (75, "1"), (90, "1")]);
        assert_eq!(read(&[missing], 0, 90)["a"].whole_from, at(75));
        assert_eq!(read(&[], 0, 60), BTreeMap::new());
    }
}

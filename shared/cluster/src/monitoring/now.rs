//! What all apps' requests come to at this moment: one question for all of them.

use std::collections::HashMap;

use jiff::Timestamp;
use roost_domain::app::idle::{GatewayProcess, Measurements, Usage};

use super::Monitoring;
use super::answer::{Answer, Series, count, timestamp};
use crate::ClusterError;
use crate::gateway::{key_of_app, key_of_router};

/// Requests by HTTPS are counted when they begin and when they end.
const BEGUN: &str = r#"sum by (pod, router) (traefik_router_requests_tls_total{router=~"httproute-user-.+"})"#;
const ENDED: &str = r#"sum by (pod, router) (traefik_router_requests_total{router=~"httproute-user-.+"})"#;
const BEGUN_BEFORE: &str =
    r#"sum by (pod, router) (traefik_router_requests_tls_total{router=~"httproute-user-.+"} offset 30s)"#;

/// Requests of the last minutes, whatever they were for.
const CAME_IN: &str = r#"ceil(sum(increase(traefik_entrypoint_requests_tls_total{entrypoint="websecure"}[5m])))"#;
/// Those that were counted for a router. The gateway forgets routers that it has no more: what it said of them in the
/// same minutes counts as well, or the only app of a cluster could never sleep.
const COUNTED: &str = "sum(max_over_time(traefik_router_requests_tls_total[5m]))";

/// What was measured of a cluster's gateway, and of each app behind it.
#[derive(Debug)]
pub struct Requests {
    /// The gateway as a whole.
    pub measurements: Measurements,
    /// The names of its pods.
    pods: Vec<Box<str>>,
    counted: HashMap<Box<str>, Counted>,
}

/// What was counted for an app. There are very many of these, so pods stand in them by their number.
#[derive(Debug, Default)]
struct Counted {
    begun: Vec<(usize, u64)>,
    open: u64,
    is_busy: bool,
}

impl Monitoring {
    /// Looks up the requests of all apps, at those pods of the gateway.
    pub async fn requests(&self, gateways: &[String]) -> Result<Requests, ClusterError> {
        self.ask(&query(), |answer| Requests::read(answer, gateways)).await
    }
}

/// Several questions in one, told apart by a label.
fn query() -> String {
    let figures = [
        ("begun", BEGUN.to_owned()),
        ("busy", format!("{BEGUN} != {BEGUN_BEFORE}")),
        // Where none has ended there is nothing to subtract.
        ("open", format!("(({BEGUN} - {ENDED}) > 0) or ({BEGUN} unless {ENDED})")),
        ("born", r#"max by (pod) (process_start_time_seconds{job="gateway"})"#.to_owned()),
        ("up", r#"min by (pod) (up{job="gateway"})"#.to_owned()),
        ("read", r#"max by (pod) (timestamp(up{job="gateway"}))"#.to_owned()),
        ("minutes", r#"max by (pod) (count_over_time((present_over_time(up{job="gateway"}[1m]))[5m:1m]))"#.to_owned()),
        ("came-in", CAME_IN.to_owned()),
        ("counted", COUNTED.to_owned()),
        ("asked", "vector(time())".to_owned()),
    ];
    let named = figures.map(|(figure, query)| format!(r#"label_replace({query}, "figure", "{figure}", "", "")"#));
    named.join(" or ")
}

impl Requests {
    fn read(answer: &Answer<'_>, gateways: &[String]) -> Self {
        let figure = |name: &'static str| answer.series().iter().filter(move |series| series.metric.figure == name);
        let sum = |name| figure(name).find_map(Series::value).map(|(_, value)| value);
        let process = |pod: &String| {
            let of_pod = |name| figure(name).find(|series| series.metric.pod == *pod)?.value().map(|(_, value)| value);
            Some(GatewayProcess {
                born: timestamp(of_pod("born")?)?,
                read_at: timestamp(of_pod("read")?)?,
                is_up: of_pod("up")? > 0.0,
                minutes_covered: i64::try_from(count(of_pod("minutes")?)).ok()?,
            })
        };
        let measurements = Measurements {
            asked_at: sum("asked").and_then(timestamp).unwrap_or(Timestamp::UNIX_EPOCH),
            gateways: gateways.iter().map(|pod| (pod.clone(), process(pod))).collect(),
            came_in: sum("came-in").map_or(0, count),
            counted: sum("counted").map_or(0, count),
            has_warnings: answer.has_warnings(),
        };
        let mut requests = Self { measurements, pods: Vec::new(), counted: HashMap::new() };
        answer.series().iter().for_each(|series| requests.add(series));
        requests
    }

    fn add(&mut self, series: &Series<'_>) {
        let (Some(key), Some((_, value))) = (key_of_router(&series.metric.router), series.value()) else { return };
        let pod = self.number_of(&series.metric.pod);
        if !self.counted.contains_key(key) {
            self.counted.insert(key.into(), Counted::default());
        }
        let Some(counted) = self.counted.get_mut(key) else { return };
        match &*series.metric.figure {
            "begun" => counted.begun.push((pod, count(value))),
            "open" => counted.open += count(value),
            "busy" => counted.is_busy = true,
            _ => {}
        }
    }

    fn number_of(&mut self, pod: &str) -> usize {
        let known = self.pods.iter().position(|known| **known == *pod);
        known.unwrap_or_else(|| {
            self.pods.push(pod.into());
            self.pods.len() - 1
        })
    }

    /// What was measured of an app.
    #[must_use]
    pub fn of(&self, namespace: &str, project: &str) -> Usage {
        let Some(counted) = self.counted.get(&*key_of_app(namespace, project)) else { return Usage::default() };
        let mut usage = Usage { open: counted.open, is_busy: counted.is_busy, ..Usage::default() };
        for (pod, begun) in &counted.begun {
            *usage.begun.entry(self.pods[*pod].to_string()).or_default() += begun;
        }
        usage
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ROUTER: &str = "httproute-user-alice-roost-shop-gw-roost-system-roost-ep-websecure-0-0f@kubernetesgateway";
    const OTHER: &str = "httproute-user-alice-roost-shop-gw-roost-system-roost-ep-websecure-1-0f@kubernetesgateway";

    fn series(figure: &str, pod: &str, router: &str, value: &str) -> Value {
        json!({"metric": {"figure": figure, "pod": pod, "router": router}, "value": [1_800_000_000.5, value]})
    }

    fn read(result: &[Value], gateways: &[&str]) -> Requests {
        let answer = json!({"status": "success", "data": {"resultType": "vector", "result": result}}).to_string();
        let gateways: Vec<_> = gateways.iter().map(|pod| (*pod).to_owned()).collect();
        Requests::read(&Answer::read(&answer).unwrap(), &gateways)
    }

    #[test]
    fn the_rules_of_a_route_count_together_and_pods_apart() {
        let result = [
            series("begun", "a", ROUTER, "5"),
            series("begun", "a", OTHER, "2"),
            series("begun", "b", ROUTER, "1"),
            series("open", "b", ROUTER, "1"),
            series("busy", "a", OTHER, "2"),
        ];
        let usage = read(&result, &["a", "b"]).of("user-alice", "shop");
        assert_eq!(usage.begun, [("a".to_owned(), 7), ("b".to_owned(), 1)].into());
        assert_eq!((usage.open, usage.is_busy), (1, true));
        assert_eq!(read(&result, &[]).of("user-alice", "other"), Usage::default());
    }

    #[test]
    fn a_pod_of_which_anything_is_missing_is_not_measured() {
        let figures = [("born", "1799990000"), ("up", "1"), ("read", "1799999995"), ("minutes", "5")];
        let all: Vec<_> = figures.iter().map(|(figure, value)| series(figure, "a", "", value)).collect();
        assert!(read(&all, &["a"]).measurements.gateways["a"].is_some());
        for missing in 0..all.len() {
            let some: Vec<_> =
                all.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, one)| one.clone()).collect();
            assert_eq!(read(&some, &["a"]).measurements.gateways["a"], None);
        }
        assert_eq!(read(&all, &["a", "b"]).measurements.gateways["b"], None);
    }
}

//! Figures about what the functions do, in the format by which CloudWatch finds metrics in a log
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).

use jiff::Timestamp;
use serde_json::{Value, json};

/// Reports how long something took from the event to its effect. There is no dimension for the tenant: every value of a
/// dimension is a metric of its own, and is paid for.
pub fn report_event_to_effect(flow: &str, outcome: &str, milliseconds: i64) {
    println!("{}", event_to_effect(flow, outcome, milliseconds, Timestamp::now()));
}

fn event_to_effect(flow: &str, outcome: &str, milliseconds: i64, now: Timestamp) -> Value {
    json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": "Roost",
                "Dimensions": [["Flow", "Outcome"]],
                "Metrics": [{"Name": "EventToEffect", "Unit": "Milliseconds"}],
            }],
        },
        "Flow": flow,
        "Outcome": outcome,
        "EventToEffect": milliseconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_the_metric_refers_to_is_in_the_line() {
        let line = event_to_effect("tenant", "ready", 221, Timestamp::UNIX_EPOCH);
        let metric = &line["_aws"]["CloudWatchMetrics"][0];
        let dimensions = metric["Dimensions"][0].as_array().unwrap().iter();
        let names = dimensions.chain(metric["Metrics"].as_array().unwrap().iter().map(|metric| &metric["Name"]));
        for name in names {
            assert!(line.get(name.as_str().unwrap()).is_some(), "{name}");
        }
        assert_eq!(line["EventToEffect"], 221);
    }
}

//! Objects whose pods come to an end: Jobs and `CronJobs`.

use super::fields::{Fields, at_most, unknown};
use super::workload::{self, MOST_REPLICAS, TOO_MANY_REPLICAS};
use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

const JOBS_SELECTOR: Rule = Rule {
    code: "job-selector",
    reason: "would let the Job take other pods for its own",
    remedy: "Remove it; Kubernetes makes the selector of a Job.",
};

const JOB: Fields = Fields {
    allowed: &[
        "template",
        "parallelism",
        "completions",
        "completionMode",
        "backoffLimit",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
        "podFailurePolicy",
        "successPolicy",
        "podReplacementPolicy",
        "suspend",
    ],
    refused: &[
        ("selector", JOBS_SELECTOR),
        ("manualSelector", JOBS_SELECTOR),
        (
            "managedBy",
            Rule {
                code: "job-controller",
                reason: "hands the Job to a controller that is not there",
                remedy: "Remove it; Kubernetes runs the Job itself.",
            },
        ),
    ],
    otherwise: unknown("is not a field of a Job"),
    even_empty: false,
};

const CRON_JOB: Fields = Fields {
    allowed: &[
        "schedule",
        "timeZone",
        "concurrencyPolicy",
        "suspend",
        "jobTemplate",
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
    ],
    refused: &[],
    otherwise: unknown("is not a field of a CronJob"),
    even_empty: false,
};

pub(super) fn check_job(object: &Node, findings: &mut Findings) {
    if let Some(spec) = workload::spec(object, findings) {
        check_job_spec(&spec, findings);
    }
}

pub(super) fn check_cron_job(object: &Node, findings: &mut Findings) {
    let Some(spec) = workload::spec(object, findings) else { return };
    CRON_JOB.check(&spec, findings);
    if let Some(job) = workload::template(&spec, "jobTemplate", findings) {
        check_job_spec(&job, findings);
    }
}

fn check_job_spec(spec: &Node, findings: &mut Findings) {
    JOB.check(spec, findings);
    at_most(spec, "parallelism", MOST_REPLICAS, &TOO_MANY_REPLICAS, findings);
    workload::check_pod_template(spec, findings);
}

//! Orders carried out by the platform's own BuildKit daemon, with a storage that this test serves.

mod support;

use anyhow::Result;
use jiff::Timestamp;
use roost_domain::build::{BuildFailureReason, BuildOutcome, Happening};
use support::Order;

const BASE: &str = "FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\n";

/// With a mark in its first step: the daemon joins equal steps of builds that run at the same time, and tells each of
/// them what the other did.
fn dockerfile(rest: &str) -> String {
    let mark = Timestamp::now().as_nanosecond();
    format!("FROM scratch\nCOPY busybox /mark/{mark}\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\n{rest}\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_components_are_built_pushed_and_reported_and_the_log_stays() -> Result<()> {
    let order = Order::new("two")
        .component("web", &dockerfile("COPY page /page\nRUN busybox cat /page"), &[("page", "hello from web")])
        .component("api", "# syntax=nonexistent.invalid/frontend\nFROM scratch\nCOPY page /page\n", &[("page", "x")]);
    let done = order.carry_out().await?;
    assert_eq!(done.report.outcome, BuildOutcome::Succeeded, "{:?}", done.report.failures);
    assert_eq!(done.report.components.len(), 2);
    let printed = |event: &Happening| matches!(event, Happening::Log { text, .. } if text == "hello from web");
    assert!(done.log.iter().any(|event| printed(&event.what)));
    let built = done.log.iter().filter(|event| matches!(event.what, Happening::Built { .. })).count();
    assert_eq!(built, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_again_is_taken_from_the_cache() -> Result<()> {
    let dockerfile = dockerfile("RUN echo once");
    let order = || Order::new("cached").component("web", &dockerfile, &[]);
    order().carry_out().await?;
    let again = order().carry_out().await?;
    let built = &again.report.components[0];
    assert_eq!((built.steps, built.cached_steps), (4, 4));
    Ok(())
}

/// The daemon takes a file of the same name, size and date for unchanged, whosever it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_same_size_is_never_somebody_elses() -> Result<()> {
    for content in ["secret of one", "guess by other"] {
        let content = format!("{content:<20}");
        let order = Order::new(if content.starts_with('s') { "one" } else { "other" });
        let order =
            order.component("web", &dockerfile("COPY page /page\nRUN busybox cat /page"), &[("page", &content)]);
        let done = order.carry_out().await?;
        let printed = |event: &Happening| matches!(event, Happening::Log { text, .. } if text == content.as_str());
        assert!(done.log.iter().any(|event| printed(&event.what)), "{content}: {:?}", done.log);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_stops_the_others_and_says_what_was_printed() -> Result<()> {
    let order = Order::new("failing")
        .component("web", &dockerfile("RUN busybox sleep 1; echo the reason; exit 3"), &[])
        .component("api", &dockerfile("RUN busybox sleep 300"), &[]);
    let done = order.carry_out().await?;
    let [failure] = &done.report.failures[..] else { panic!("{:?}", done.report.failures) };
    assert_eq!((failure.reason, failure.exit_code), (BuildFailureReason::StepFailed, Some(3)));
    assert_eq!(failure.last_lines, ["the reason"]);
    assert!(done.took.as_secs() < 60, "{:?}", done.took);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_eats_memory_is_killed_alone() -> Result<()> {
    let eater = r#"RUN busybox awk 'BEGIN{s="x"; for(i=0;i<29;i++) s=s s; print length(s)}'"#;
    let order = Order::new("hungry").component("web", &dockerfile(eater), &[]).step_memory(64 * 1024 * 1024);
    let done = order.carry_out().await?;
    assert_eq!(done.report.failures[0].reason, BuildFailureReason::OutOfMemory, "{:?}", done.report.failures);
    let next = Order::new("next").component("web", &dockerfile("RUN echo alive"), &[]).carry_out().await?;
    assert_eq!(next.report.outcome, BuildOutcome::Succeeded);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_never_ends_is_stopped_when_the_time_is_over() -> Result<()> {
    let order =
        Order::new("endless").component("web", &dockerfile("RUN echo begun; busybox sleep 3600"), &[]).limit(20);
    let done = order.carry_out().await?;
    let failure = &done.report.failures[0];
    assert_eq!(failure.reason, BuildFailureReason::TimedOut);
    assert!(failure.step.as_deref().is_some_and(|step| step.contains("sleep 3600")), "{failure:?}");
    assert!(done.took.as_secs() < 90, "{:?}", done.took);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_not_the_one_that_was_checked_is_not_built() -> Result<()> {
    let order = Order::new("changed").component("web", BASE, &[("page", "as checked")]);
    let done = order.with_archive_of(&[("page", "as changed")]).carry_out().await?;
    assert_eq!(done.report.failures[0].reason, BuildFailureReason::FetchFailed);
    assert!(done.report.components.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_url_is_reported_without_naming_it() -> Result<()> {
    let done = Order::new("expired").component("web", BASE, &[]).without_archive().carry_out().await?;
    let failure = &done.report.failures[0];
    assert_eq!(failure.reason, BuildFailureReason::FetchFailed);
    assert!(failure.message.contains("404") && !failure.message.contains("http"), "{}", failure.message);
    Ok(())
}

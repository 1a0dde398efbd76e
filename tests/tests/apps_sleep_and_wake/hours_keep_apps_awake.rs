//! In the hours that its owner says, an app is awake whether anybody asks for it or not.

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use roost_domain::app::{AwakeHours, CauseKind, Phase};
use roost_tests::swept_app::SweptApp;

/// Hours that began some minutes ago, and end an hour from now.
fn hours() -> Result<AwakeHours> {
    let clock =
        |hours: SignedDuration| (Timestamp::now() + hours).to_zoned(TimeZone::UTC).strftime("%H:%M").to_string();
    let (from, to) = (clock(SignedDuration::from_mins(-10)), clock(SignedDuration::from_hours(1)));
    Ok(format!("mon-sun {from}-{to} UTC").parse()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_sleeps_is_woken_by_its_hours_and_kept_awake_by_them() -> Result<()> {
    let swept = SweptApp::new("early-riser").await?;
    swept.sweeps_until("sleep", |standing| standing.settled).await?;
    swept.app.has_awake_hours(Some(hours()?)).await?;
    let awake = swept.sweeps_until("wake", |standing| standing.phase == Phase::Awake).await?;
    ensure!(awake.cause.kind == CauseKind::Schedule, "{awake:?}");
    ensure!(swept.app.replicas().await? == 1);
    swept.stays_awake("AwakeHours").await?;
    swept.app.has_awake_hours(None).await?;
    swept.sweeps_until("sleep", |standing| standing.settled).await?;
    Ok(())
}

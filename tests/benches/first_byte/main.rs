//! How long a request waits for an app that sleeps, beside the least that starting a pod takes; and what the platform
//! costs an app that is awake.

mod asleep;
mod awake;
mod by_hand;

use anyhow::Result;
use roost_tests::report::Report;
use roost_tests::running_platform::RunningPlatform;

#[tokio::main]
async fn main() -> Result<()> {
    let (platform, mut report) = (RunningPlatform::connect().await?, Report::default());
    asleep::measure(&platform, &mut report).await?;
    awake::measure(&platform, &mut report).await?;
    report.write("first_byte")
}

//! Waiting for a condition, within a limit.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long whatever a test waits for may take on a slow, busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
const BETWEEN_QUICK_LOOKS: Duration = Duration::from_millis(10);

/// Looks until there is something to see; gives up after [`PATIENCE`].
pub async fn some<T, F, Fut>(what: &str, look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    some_within(PATIENCE, what, look).await
}

/// The same, looking ten times as often: for what is measured.
pub async fn some_soon<T, F, Fut>(what: &str, look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    look_every(BETWEEN_QUICK_LOOKS, PATIENCE, what, look).await
}

/// Looks until there is something to see, or until `limit` is over.
pub async fn some_within<T, F, Fut>(limit: Duration, what: &str, look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    look_every(BETWEEN_LOOKS, limit, what, look).await
}

async fn look_every<T, F, Fut>(period: Duration, limit: Duration, what: &str, mut look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    let started = Instant::now();
    loop {
        if let Some(seen) = look().await? {
            return Ok(seen);
        }
        if started.elapsed() > limit {
            bail!("gave up after {} s waiting for {what}", limit.as_secs());
        }
        tokio::time::sleep(period).await;
    }
}

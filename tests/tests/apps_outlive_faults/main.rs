//! What becomes of apps and their visitors while a part of the platform is away. Each test takes a part of the platform
//! away from all, so they run one after another.

mod api_server;
mod gateway;
mod prometheus;
mod wakers;

use tokio::sync::Mutex;

/// Held by whoever takes something away.
static TURN: Mutex<()> = Mutex::const_new(());

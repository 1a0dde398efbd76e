//! Two connections that have changed to another protocol, joined until one of them ends.

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

use crate::session::Guest;

/// Passes on what comes from either side; for as long as that lasts, the app is in use.
pub(super) async fn join(client: OnUpgrade, pod: OnUpgrade, guest: Guest) {
    let (Ok(client), Ok(pod)) = futures::join!(client, pod) else { return };
    let ended = copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(pod)).await;
    if let Err(error) = ended {
        tracing::debug!(%error, "a tunnel broke");
    }
    drop(guest);
}

//! A connection to a pod that answers, as soon as there is one.

use std::sync::Arc;
use std::time::Duration;

use roost_domain::manifest::Route;
use roost_domain::visit::Visitor;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::host_table::Listed;
use crate::session::{Endpoint, Guest, Progress, Refusal, Sessions, Turn};

/// A pod that is said to be ready may need a moment until its port is open, and one that has gone refuses.
const BETWEEN_TRIES: Duration = Duration::from_millis(15);
/// A pod that does not answer at all is on a node that is gone.
const TRY_LIMIT: Duration = Duration::from_secs(1);

/// A connection that nothing has been sent on.
#[derive(Debug)]
pub struct Connected {
    /// Whose it is.
    pub guest: Guest,
    /// Leave to send a request.
    pub turn: Turn,
    /// The connection.
    pub stream: TcpStream,
    /// The pod.
    pub endpoint: Endpoint,
}

/// Why there is no connection.
#[derive(Debug)]
pub enum Unreachable {
    /// The app does not wake, or is gone.
    Ended(Progress),
    /// There is no more time.
    Late(Progress),
}

/// Waits for the app, for the request's turn and for a pod that takes the connection. It ends only with an answer: the
/// caller sets the limit.
pub async fn connect(
    sessions: &Arc<Sessions>,
    listed: &Listed,
    route: &Route,
    visitor: Option<Visitor>,
) -> Result<Connected, Unreachable> {
    loop {
        let guest = sessions.attend(&listed.id, &listed.routes, visitor);
        let turn = match guest.turn().await {
            Ok(turn) => turn,
            Err(refusal) => {
                refused(refusal, visitor).await?;
                continue;
            }
        };
        match dial(&guest, route).await {
            Ok((stream, endpoint)) => return Ok(Connected { guest, turn, stream, endpoint }),
            Err(refusal) => refused(refusal, visitor).await?,
        }
    }
}

/// Whoever wakes nothing does not ask again either.
async fn refused(refusal: Refusal, visitor: Option<Visitor>) -> Result<(), Unreachable> {
    match refusal {
        Refusal::Ended(progress) => Err(Unreachable::Ended(progress)),
        Refusal::Again if visitor.is_none() => Err(Unreachable::Late(Progress::Asleep)),
        Refusal::Again => {
            sleep(BETWEEN_TRIES).await;
            Ok(())
        }
    }
}

async fn dial(guest: &Guest, route: &Route) -> Result<(TcpStream, Endpoint), Refusal> {
    loop {
        let endpoint = guest.endpoint(route).await?;
        if let Ok(Ok(stream)) = timeout(TRY_LIMIT, TcpStream::connect(endpoint.address)).await {
            // What cannot be set only costs time.
            drop(stream.set_nodelay(true));
            return Ok((stream, endpoint));
        }
        sleep(BETWEEN_TRIES).await;
        guest.still_open()?;
    }
}

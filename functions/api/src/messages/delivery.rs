//! A message is brought to its agent, however long that takes to wake; or it is said why it does not come up.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use reqwest::Response;
use roost_domain::app::Phase;
use tokio::time::{Instant, sleep};
use tracing::warn;

use super::SendMessage;
use super::addressee::Addressee;
use crate::gate::Permit;
use crate::problem::{Kind, Problem};
use crate::status::failure_of;

/// As long as an app may take to wake, and a moment more.
const PATIENCE: Duration = Duration::from_mins(6);
const SOON: Duration = Duration::from_secs(2);
const LATEST: Duration = Duration::from_secs(20);

/// Why an agent has not answered.
enum Silence {
    /// It is on its way up: nothing of the message has reached it.
    Waking(Duration),
    /// It does not answer, for this reason.
    Down(Problem),
}

/// Delivers a message; answers with the head of the agent's answer.
pub(super) async fn deliver(
    permit: &Permit<SendMessage>,
    addressee: &Addressee,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let (name, value) = addressee.key.clone();
    headers.insert(name, value);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let place = (addressee.host.as_str(), addressee.path.as_str());
        let sent = permit.backend.gateway.post(place, headers.clone(), body.clone()).await;
        let silence = match sent {
            Ok(answer) if !is_the_gateways(answer.status()) => return checked(answer),
            Ok(answer) => why(permit, addressee, Some(&answer)).await?,
            Err(error) => {
                warn!(error = %error.without_url(), "a message was not delivered");
                why(permit, addressee, None).await?
            }
        };
        match silence {
            Silence::Waking(pause) if Instant::now() + pause < deadline => sleep(pause).await,
            Silence::Waking(_) => return Err(down("It takes longer than messages wait.", "Send it again later.")),
            Silence::Down(problem) => return Err(problem),
        }
    }
}

/// An agent that is reached gives an answer of its own.
fn is_the_gateways(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
}

/// Of the caller there is no doubt any more: that the agent does not know the platform is the agent's fault.
fn checked(answer: Response) -> Result<Response, Problem> {
    if answer.status() == StatusCode::UNAUTHORIZED {
        let remedy = "Its header or its variable is not what the operator's settings say: tell the operator.";
        return Err(down("It does not take the key that it was given.", remedy));
    }
    Ok(answer)
}

async fn why(
    permit: &Permit<SendMessage>,
    addressee: &Addressee,
    answer: Option<&Response>,
) -> Result<Silence, Problem> {
    let app = addressee.home.app(&permit.subject.project).await?.ok_or_else(Problem::not_found)?;
    // The waker holds a request for a minute at most. It has read nothing of one that it gives back.
    let is_held = answer.is_some_and(|answer| answer.status() == StatusCode::SERVICE_UNAVAILABLE);
    if is_held && app.standing().phase == Phase::Waking {
        return Ok(Silence::Waking(pause(answer)));
    }
    Ok(Silence::Down(match failure_of(&addressee.home, &app).await? {
        Some(failure) => down(&failure.words(), failure.remedy()),
        None => down("It closed the connection, or did not open one.", "Send it again; the app's logs may tell more."),
    }))
}

fn pause(answer: Option<&Response>) -> Duration {
    let asked = answer.and_then(|answer| answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok());
    asked.map_or(SOON, Duration::from_secs).clamp(SOON, LATEST)
}

fn down(why: &str, remedy: &str) -> Problem {
    Problem::new(Kind::Agent, format!("The agent has not answered. {why}"), remedy)
}

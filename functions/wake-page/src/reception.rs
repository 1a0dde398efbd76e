//! What is done with a request: a page for whoever opens one, and a word for everybody else.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, header};
use roost_domain::app::Phase;
use roost_domain::visit::{HostName, Intent, Visitor, intent};
use tracing::warn;
use wake::answer::{self, STATUS_PATH};
use wake::door::{signs, text};

use crate::places::{Place, PlaceError, Places};

/// A function URL has a host of its own; whatever leads here says for which one it asks.
const FORWARDED_HOST: &str = "x-forwarded-host";
/// What wakes nothing is told to come back after so many seconds.
const LATER: u64 = 120;
/// What could not be looked up may be there again after so many seconds.
const SOON: u64 = 5;

type Answer = Response<answer::Body>;

pub(crate) fn router(places: Places) -> Router {
    Router::new().fallback(receive).with_state(places)
}

async fn receive(State(places): State<Places>, request: Request) -> Response<Body> {
    let authority = authority(request.headers()).unwrap_or_default().to_owned();
    let intent = intent(&signs(&request));
    let answered = Box::pin(answer(&places, &authority, intent, request.uri().path())).await;
    let answer = answered.unwrap_or_else(|error| {
        warn!(%error, "an app cannot be looked up");
        answer::problem("This app cannot be looked up at the moment.", SOON)
    });
    answer.map(Body::new)
}

async fn answer(places: &Places, authority: &str, intent: Intent, path: &str) -> Result<Answer, PlaceError> {
    let place = match HostName::of_authority(authority) {
        Ok(host) => places.find(&host).await?,
        Err(_) => None,
    };
    match place {
        None => Ok(answer::unknown_host(authority, intent)),
        Some(place) if path == STATUS_PATH => Ok(answer::status(&place.go_on().await?)),
        Some(place) => Box::pin(wake(place, authority, intent)).await,
    }
}

async fn wake(place: Place, authority: &str, intent: Intent) -> Result<Answer, PlaceError> {
    match intent {
        Intent::Nothing(_) if place.app.standing().phase != Phase::Awake => {
            Ok(answer::problem("This app is asleep, and does not wake for this kind of request.", LATER))
        }
        Intent::Page => {
            let host = authority.split(':').next().unwrap_or_default();
            Ok(answer::waiting_page(host, &place.wake(Visitor::Browser).await?))
        }
        Intent::Answer(_) | Intent::Nothing(_) => {
            let progress = place.wake(intent.visitor().unwrap_or(Visitor::Program)).await?;
            let detail = format!("This app is not ready yet. {}", progress.words());
            Ok(answer::problem(&detail, progress.retry_after()))
        }
    }
}

fn authority(headers: &HeaderMap) -> Option<&str> {
    text(headers, FORWARDED_HOST).or_else(|| text(headers, header::HOST.as_str()))
}

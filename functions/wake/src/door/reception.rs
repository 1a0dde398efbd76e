//! What is done with a request, from its head alone.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use roost_domain::app::Phase;
use roost_domain::manifest::Route;
use roost_domain::visit::{HostName, Intent, Visitor, intent, route_of};
use tokio::time::{Instant, sleep_until};

use super::signs::{signs, text};
use super::socket::Presence;
use crate::answer::{self, Body, STATUS_PATH};
use crate::forward::{Connected, Unanswered, Unreachable, connect, forward};
use crate::host_table::Listed;
use crate::places::Places;
use crate::session::{Progress, Sessions};

/// Within this it is known in all but the worst cases whether an app sleeps.
const FIRST_LOOK: Duration = Duration::from_millis(250);
/// Somebody who opens a page sees the waiting page after this, should an app that is awake not answer.
const PAGE_LIMIT: Duration = Duration::from_secs(3);
/// What wakes nothing is told to come back after so many seconds.
const LATER: u64 = 120;
/// Who finds no place is told to come back after so many seconds.
const SOON: u64 = 2;

/// How requests wait.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long a request may wait for its app.
    pub hold_limit: Duration,
}

/// Whoever receives requests.
pub struct Reception {
    /// The apps that somebody asks for.
    pub sessions: Arc<Sessions>,
    /// Where requests wait.
    pub places: Arc<Places>,
    /// How they do.
    pub settings: Settings,
}

/// A request whose app and route are known.
struct Visit<'a> {
    listed: &'a Listed,
    route: &'a Route,
    visitor: Option<Visitor>,
    until: Instant,
}

impl Reception {
    /// Answers a request; without a presence the client's leaving shows otherwise.
    pub async fn answer(&self, request: Request<Incoming>, presence: Option<Presence>) -> Response<Body> {
        let intent = intent(&signs(&request));
        let response = self.receive(intent, request, presence).await;
        self.sessions.metrics.answered(intent, response.status());
        response
    }

    async fn receive(&self, intent: Intent, request: Request<Incoming>, presence: Option<Presence>) -> Response<Body> {
        let authority = authority(&request).unwrap_or_default().to_owned();
        let Some(listed) = HostName::of_authority(&authority).ok().and_then(|host| self.sessions.hosts().find(&host))
        else {
            return answer::unknown_host(&authority, intent);
        };
        if request.uri().path() == STATUS_PATH {
            return answer::status(&self.watched_progress(&listed).await);
        }
        let Some(route) = route_of(request.uri().path(), &listed.routes) else {
            return answer::nothing_there("No part of this app answers at this path.");
        };
        if matches!(intent, Intent::Nothing(_)) && listed.phase != Phase::Awake {
            return answer::problem("This app is asleep, and does not wake for this kind of request.", LATER);
        }
        let visitor = intent.visitor();
        let until = Instant::now() + self.settings.hold_limit;
        let visit = Visit { listed: &listed, route, visitor, until };
        match intent {
            Intent::Page => self.open_page(&authority, visit, request, presence).await,
            Intent::Answer(_) | Intent::Nothing(_) => self.hold(visit, request, presence).await,
        }
    }

    /// Shows the app if it answers, and otherwise the page that says what becomes of it.
    async fn open_page(
        &self,
        authority: &str,
        visit: Visit<'_>,
        request: Request<Incoming>,
        presence: Option<Presence>,
    ) -> Response<Body> {
        let host = authority.split(':').next().unwrap_or_default();
        let guest = self.sessions.attend(&visit.listed.id, &visit.listed.routes, visit.visitor);
        match guest.first_look(FIRST_LOOK).await {
            Progress::Open => {}
            Progress::Gone => return answer::not_found_page(host),
            progress => return answer::waiting_page(host, &progress),
        }
        drop(guest);
        let visit = Visit { until: Instant::now() + PAGE_LIMIT, ..visit };
        match self.pass_on(&visit, request, presence).await {
            Err(Outcome::Unanswered(Unanswered::Unreachable(
                Unreachable::Ended(progress) | Unreachable::Late(progress),
            ))) => answer::waiting_page(host, &progress),
            other => other.unwrap_or_else(explain),
        }
    }

    /// Keeps a request until its app answers it.
    async fn hold(&self, visit: Visit<'_>, request: Request<Incoming>, presence: Option<Presence>) -> Response<Body> {
        let progress = self.progress_of(visit.listed);
        if progress.takes_longer_than(self.settings.hold_limit) {
            return answer::problem(
                "This app is waking up, which takes longer than requests can wait.",
                progress.retry_after(),
            );
        }
        self.pass_on(&visit, request, presence).await.unwrap_or_else(explain)
    }

    async fn pass_on(
        &self,
        visit: &Visit<'_>,
        request: Request<Incoming>,
        presence: Option<Presence>,
    ) -> Result<Response<Body>, Outcome> {
        let place = self.places.take(&visit.listed.id, head_bytes(&request)).map_err(Outcome::Full)?;
        let connected = tokio::select! {
            connected = self.connect(visit) => connected.map_err(|error| Outcome::Unanswered(Unanswered::Unreachable(error)))?,
            () = departure(presence) => return Err(Outcome::Left),
        };
        drop(place);
        // What sending needs does not lie in the memory of requests that wait.
        Box::pin(forward(connected, request, || self.connect(visit))).await.map_err(Outcome::Unanswered)
    }

    async fn connect(&self, visit: &Visit<'_>) -> Result<Connected, Unreachable> {
        tokio::select! {
            connected = connect(&self.sessions, visit.listed, visit.route, visit.visitor) => connected,
            () = sleep_until(visit.until) => Err(Unreachable::Late(self.progress_of(visit.listed))),
        }
    }

    /// How far an app has come; if another waker looks after it, this one does as well.
    async fn watched_progress(&self, listed: &Listed) -> Progress {
        match listed.phase {
            Phase::Waking => self.sessions.attend(&listed.id, &listed.routes, None).first_look(FIRST_LOOK).await,
            _ => self.progress_of(listed),
        }
    }

    fn progress_of(&self, listed: &Listed) -> Progress {
        match (self.sessions.look(&listed.id), listed.phase) {
            (Some(session), _) => session.progress(),
            (None, Phase::Awake) => Progress::Open,
            (None, Phase::Waking | Phase::Draining) => Progress::Unknown,
            (None, Phase::Asleep | Phase::Failed) => Progress::Asleep,
        }
    }
}

/// Why a request gets an answer of the platform's.
#[derive(Debug)]
enum Outcome {
    Full(roost_domain::visit::budget::Full),
    Unanswered(Unanswered),
    /// Nobody reads the answer.
    Left,
}

fn explain(outcome: Outcome) -> Response<Body> {
    match outcome {
        Outcome::Full(full) => answer::problem(&full.to_string(), SOON),
        Outcome::Unanswered(Unanswered::Unreachable(Unreachable::Ended(Progress::Gone))) => {
            answer::nothing_there("This app is not there any more.")
        }
        Outcome::Unanswered(Unanswered::Unreachable(Unreachable::Ended(progress))) => {
            answer::problem(&format!("This app does not wake up. {}", progress.words()), progress.retry_after())
        }
        Outcome::Unanswered(Unanswered::Unreachable(Unreachable::Late(progress))) => {
            answer::problem(&format!("This app is not ready yet. {}", progress.words()), progress.retry_after())
        }
        Outcome::Unanswered(Unanswered::Broken(error)) => {
            tracing::debug!(%error, "an app did not answer");
            answer::short(StatusCode::BAD_GATEWAY, "The app closed the connection before it had answered.")
        }
        Outcome::Left => answer::problem("The client has left.", SOON),
    }
}

async fn departure(presence: Option<Presence>) {
    match presence {
        Some(presence) => presence.ended().await,
        None => std::future::pending().await,
    }
}

fn authority(request: &Request<Incoming>) -> Option<&str> {
    let of_header = || text(request.headers(), header::HOST.as_str());
    request.uri().authority().map(http::uri::Authority::as_str).or_else(of_header)
}

fn head_bytes(request: &Request<Incoming>) -> u64 {
    let of_headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let of_path = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    u64::try_from(of_headers + of_path).unwrap_or(u64::MAX)
}

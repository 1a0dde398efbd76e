//! Why a page is not shown, or a wish not carried out: a page of its own, with what to do about it.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use roost_client::{ClientError, Problem};
use roost_domain::fault::{Classified, Fault};
use roost_identity::{KeysError, SignInError};
use tracing::error;

use crate::page::{Frame, document};

/// Makes htmx leave for another page (<https://htmx.org/headers/hx-redirect/>).
const GO_TO: HeaderName = HeaderName::from_static("hx-redirect");

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody is signed in, or no longer.
    #[error("nobody is signed in")]
    SignedOut,
    /// A change that no page of the console asked for.
    #[error("the request does not come from a page of the console")]
    FromElsewhere,
    /// Somebody comes back from a sign-in that was not begun here, or not lately.
    #[error("the sign-in was not begun in this browser, or too long ago")]
    StrayJourney,
    /// There is no such page.
    #[error("there is no such page")]
    NotFound,
    /// The form is filled in wrong.
    #[error("{0}")]
    Form(String),
    /// The API said no, or nothing.
    #[error(transparent)]
    Api(#[from] ClientError),
    /// The issuer signs nobody in.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The issuer's keys are not known.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// A page cannot be written.
    #[error("the page cannot be written: {0}")]
    Page(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    title: String,
    detail: String,
    remedy: String,
    errors: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    frame: Frame,
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::FromElsewhere => StatusCode::FORBIDDEN,
            Self::StrayJourney => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Form(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Api(ClientError::Refused(problem)) => {
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::SignIn(error) if error.fault() == Fault::Users => StatusCode::BAD_REQUEST,
            Self::SignIn(_) | Self::Keys(_) => StatusCode::BAD_GATEWAY,
            Self::Api(_) | Self::Page(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// In words: what is wrong, this time, and what to do about it.
    fn words(&self) -> (String, String, &'static str) {
        let same = |title: &str, remedy| (title.to_owned(), self.to_string(), remedy);
        match self {
            Self::FromElsewhere => same("Not from here", "Open the console anew and try it there."),
            Self::StrayJourney => same("The sign-in did not work", "Sign in once more."),
            Self::NotFound => same("There is no such page", "Go back to your projects."),
            Self::Form(_) => same("Something is missing", "Go back, and fill it in."),
            Self::SignIn(_) | Self::Keys(_) => same("The sign-in did not work", "Try again in a minute."),
            _ => {
                let detail = "Something went wrong on our side.".to_owned();
                ("This did not work".to_owned(), detail, "Try again in a minute.")
            }
        }
    }

    /// For scripts of the console, which show it in their place.
    fn for_scripts(&self) -> (StatusCode, String) {
        let words = match self {
            Self::Api(ClientError::Refused(problem)) => format!("{} {}", problem.detail, problem.remedy),
            other => {
                let (_, detail, remedy) = other.words();
                format!("{detail} {remedy}")
            }
        };
        (self.status(), words)
    }
}

/// The same as an answer to one of them.
pub(crate) fn refused(error: impl Into<Failure>) -> Response {
    error.into().for_scripts().into_response()
}

impl FailurePage {
    fn of_problem(problem: Problem) -> Self {
        let errors = problem.errors.into_iter().map(|error| (error.field, error.detail)).collect();
        let Problem { title, detail, remedy, .. } = problem;
        Self { frame: Frame::of_nobody(), title, detail, remedy, errors }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            error!(error = %self, "a page is not shown");
        }
        let page = match self {
            _ if status == StatusCode::UNAUTHORIZED => {
                let go = (GO_TO, HeaderValue::from_static("/console"));
                return (status, [go], document(&WelcomePage { frame: Frame::of_nobody() })).into_response();
            }
            Self::Api(ClientError::Refused(problem)) => FailurePage::of_problem(*problem),
            other => {
                let (title, detail, remedy) = other.words();
                let frame = Frame::of_nobody();
                FailurePage { frame, title, detail, remedy: remedy.to_owned(), errors: Vec::new() }
            }
        };
        (status, document(&page)).into_response()
    }
}

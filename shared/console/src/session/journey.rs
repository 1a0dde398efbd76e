//! To the issuer and back.

use axum::extract::State;
use axum::response::Redirect;
use axum_extra::extract::CookieJar;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::cookies;
use crate::console::Console;
use crate::failure::Failure;
use crate::names::Asked;

/// How a journey begins.
#[derive(Deserialize)]
pub(super) struct Beginning {
    /// Whom the issuer may expect.
    #[serde(default)]
    hint: Option<String>,
}

/// How it ends: with a code, or without.
#[derive(Deserialize)]
pub(super) struct End {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: Option<String>,
}

type Onward = Result<(CookieJar, Redirect), Failure>;

pub(super) async fn begin(
    State(console): State<Console>,
    cookies: CookieJar,
    Asked(beginning): Asked<Beginning>,
) -> Onward {
    let journey = console.sign_in().begin(beginning.hint.as_deref()).await?;
    Ok((cookies::with_journey(cookies, &journey), Redirect::to(&journey.url)))
}

pub(super) async fn end(State(console): State<Console>, cookies: CookieJar, Asked(end): Asked<End>) -> Onward {
    let secret = cookies::secret_of(&cookies, &end.state).ok_or(Failure::StrayJourney)?;
    // Without a code the issuer says no; whoever wants can begin again.
    let code = end.code.ok_or(Failure::SignedOut)?;
    let token = console.sign_in().end(code, secret).await?;
    Ok((cookies::with_session(cookies, token.expose_secret().to_owned()), Redirect::to("/console")))
}

pub(super) async fn sign_out(cookies: CookieJar) -> (CookieJar, Redirect) {
    (cookies::without_session(cookies), Redirect::to("/console"))
}

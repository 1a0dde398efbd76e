//! Who is signed in: the browser keeps the issuer's token in a cookie that no script can read and no other site can set.

mod cookies;
mod journey;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use roost_client::{Account, Client};
use roost_identity::Identity;

use crate::console::Console;
use crate::failure::Failure;
use crate::page::{Frame, Section};

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/sign-in", get(journey::begin))
        .route("/console/signed-in", get(journey::end))
        .route("/console/sign-out", post(journey::sign_out))
}

/// Somebody who is signed in.
pub(crate) struct Session {
    client: Client,
    /// What belongs to them, as the API has it.
    pub(crate) account: Account,
}

impl Session {
    /// What is around a page for them.
    pub(crate) async fn frame(&self, section: Section) -> Result<Frame, Failure> {
        let user = self.client.user().await?;
        Ok(Frame::of(user.name.unwrap_or(user.id), section))
    }
}

impl FromRequestParts<Console> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Failure> {
        let cookies = CookieJar::from_headers(&parts.headers);
        let token = cookies::session(&cookies).ok_or(Failure::SignedOut)?;
        // The website's own service is nobody whose projects could be shown.
        let Ok(Identity::User(user)) = console.keys().verify(&token).await? else { return Err(Failure::SignedOut) };
        let client = console.api(token.into());
        Ok(Self { account: client.account_of(user.to_string()), client })
    }
}

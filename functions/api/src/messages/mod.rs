//! Messages to a project's agent: handed on through its address, so that an agent which sleeps wakes, and answered by the
//! agent's own words as they come.

mod addressee;
mod delivery;
mod gateway;
mod headers;
mod reply;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Gate, OfProject, Permit, asked};
use crate::input::unread;
use crate::problem::Problem;
use addressee::Addressee;

pub(crate) use gateway::Gateway;

/// A message comes with all that was said before, in bytes. Lambda takes six times as much.
const LONGEST_MESSAGE: usize = 1024 * 1024;

asked! { SendMessage: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(send)).layer(DefaultBodyLimit::max(LONGEST_MESSAGE))
}

/// Tells a project's agent something
///
/// What is sent is in the agent's own form, and so is the answer, which comes as the agent gives it: a stream of events,
/// if it streams. An agent that sleeps wakes. Whoever leaves ends the answer.
#[utoipa::path(post, path = "/api/users/{userId}/projects/{projectId}/messages", tag = "apps",
    operation_id = "SendMessage", params(("userId" = String, Path), ("projectId" = String, Path)),
    request_body(content = Object, description = "At most 1 MiB, in the agent's own form."),
    responses((status = 200, description = "The agent's answer.", content_type = "text/event-stream", body = String),
        (status = 502, description = "The agent has not answered, and why.", body = Problem),
        (status = "default", body = Problem)))]
async fn send(
    permit: Permit<SendMessage>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let remedy = "Send less of what was said before.";
    let body = body.map_err(|rejection| unread(rejection, LONGEST_MESSAGE, remedy))?;
    let addressee = Addressee::of(&permit).await?;
    let answer = delivery::deliver(&permit, &addressee, headers::to_agent(&headers), body).await?;
    Ok(reply::relay(answer))
}

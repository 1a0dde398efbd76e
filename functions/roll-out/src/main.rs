//! The function behind the queue of roll-outs: a release whose images are built comes to run, or what ran before does
//! again.

mod agent_key;
mod app;
mod applying;
mod build_result;
mod cancelling;
mod deleting;
mod driving;
mod going_live;
mod handler;
mod moment;
mod observing;
mod rendering;
mod request;
mod restoring;
mod retention;
mod rollback;
mod starting_agent;
mod stored_objects;

use roost_releases::ReleasePlatform;
use roost_runtime::serve;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = ReleasePlatform::start().await?;
    serve(move |body| handler::handle(platform.clone(), body)).await
}

//! The function behind the queue of user events: a signup becomes a tenant, a deletion ends it.

mod claim;
mod deletion;
mod disposal;
mod error;
mod handler;
mod progress;
mod provision;

use roost_runtime::{Platform, serve};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = Platform::start().await?;
    serve(move |body| handler::handle(platform.clone(), body)).await
}

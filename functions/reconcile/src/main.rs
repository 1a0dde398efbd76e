//! The function behind the schedule: every release comes to an end, whatever got lost on its way.

mod build;
mod handler;
mod looking_after;

use roost_releases::ReleasePlatform;
use roost_runtime::serve;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = ReleasePlatform::start().await?;
    serve(move |body| handler::handle(platform.clone(), body)).await
}

//! The function behind the queue of uploads: an archive becomes a release that is built, or is refused with everything
//! that is wrong with it.

mod acceptance;
mod checks;
mod dry_run;
mod handler;
mod inspection;
mod registration;
mod reuse;
mod upload_event;

use roost_releases::ReleasePlatform;
use roost_runtime::serve;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = ReleasePlatform::start().await?;
    serve(move |body| handler::handle(platform.clone(), body)).await
}

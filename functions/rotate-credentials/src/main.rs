//! The function behind the rotation schedule: credentials that are due are renewed, replaced ones revoked.

mod handler;
mod rotation;

use roost_runtime::{Platform, serve};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = Platform::start().await?;
    serve(move |body| handler::handle(platform.clone(), body)).await
}

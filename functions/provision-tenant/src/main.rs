//! The function behind the queue of user events: a signup becomes a tenant, a deletion ends it.

mod claim;
mod deletion;
mod disposal;
mod error;
mod handler;
mod progress;
mod provision;

use roost_aws::objects::Objects;
use roost_runtime::{Platform, SettingsError, serve};

const BUCKET: &str = "ROOST_ARTIFACT_BUCKET";

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = Platform::start().await?;
    let bucket = std::env::var(BUCKET).map_err(|_| SettingsError::Missing(BUCKET))?;
    let objects = Objects::new(aws_sdk_s3::Client::new(&platform.aws), bucket);
    serve(move |body| handler::handle(platform.clone(), objects.clone(), body)).await
}

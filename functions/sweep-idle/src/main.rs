//! The function that puts apps to sleep which nobody uses, and sees that none is stuck on its way.

mod carrying_out;
mod closer_look;
mod failure;
mod falling_asleep;
mod handler;
mod plan;
mod record;
mod settings;
mod survey;
mod surveyed;
mod sweep;

use roost_runtime::{Platform, serve};
use settings::Settings;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let platform = Platform::start().await?;
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    serve(move |body| handler::handle(platform.clone(), settings, body)).await
}

//! The program in both containers of a build Job: `roost-build fetch` and `roost-build build`.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use roost_build::settings::Settings;
use roost_build::{build, fetch, order};

#[tokio::main]
async fn main() -> ExitCode {
    match run(env::args().nth(1).as_deref()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(role: Option<&str>) -> Result<(), Box<dyn Error>> {
    let settings = Settings::from_environment()?;
    let order = order::read(&settings)?;
    match role {
        Some("fetch") => Ok(fetch::run(&settings, &order).await?),
        Some("build") => Ok(build::run(&settings, order).await?),
        _ => Err("say `fetch` or `build`".into()),
    }
}

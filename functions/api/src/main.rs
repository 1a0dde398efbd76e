//! The function that answers people and programs over HTTP.

mod agents;
mod answer;
mod app_wishes;
mod backend;
mod console;
mod cost;
mod document;
mod events;
mod failures;
mod gate;
mod homes;
mod input;
mod kubeconfig;
mod logs;
mod messages;
mod operations;
mod problem;
mod projects;
mod releases;
mod router;
mod settings;
mod status;
mod tokens;
mod uploads;
mod usage;
mod users;

use backend::Backend;
use gate::Gate;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let backend = Backend::start().await?;
    let mode = backend.settings.invoke_mode;
    let gate = Gate::new(backend)?;
    let router = console::before(router::router(gate.clone()), &gate).await?;
    roost_function_url::serve(router, mode).await
}

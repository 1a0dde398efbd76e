//! Functions that follow their source: has them built and answering before anybody relies on them.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::command::{output, program};
use crate::install::stack;
use crate::instance::Instance;
use crate::node::parts::function_watch::{self, PROFILE, Watched};
use crate::progress::Progress;

const BUILD_LIMIT: Duration = Duration::from_mins(30);
/// A source that changed since the start is built within it.
const ANSWER_LIMIT: Duration = Duration::from_mins(3);

/// The first event would otherwise wait for this, longer than a function may take.
pub(crate) async fn build(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    for function in stack::template_functions(&instance.project)? {
        progress.say(format!("building {function}, up to a minute the first time"));
        // Each alone, as `cargo lambda` does: built with others, shared dependencies have more features.
        let arguments = ["build", "--profile", PROFILE, "--package", &function, "--bin", &function];
        output(program("cargo", &arguments).current_dir(&instance.project), BUILD_LIMIT).await?;
    }
    Ok(())
}

/// The first event starts a function: an empty batch does, which to the API is a look at its health.
pub(crate) async fn wait_for_answers(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER_LIMIT).build()?;
    for watched in function_watch::watched(instance)? {
        let function = &watched.function;
        let invoked = invoke(&client, &watched).await;
        invoked.with_context(|| format!("{function} does not answer: `make logs PART={function}` may say why"))?;
        progress.say(format!("{function} answers and follows its source"));
    }
    Ok(())
}

async fn invoke(client: &reqwest::Client, watched: &Watched) -> anyhow::Result<()> {
    let health = json!({ "method": "GET" });
    let event = json!({ "Records": [], "rawPath": "/api/health", "requestContext": { "http": health } });
    let answer = client.post(watched.invocations()).json(&event).send().await?;
    check(&answer.error_for_status()?.json().await?)
}

/// A function that fails answers, too: with its error.
fn check(answer: &Value) -> anyhow::Result<()> {
    match answer.get("errorMessage") {
        Some(message) => bail!("it failed with {message}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;

    #[test]
    fn an_error_is_no_answer() {
        assert!(check(&json!({ "batchItemFailures": [] })).is_ok());
        let failed = check(&json!({ "errorType": "Panic", "errorMessage": "no table" })).unwrap_err();
        assert!(failed.to_string().contains("no table"));
    }
}

//! Signs in: a token is tried, and kept.

use std::io::{self, BufRead, IsTerminal};

use console::Term;
use secrecy::SecretString;
use serde_json::json;

use super::Ended;
use crate::arguments::Login;
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::output::Output;
use crate::session::{Session, client};
use crate::surroundings::Surroundings;

pub(super) async fn run(arguments: Login, surroundings: &Surroundings, output: &Output) -> Ended {
    let api = match arguments.api.or_else(|| surroundings.api.clone()) {
        Some(api) => api,
        None => Session::kept(surroundings)?.map(|kept| kept.api).ok_or(CommandError::NoApi)?,
    };
    let token = match &surroundings.token {
        Some(token) if arguments.token.is_none() => token.clone(),
        _ => asked_for()?,
    };
    let user = client(surroundings, &api, &token)?.user().await?;
    let path = Session { api: api.clone(), token, user: user.id.clone() }.keep(surroundings)?;
    let name = user.name.clone().unwrap_or_else(|| user.id.clone());
    output.result(&json!({"api": api, "user": user}), || format!("Signed in as {name} at {api}."))?;
    output.remark(&format!("The token is kept in {}.", path.display()));
    Ok(Exit::Done)
}

/// On a terminal it is not shown.
fn asked_for() -> Result<SecretString, CommandError> {
    let line = if io::stdin().is_terminal() {
        let terminal = Term::stderr();
        terminal.write_str("Token: ")?;
        terminal.read_secure_line()?
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        line
    };
    let token = line.trim();
    if token.is_empty() { Err(CommandError::NoToken) } else { Ok(token.to_owned().into()) }
}

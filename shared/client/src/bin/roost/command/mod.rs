//! What each command does.

mod account;
mod agent;
mod app;
mod deploy;
mod login;
mod logs;
mod release;

use std::path::Path;

use roost_client::Account;
use roost_domain::naming::ProjectName;

use crate::arguments::{Command, OfProject};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::output::Output;
use crate::surroundings::Surroundings;
use crate::{project, session};

/// What a command comes to.
type Ended = Result<Exit, CommandError>;

/// Somebody who is signed in, and asks for something.
struct Asking<'a> {
    account: Account,
    surroundings: &'a Surroundings,
    output: &'a Output,
}

/// Carries a command out.
pub(crate) async fn run(command: Command, surroundings: &Surroundings, output: &Output) -> Ended {
    match command {
        Command::Login(arguments) => login::run(arguments, surroundings, output).await,
        Command::Deploy(arguments) => deploy::run(arguments, surroundings, output).await,
        command => Asking::new(surroundings, output).await?.run(command).await,
    }
}

impl<'a> Asking<'a> {
    async fn new(surroundings: &'a Surroundings, output: &'a Output) -> Result<Self, CommandError> {
        Ok(Self { account: session::account(surroundings).await?, surroundings, output })
    }

    async fn run(&self, command: Command) -> Ended {
        match command {
            Command::Ps => self.list_projects().await,
            Command::Status(of) => self.tell_status(of).await,
            Command::Wake(of) => self.wake(of).await,
            Command::Sleep(of) => self.put_to_sleep(of).await,
            Command::Agents => self.list_agents().await,
            Command::Begin(arguments) => self.begin_with_agent(arguments).await,
            Command::Message(message) => self.send_message(message).await,
            Command::Logs(arguments) => self.show_logs(arguments).await,
            Command::KeepAwake(arguments) => self.keep_awake(arguments).await,
            Command::Cancel(one) => self.cancel(one).await,
            Command::BuildLog(one) => self.show_build(one).await,
            Command::Delete(arguments) => self.delete(arguments).await,
            Command::Rollback(arguments) => self.roll_back(arguments).await,
            Command::Releases(listing) => self.list_releases(listing).await,
            Command::Events(listing) => self.list_events(listing).await,
            Command::Tokens(tokens) => self.see_to_tokens(tokens).await,
            Command::Usage(after) => self.tell_usage(after).await,
            Command::Login(_) | Command::Deploy(_) => Ok(Exit::Done),
        }
    }

    /// The project that is meant here.
    fn project(&self, of: OfProject) -> Result<ProjectName, CommandError> {
        project::meant(of.project, self.surroundings, Path::new("."))
    }
}

//! Builds, starts, checks, shows and stops the local platform.

mod certificates;
mod command;
mod commands;
mod forward;
mod install;
mod instance;
mod issuer;
mod lock;
mod mode;
mod node;
mod parts;
mod progress;
mod template;
mod watched_functions;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::instance::Instance;
use crate::progress::Progress;

#[derive(Parser)]
#[command(about = "The local platform: a real cluster, an AWS emulator and the functions, on one machine")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds what is missing, starts everything and waits until all of it is healthy
    Up,
    /// Stops everything and checks that nothing is left
    Down,
    /// Shows each part, its state and its address
    Status,
    /// Shows logs: of all parts, or of one part, workload or function
    Logs {
        part: Option<String>,
        /// Go on showing what is added
        #[arg(short, long)]
        follow: bool,
    },
    /// Signs somebody up, and shows what that user may and may not do
    Demo,
    /// Prints the kubeconfig of a tenant's owner
    Kubeconfig {
        /// The tenant's id: the website's id of the user
        tenant: String,
    },
    /// Prints a token with which somebody uses the API
    Token {
        /// The name or id of a user who has signed up, such as alice, or `website`
        who: String,
    },
    /// Brings the platform up, runs a program on it, and brings it down
    Exec {
        /// The program with its arguments
        #[arg(last = true, required = true)]
        program: Vec<String>,
    },
    /// Prints the exports that let other programs talk to the platform
    Env,
    /// Makes the programs available that the project is checked with, and prints their folder
    Tools,
    /// Installs the Debian packages that are missing: some are needed to build what the platform runs
    Packages,
    /// Installs the browser and the check that tests look at pages with
    Browser,
    /// Signs people in: started by `node`
    #[command(hide = true)]
    Issuer,
    /// Holds the node: started by `up`, in the background
    #[command(hide = true)]
    Supervise,
    /// Runs the parts: started by `supervise`, in namespaces of its own
    #[command(hide = true)]
    Node,
}

fn main() -> ExitCode {
    match execute(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> anyhow::Result<()> {
    let instance = match command {
        Command::Up | Command::Exec { .. } => Instance::wanted()?,
        _ => Instance::running()?,
    };
    // One thread: a child's parent-death signal (node/namespace.rs) fires when the thread that started it ends.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(command, &instance))
}

async fn run(command: Command, instance: &Instance) -> anyhow::Result<()> {
    match command {
        Command::Up => commands::up::run(instance).await,
        Command::Down => commands::down::run(instance).await,
        Command::Status => commands::status::run(instance).await,
        Command::Logs { part, follow } => commands::logs::run(instance, part.as_deref(), follow).await,
        Command::Demo => Box::pin(commands::demo::run(instance)).await,
        Command::Kubeconfig { tenant } => commands::kubeconfig::run(instance, &tenant).await,
        Command::Token { who } => commands::token::run(instance, &who).await,
        Command::Exec { program } => commands::exec::run(instance, &program).await,
        Command::Env => commands::env::run(instance),
        Command::Tools => commands::tools::run(instance).await,
        Command::Packages => parts::install_packages(Progress::start()).await,
        Command::Browser => parts::install_browser(instance, Progress::start()).await,
        Command::Issuer => issuer::serve(instance).await,
        Command::Supervise => node::supervise(instance).await,
        Command::Node => node::run(instance).await,
    }
}

//! `roost`: what a user can ask of the platform, from a terminal or a script.

mod arguments;
mod command;
mod exit;
mod failure;
mod output;
mod project;
mod rendering;
mod session;
mod surroundings;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use exit::Exit;
use output::Output;
use surroundings::Surroundings;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    let surroundings = Surroundings::read();
    let exit = match Box::pin(command::run(arguments.command, &surroundings, &output)).await {
        Ok(exit) => exit,
        Err(error) if error.is_lost_reader() => Exit::Done,
        Err(error) => {
            output.failure(&error);
            error.exit()
        }
    };
    exit.into()
}

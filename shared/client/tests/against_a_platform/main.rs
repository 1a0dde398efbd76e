//! The client and the command against a server that behaves as the API does.

mod command_line;
mod passing_failures;
mod platform;
mod requests;

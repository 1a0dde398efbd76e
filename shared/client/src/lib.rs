//! A typed client of Roost's HTTP API, for programs and for the command `roost`.
//!
//! ```no_run
//! # async fn example() -> Result<(), roost_client::ClientError> {
//! use roost_client::{Client, ClientSettings};
//!
//! let client = Client::new(ClientSettings::new("https://api.example.com", "roost_…"))?;
//! let account = client.account().await?;
//! for project in account.projects().await? {
//!     println!("{} {:?}", project.id, project.address);
//! }
//! # Ok(())
//! # }
//! ```

mod account;
mod address;
mod apps;
mod client;
mod error;
mod logs;
mod messages;
mod operations;
mod packing;
mod pages;
mod patience;
mod problem;
mod projects;
mod releases;
mod request;
mod spans;
mod tokens;
mod uploads;
mod usage;
mod way;

pub use account::{Account, Event, User};
pub use apps::{AppFailure, AppStatus, CostToday, Reason};
pub use client::{Client, ClientSettings};
pub use error::ClientError;
pub use logs::{AppLogs, LogLine, LogPart};
pub use messages::{Reply, words_of};
pub use operations::Operation;
pub use packing::{Archive, HINT_FILE, PackError, pack};
pub use patience::Patience;
pub use problem::{InputError, Problem};
pub use projects::{AllowedAgent, Project};
pub use releases::{BuildLog, Component, QueuePlace, Release, ReleaseFailure};
pub use spans::{ago, until};
pub use tokens::{CreatedToken, NewToken, Token};
pub use uploads::{Progress, UploadPlace};
pub use usage::{Change, Resource, Usage};
pub use way::{LocalAnswer, LocalApi};

//! One container: fetches the archive, unpacks what the build needs, and checks that it is what was ordered.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use futures::TryStreamExt;
use roost_archive::UnpackError;
use roost_domain::artifact::{Limits, Tree};
use roost_domain::build::{BuildFailure, BuildFailureReason, BuildOrder};
use roost_domain::naming::ComponentName;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::handover::{AtWork, Fetched};
use crate::http::{self, HttpError};
use crate::settings::Settings;
use crate::stop::terminated;

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("the archive cannot be fetched: {0}")]
    Http(#[from] HttpError),
    #[error("the archive cannot be unpacked: {0}")]
    Unpack(#[from] UnpackError),
    #[error("the workspace cannot be written: {0}")]
    Workspace(#[from] io::Error),
    #[error("the archive is not the one that was checked: {0} differs")]
    Changed(ComponentName),
    #[error("unpacking ended early: {0}")]
    Interrupted(#[from] JoinError),
}

/// Fetches, and leaves word of how it went.
pub async fn run(settings: &Settings, order: &BuildOrder) -> io::Result<()> {
    let (begun, at_work) = (Instant::now(), AtWork::begin(settings)?);
    let fetched = tokio::select! {
        fetched = fetch(settings, order) => fetched,
        // The pod is being deleted: the second container says so.
        stopped = terminated() => return stopped,
    };
    let failed = |error: FetchError| BuildFailure::new(BuildFailureReason::FetchFailed, error.to_string());
    let failure = fetched.err().map(failed);
    at_work.leave(settings, &Fetched { ms: begun.elapsed().as_millis(), failure })
}

async fn fetch(settings: &Settings, order: &BuildOrder) -> Result<(), FetchError> {
    let response = http::get(&http::client()?, &order.archive).await?;
    let content = response.bytes_stream().map_err(|error| io::Error::other(error.without_url()));
    let reader = SyncIoBridge::new(StreamReader::new(content));
    let (sources, destination) = (order.sources(), settings.source());
    fs::create_dir_all(&destination)?;
    let unpacked = spawn_blocking(move || roost_archive::unpack(reader, &Limits::standard(), &sources, &destination));
    check(order, &unpacked.await??)?;
    let (source, now) = (settings.source(), SystemTime::now());
    Ok(spawn_blocking(move || date_files(&source, now)).await??)
}

fn check(order: &BuildOrder, tree: &Tree) -> Result<(), FetchError> {
    let differs =
        order.components.iter().find(|component| tree.digest(&component.context).as_ref() != Some(&component.content));
    differs.map_or(Ok(()), |component| Err(FetchError::Changed(component.name.clone())))
}

/// Gives all files one new date. The daemon keeps the last context it got from anybody, and takes a file of the same
/// name, size and date for unchanged: with equal dates it would build with an older file, or with another tenant's
/// (<https://github.com/moby/buildkit/blob/v0.33.0/source/local/source.go#L209>).
fn date_files(folder: &Path, date: SystemTime) -> io::Result<()> {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                fs::File::options().write(true).open(entry.path())?.set_modified(date)?;
            }
        }
    }
    Ok(())
}

//! What the container that fetches leaves for the one that builds. Both run from the beginning, since Kubernetes takes a
//! second to see that a first container has ended; the second waits for the first one's word, and sees its death by a
//! lock that ends with the process.

use std::fs::{self, File, TryLockError};
use std::io;
use std::time::Duration;

use roost_domain::build::{BuildFailure, BuildFailureReason};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::settings::Settings;

/// In which both containers have started, or one of them will not.
const START_LIMIT: Duration = Duration::from_mins(2);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// What came of fetching.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fetched {
    pub(crate) ms: u128,
    pub(crate) failure: Option<BuildFailure>,
}

/// The lock by which the second container sees that the first one is at work.
pub(crate) struct AtWork(File);

impl AtWork {
    pub(crate) fn begin(settings: &Settings) -> io::Result<Self> {
        let file = File::create(settings.fetching())?;
        file.lock()?;
        Ok(Self(file))
    }

    /// Leaves word, all of it at once.
    pub(crate) fn leave(self, settings: &Settings, fetched: &Fetched) -> io::Result<()> {
        let unfinished = settings.fetched().with_extension("unfinished");
        fs::write(&unfinished, serde_json::to_vec(fetched)?)?;
        fs::rename(unfinished, settings.fetched())?;
        self.0.unlock()
    }
}

/// Waits for the first container's word.
pub(crate) async fn fetched(settings: &Settings) -> Result<Fetched, BuildFailure> {
    let failed = |error: String| BuildFailure::new(BuildFailureReason::FetchFailed, error);
    let begun = Instant::now();
    loop {
        // Before the word is looked for: it is left while the lock is held.
        let is_at_work = is_at_work(settings).map_err(|error| failed(error.to_string()))?;
        match fs::read(settings.fetched()) {
            Ok(word) => return serde_json::from_slice(&word).map_err(|error| failed(error.to_string())),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error.to_string())),
            Err(_) => {}
        }
        match is_at_work {
            Some(false) => return Err(failed("fetching the archive ended without a word".to_owned())),
            None if begun.elapsed() > START_LIMIT => return Err(failed("nobody fetches the archive".to_owned())),
            _ => sleep(BETWEEN_LOOKS).await,
        }
    }
}

/// Whether the first container is at work; `None` if it has not begun.
fn is_at_work(settings: &Settings) -> io::Result<Option<bool>> {
    match File::open(settings.fetching()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => Ok(Some(false)),
            Err(TryLockError::WouldBlock) => Ok(Some(true)),
            Err(TryLockError::Error(error)) => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(workspace: &tempfile::TempDir) -> Settings {
        Settings {
            order: workspace.path().join("order.json"),
            workspace: workspace.path().to_owned(),
            builder_address: "unix:///nowhere".into(),
            builder_certificates: None,
            buildctl: "buildctl".into(),
        }
    }

    #[tokio::test]
    async fn the_second_container_waits_for_the_firsts_word() {
        let workspace = tempfile::tempdir().unwrap();
        let settings = settings(&workspace);
        let waiting = tokio::spawn({
            let settings = settings.clone();
            async move { fetched(&settings).await }
        });
        let at_work = AtWork::begin(&settings).unwrap();
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        at_work.leave(&settings, &Fetched { ms: 7, failure: None }).unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().ms, 7);
    }

    #[tokio::test]
    async fn a_first_container_that_dies_is_noticed() {
        let workspace = tempfile::tempdir().unwrap();
        let settings = settings(&workspace);
        drop(AtWork::begin(&settings).unwrap());
        assert_eq!(fetched(&settings).await.unwrap_err().reason, BuildFailureReason::FetchFailed);
    }
}

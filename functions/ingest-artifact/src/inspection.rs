//! The archive, read once as it comes.

use std::collections::{BTreeMap, BTreeSet};

use roost_archive::{Inspection, ReadError, collect, inspect};
use roost_aws::objects::ObjectKey;
use roost_domain::artifact::{EntryPath, Limits};
use roost_domain::finding::Finding;
use roost_domain::release::Upload;
use roost_releases::{ReleasePlatform, StepFailure};

/// What came of reading an archive: what was looked for, or what is wrong with it.
pub(crate) type Reading<T> = Result<Result<T, Vec<Finding>>, StepFailure>;

/// Reads a version of an archive to its end, or to the first thing that makes the rest of no use.
pub(crate) async fn read(platform: &ReleasePlatform, key: &ObjectKey, upload: &Upload) -> Reading<Inspection> {
    let archive = platform.objects.open(key, &upload.version_id).await?;
    reading(tokio::task::spawn_blocking(move || inspect(archive, &Limits::standard())).await?)
}

/// Reads it again for files that the first reading did not keep, which is rare: their names say nothing of their use.
pub(crate) async fn read_files(
    platform: &ReleasePlatform,
    key: &ObjectKey,
    upload: &Upload,
    wanted: BTreeSet<EntryPath>,
) -> Reading<BTreeMap<EntryPath, Vec<u8>>> {
    let archive = platform.objects.open(key, &upload.version_id).await?;
    reading(tokio::task::spawn_blocking(move || collect(archive, &Limits::standard(), &wanted)).await?)
}

fn reading<T>(read: Result<T, ReadError>) -> Reading<T> {
    match read {
        Ok(read) => Ok(Ok(read)),
        Err(ReadError::Refused { findings }) => Ok(Err(findings)),
        Err(error @ ReadError::Source(_)) => Err(StepFailure::Archive(error.to_string())),
    }
}

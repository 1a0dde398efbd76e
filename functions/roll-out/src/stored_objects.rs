//! A release's checked objects, as they are kept for as long as it can run.

use roost_aws::objects::ObjectKey;
use roost_domain::release::Release;
use roost_releases::{ReleasePlatform, StepFailure};

/// The largest set of objects that an archive may bring, and some more for how they are written, in bytes.
const LARGEST: u64 = 16 << 20;

/// The checked objects of a release, as JSON.
pub(crate) async fn stored_objects(platform: &ReleasePlatform, release: &Release) -> Result<Vec<u8>, StepFailure> {
    let key = ObjectKey::release_objects(&release.tenant, &release.project, release.number);
    let objects = platform.objects.read(&key, LARGEST).await?;
    objects.ok_or(StepFailure::Missing("a release's objects"))
}

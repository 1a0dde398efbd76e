//! All that is a tenant's goes, with every version that was ever written.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use roost_domain::naming::TenantId;

use super::{ObjectError, Objects};
use crate::ServiceFailure;

/// What keys begin with that then name a tenant.
const KINDS: [&str; 4] = ["artifacts", "releases", "logs", "results"];

impl Objects {
    /// Removes a tenant's archives, releases' objects, logs and results for good.
    pub async fn remove_all_of(&self, tenant: &TenantId) -> Result<(), ObjectError> {
        for kind in KINDS {
            let prefix = format!("{kind}/{tenant}/");
            // What is removed is not listed again.
            while let Some(versions) = self.versions_below(&prefix).await? {
                self.remove_versions(versions).await?;
            }
        }
        Ok(())
    }

    /// As many versions as one call lists, and what says that an object was deleted; nothing if there are none.
    async fn versions_below(&self, prefix: &str) -> Result<Option<Vec<ObjectIdentifier>>, ObjectError> {
        let listed = self.client.list_object_versions().bucket(&self.bucket).prefix(prefix).send().await;
        let listed = listed.map_err(|error| ServiceFailure::new("list an owner's objects", &error))?;
        let versions = listed.versions.unwrap_or_default().into_iter();
        let versions = versions.map(|version| (version.key, version.version_id));
        let markers = listed.delete_markers.unwrap_or_default().into_iter();
        let markers = markers.map(|marker| (marker.key, marker.version_id));
        let all = versions.chain(markers).filter_map(|(key, version_id)| {
            ObjectIdentifier::builder().key(key?).set_version_id(version_id).build().ok()
        });
        let all: Vec<_> = all.collect();
        Ok((!all.is_empty()).then_some(all))
    }

    async fn remove_versions(&self, versions: Vec<ObjectIdentifier>) -> Result<(), ObjectError> {
        let wanted = Delete::builder().set_objects(Some(versions)).quiet(true).build();
        let wanted = wanted.map_err(|error| ObjectError::Unremovable(error.to_string()))?;
        let sent = self.client.delete_objects().bucket(&self.bucket).delete(wanted).send().await;
        let sent = sent.map_err(|error| ServiceFailure::new("remove an owner's objects", &error))?;
        match sent.errors.unwrap_or_default().first() {
            Some(error) => Err(ObjectError::Unremovable(format!("{error:?}"))),
            None => Ok(()),
        }
    }
}

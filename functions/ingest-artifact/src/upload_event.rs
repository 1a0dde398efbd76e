//! What S3 says when an archive was uploaded
//! (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html>).

use jiff::Timestamp;
use roost_aws::objects::ObjectKey;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Sequencer, Upload};
use roost_releases::{ReleasePlatform, StepFailure};
use roost_runtime::Envelope;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Detail {
    object: UploadedObject,
}

#[derive(Debug, Deserialize)]
struct UploadedObject {
    key: String,
    #[serde(default)]
    size: u64,
    #[serde(rename = "version-id")]
    version_id: Option<String>,
    sequencer: Sequencer,
}

/// An archive that was uploaded; whose it is stands in its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UploadEvent {
    pub(crate) tenant: TenantId,
    pub(crate) project: ProjectName,
    size: u64,
    version_id: Option<String>,
    sequencer: Sequencer,
    at: Timestamp,
}

impl UploadEvent {
    pub(crate) fn parse(envelope: &Envelope) -> Result<Self, StepFailure> {
        if envelope.detail_type != "Object Created" {
            return Err(StepFailure::Kind(envelope.detail_type.clone()));
        }
        let detail: Detail = serde_json::from_value(envelope.detail.clone())
            .map_err(|source| StepFailure::Detail { kind: envelope.detail_type.clone(), source })?;
        let (tenant, project) = ObjectKey::parse_artifact(&detail.object.key)?;
        let UploadedObject { size, version_id, sequencer, .. } = detail.object;
        Ok(Self { tenant, project, size, version_id, sequencer, at: envelope.time })
    }

    /// Where the archive is.
    pub(crate) fn key(&self) -> ObjectKey {
        ObjectKey::artifact(&self.tenant, &self.project)
    }

    /// The version that was uploaded, or none if nothing is there any more. An event without a version is about the
    /// current one: if that is a later upload, its own event is about the same version and changes nothing.
    pub(crate) async fn upload(&self, platform: &ReleasePlatform) -> Result<Option<Upload>, StepFailure> {
        let of = |version_id, size| Upload { version_id, size, sequencer: self.sequencer.clone(), at: self.at };
        if let Some(version_id) = &self.version_id {
            return Ok(Some(of(version_id.clone(), self.size)));
        }
        let head = platform.objects.head(&self.key()).await?;
        match head.map(|head| (head.version_id, head.size)) {
            Some((Some(version_id), size)) => Ok(Some(of(version_id, size))),
            Some((None, _)) => Err(StepFailure::Missing("the versioning of the bucket")),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn envelope(kind: &str, object: &Value) -> Envelope {
        let event = json!({
            "id": "e1", "source": "aws.s3", "detail-type": kind, "time": "2026-11-21T12:00:00Z",
            "detail": {"version": "0", "bucket": {"name": "b"}, "object": object, "reason": "PutObject"},
        });
        Envelope::parse(&event.to_string()).unwrap()
    }

    #[test]
    fn an_upload_is_its_keys_owners() {
        let object = json!({"key": "artifacts/u1/shop.tar.gz", "size": 5, "version-id": "v1", "sequencer": "0A"});
        let event = UploadEvent::parse(&envelope("Object Created", &object)).unwrap();
        assert_eq!((event.tenant.as_str(), event.project.as_str()), ("u1", "shop"));
        assert_eq!(event.key().as_str(), "artifacts/u1/shop.tar.gz");
    }

    #[test]
    fn what_is_no_upload_of_an_archive_is_refused() {
        let object = |key: &str| json!({"key": key, "size": 5, "sequencer": "0A"});
        for (kind, object) in [
            ("Object Deleted", object("artifacts/u1/shop.tar.gz")),
            ("Object Created", object("results/u1/shop/r1.json")),
            ("Object Created", object("artifacts/u1/../u2/shop.tar.gz")),
            ("Object Created", json!({"key": "artifacts/u1/shop.tar.gz"})),
            ("Object Created", json!({"key": "artifacts/u1/shop.tar.gz", "sequencer": "no"})),
        ] {
            assert!(UploadEvent::parse(&envelope(kind, &object)).is_err(), "{kind} {object}");
        }
    }
}

//! The bucket: archives, releases' objects, logs and results.

mod key;
mod presign;
mod removal;
mod stream;

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use jiff::Timestamp;
use roost_domain::fault::{Classified, Fault};

use crate::ServiceFailure;

pub use key::{KeyError, ObjectKey};
pub use stream::ArchiveReader;

/// The platform's bucket.
#[derive(Debug, Clone)]
pub struct Objects {
    client: Client,
    bucket: String,
}

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectHead {
    /// The version's id; absent where versioning is off.
    pub version_id: Option<String>,
    /// In bytes.
    pub size: u64,
    /// When it was written.
    pub written_at: Timestamp,
}

/// A content that is known before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// In bytes.
    pub size: u64,
    /// Its SHA-256, in base64.
    pub sha256: String,
    /// What it is.
    pub media_type: &'static str,
}

/// How to write an object without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedWrite {
    /// Where to put it.
    pub url: String,
    /// What to send with it, as it was signed.
    pub headers: BTreeMap<String, String>,
}

/// Why an object was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// S3 did not carry the call out.
    #[error(transparent)]
    Service(#[from] ServiceFailure),
    /// It is larger than its reader takes.
    #[error("the object {key} is larger than {limit} bytes")]
    TooLarge {
        /// Its key.
        key: String,
        /// The limit.
        limit: u64,
    },
    /// The connection broke while its content came.
    #[error("the object's content broke off: {0}")]
    Interrupted(#[from] aws_sdk_s3::primitives::ByteStreamError),
    /// S3 keeps one that was to go.
    #[error("an object is not removed: {0}")]
    Unremovable(String),
    /// No URL of that kind can be signed.
    #[error("no URL could be signed: {0}")]
    Presigning(#[from] aws_sdk_s3::presigning::PresigningConfigError),
}

impl Classified for ObjectError {
    fn fault(&self) -> Fault {
        match self {
            Self::Service(failure) => failure.fault(),
            Self::Interrupted(_) => Fault::Passing,
            Self::TooLarge { .. } | Self::Unremovable(_) | Self::Presigning(_) => Fault::Ours,
        }
    }
}

impl Objects {
    /// The objects of a bucket.
    #[must_use]
    pub fn new(client: Client, bucket: String) -> Self {
        Self { client, bucket }
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// What is known of the current version of an object, if there is one.
    pub async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectHead>, ObjectError> {
        let head = self.client.head_object().bucket(&self.bucket).key(key.as_str()).send().await;
        let head = match head {
            Ok(head) => head,
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => return Ok(None),
            Err(error) => return Err(ServiceFailure::new("look at an object", &error).into()),
        };
        let written_at = head.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(Some(ObjectHead {
            version_id: head.version_id.filter(|version| version != "null"),
            size: head.content_length.and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
            written_at: written_at.unwrap_or(Timestamp::UNIX_EPOCH),
        }))
    }

    /// The current version of a small object, if there is one.
    pub async fn read(&self, key: &ObjectKey, limit: u64) -> Result<Option<Vec<u8>>, ObjectError> {
        let got = self.client.get_object().bucket(&self.bucket).key(key.as_str()).send().await;
        let got = match got {
            Ok(got) => got,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(None),
            Err(error) => return Err(ServiceFailure::new("read an object", &error).into()),
        };
        let size = got.content_length.and_then(|size| u64::try_from(size).ok()).unwrap_or(u64::MAX);
        if size > limit {
            return Err(ObjectError::TooLarge { key: key.as_str().to_owned(), limit });
        }
        Ok(Some(got.body.collect().await?.to_vec()))
    }

    /// Writes an object.
    pub async fn write(&self, key: &ObjectKey, content: Vec<u8>, media_type: &str) -> Result<(), ObjectError> {
        let put = self.client.put_object().bucket(&self.bucket).key(key.as_str()).content_type(media_type);
        let sent = put.body(ByteStream::from(content)).send().await;
        sent.map(|_| ()).map_err(|error| ServiceFailure::new("write an object", &error).into())
    }

    /// Takes an object away, if it is there; its versions go when they are old.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        let sent = self.client.delete_object().bucket(&self.bucket).key(key.as_str()).send().await;
        sent.map(drop).map_err(|error| ServiceFailure::new("delete an object", &error).into())
    }

    /// One version of an archive, to be read as it comes.
    pub async fn open(&self, key: &ObjectKey, version_id: &str) -> Result<ArchiveReader, ObjectError> {
        let get = self.client.get_object().bucket(&self.bucket).key(key.as_str()).version_id(version_id);
        let got = get.send().await.map_err(|error| ServiceFailure::new("read the archive", &error))?;
        Ok(ArchiveReader::start(got.body))
    }

    /// A URL by which anybody can read one version of an object until it ends.
    pub async fn url_to_read(
        &self,
        key: &ObjectKey,
        version_id: &str,
        lifetime: Duration,
    ) -> Result<String, ObjectError> {
        let get = self.client.get_object().bucket(&self.bucket).key(key.as_str()).version_id(version_id);
        let signed = get.presigned(presign::lifetime(lifetime)?).await;
        signed.map(|request| request.uri().to_owned()).map_err(|error| presign::failed(&error))
    }

    /// A URL by which anybody can write one certain content until it ends: S3 refuses any other.
    pub async fn url_to_write_checked(
        &self,
        key: &ObjectKey,
        content: &Checked,
        lifetime: Duration,
    ) -> Result<SignedWrite, ObjectError> {
        let size = i64::try_from(content.size).unwrap_or(i64::MAX);
        let put = self.client.put_object().bucket(&self.bucket).key(key.as_str()).content_type(content.media_type);
        let put = put.content_length(size).checksum_sha256(&content.sha256);
        let signed = put.presigned(presign::lifetime(lifetime)?).await.map_err(|error| presign::failed(&error))?;
        let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(SignedWrite { url: signed.uri().to_owned(), headers })
    }

    /// Where such URLs lead: scheme, host and port, as browsers name an origin.
    pub async fn origin(&self) -> Result<String, ObjectError> {
        let any = self.client.get_object().bucket(&self.bucket).key("any");
        let signed = any.presigned(presign::lifetime(Duration::from_secs(1))?).await;
        let signed = signed.map_err(|error| presign::failed(&error))?;
        let (scheme, rest) = signed.uri().split_once("://").unwrap_or(("https", signed.uri()));
        Ok(format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()))
    }

    /// A URL by which anybody can write an object until it ends.
    pub async fn url_to_write(
        &self,
        key: &ObjectKey,
        media_type: &str,
        lifetime: Duration,
    ) -> Result<String, ObjectError> {
        let put = self.client.put_object().bucket(&self.bucket).key(key.as_str()).content_type(media_type);
        let signed = put.presigned(presign::lifetime(lifetime)?).await;
        signed.map(|request| request.uri().to_owned()).map_err(|error| presign::failed(&error))
    }
}

//! Sends archives to where the API says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures::Stream;
use jiff::Timestamp;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Response, Url};
use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::time::sleep;

use crate::request::Request;
use crate::way::unreachable;
use crate::{Account, Archive, ClientError, Release};

const CHUNK: usize = 64 * 1024;
/// Under this header the store answers which version of the object it has written.
const VERSION_HEADER: &str = "x-amz-version-id";

/// Is told how many bytes are on their way.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// Where and how to send an archive. The URL is a secret: whoever has it can send that one archive.
#[derive(Clone, Serialize, Deserialize)]
pub struct UploadPlace {
    /// `PUT`.
    pub method: String,
    /// Where.
    pub url: String,
    /// What has to be sent with it.
    pub headers: BTreeMap<String, String>,
    /// Until when.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for UploadPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadPlace").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Account {
    /// Where an archive of that size, in bytes, and that SHA-256 digest, in hexadecimal digits, can be sent.
    pub async fn upload_place(
        &self,
        project: &ProjectName,
        size: u64,
        sha256: &str,
    ) -> Result<UploadPlace, ClientError> {
        let announced = json!({"size": size, "sha256": sha256});
        self.client.ask(Request::post(&self.of(project, &["uploads"]), &announced)).await
    }

    /// Sends an archive; answers with the version by which its release is found.
    pub async fn upload(
        &self,
        project: &ProjectName,
        archive: &Archive,
        progress: &Progress,
    ) -> Result<String, ClientError> {
        let place = self.upload_place(project, archive.size, &archive.sha256).await?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.send(&place, archive.path(), progress).await {
                Ok(version) => return Ok(version),
                Err(error) => error,
            };
            match self.client.patience.pause_after(attempts, &error) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            }
        }
    }

    /// The release that an upload became, once the platform has seen it.
    pub async fn release_of_upload(
        &self,
        project: &ProjectName,
        version: &str,
    ) -> Result<Option<Release>, ClientError> {
        let request = Request::get(&self.of(project, &["uploads"])).with("version", Some(version));
        match self.client.ask(request).await {
            Ok(release) => Ok(Some(release)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn send(&self, place: &UploadPlace, archive: &Path, progress: &Progress) -> Result<String, ClientError> {
        let unusable = || ClientError::Address("the place for the archive".to_owned());
        let url = Url::parse(&place.url).map_err(|_| unusable())?;
        let method: Method = place.method.parse().map_err(|_| unusable())?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let file = File::open(archive).await.map_err(ClientError::Archive)?;
        // Without a length it would go in chunks, which the store does not take.
        let size = file.metadata().await.map_err(ClientError::Archive)?.len();
        let mut headers = HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from(size))]);
        for (name, value) in &place.headers {
            let name: HeaderName = name.parse().map_err(|_| unusable())?;
            headers.insert(name, value.parse().map_err(|_| unusable())?);
        }
        let request = self.client.http()?.request(method, url).headers(headers);
        let answer = request.body(Body::wrap_stream(chunks(file, Arc::clone(progress)))).send().await;
        version(answer.map_err(|source| unreachable(&host, source))?).await
    }
}

/// The file's content, told of as it leaves.
fn chunks(file: File, progress: Progress) -> impl Stream<Item = std::io::Result<Vec<u8>>> {
    futures::stream::try_unfold((file, progress, 0), |(mut file, progress, sent)| async move {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await?;
        if read == 0 {
            return Ok(None);
        }
        chunk.truncate(read);
        let sent = sent + read as u64;
        progress(sent);
        Ok(Some((chunk, (file, progress, sent))))
    })
}

async fn version(answer: Response) -> Result<String, ClientError> {
    let status = answer.status();
    let version = answer.headers().get(VERSION_HEADER).and_then(|version| version.to_str().ok()).map(str::to_owned);
    let refused = |detail: String| ClientError::NotTaken { status: status.as_u16(), detail };
    if !status.is_success() {
        let detail: String = answer.text().await.unwrap_or_default().chars().take(500).collect();
        return Err(refused(detail));
    }
    version.ok_or_else(|| refused("it has no version".to_owned()))
}

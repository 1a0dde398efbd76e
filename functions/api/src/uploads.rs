//! Archives are not sent through the API: it gives a URL for one archive, bound to its size and checksum.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use jiff::Timestamp;
use roost_aws::objects::{Checked, ObjectKey};
use roost_aws::table::HistoryEntry;
use roost_domain::artifact::Limits;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::gate::{Gate, OfProject, Permit, asked};
use crate::input::Input;
use crate::problem::{Kind, Problem};

const LIFETIME: Duration = Duration::from_mins(15);
const MEDIA_TYPE: &str = "application/gzip";

asked! { Upload: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(create))
}

/// An archive to upload.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUpload {
    /// The `.tar.gz`, in bytes.
    #[schema(minimum = 1)]
    size: u64,
    /// Its SHA-256, in hexadecimal.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    sha256: String,
}

/// Where and how to send an archive.
#[derive(Debug, Serialize, ToSchema)]
struct UploadPlace {
    /// `PUT`.
    method: &'static str,
    /// Where; whoever has it can send that one archive there.
    url: String,
    /// What has to be sent with it.
    headers: BTreeMap<String, String>,
    /// Until when.
    expires_at: Timestamp,
}

/// Asks where to send an archive
///
/// What is sent there becomes a release of the project; `GET …/uploads?version=…` tells which.
#[utoipa::path(post, path = "/api/users/{userId}/projects/{projectId}/uploads", tag = "releases",
    operation_id = "Upload", params(("userId" = String, Path), ("projectId" = String, Path)),
    request_body = NewUpload,
    responses((status = 201, body = UploadPlace), (status = "default", body = Problem)))]
async fn create(permit: Permit<Upload>, Input(new): Input<NewUpload>) -> Result<Response, Problem> {
    Ok(place_for(&permit, &new).await?.into_response())
}

async fn place_for(permit: &Permit<Upload>, new: &NewUpload) -> Answered<UploadPlace> {
    let OfProject { tenant, project } = &permit.subject;
    let checksum = checksum(new)?;
    let record = permit.backend.lasting_project(&permit.subject).await?;
    if let Some(agent) = &record.agent {
        let detail = format!("This project runs the agent {}, and takes no archives.", agent.name);
        return Err(Problem::conflict(detail, "Begin another project for the archive."));
    }
    let checked = Checked { size: new.size, sha256: BASE64.encode(&checksum), media_type: MEDIA_TYPE };
    let key = ObjectKey::artifact(tenant, project);
    let signed = permit.backend.uploads.url_to_write_checked(&key, &checked, LIFETIME).await?;
    let reason = format!("an archive of {} bytes for {project} may be sent", new.size);
    let entry = HistoryEntry::now("upload.begun", new.sha256.as_str(), reason).by(permit.caller.to_string());
    permit.backend.base.table.record(Some(tenant), &entry.about(project)).await?;
    let place = UploadPlace {
        method: "PUT",
        url: signed.url,
        headers: signed.headers,
        expires_at: Timestamp::now() + LIFETIME,
    };
    Ok(Answer::created(format!("/api/users/{tenant}/projects/{project}/releases"), place))
}

fn checksum(new: &NewUpload) -> Result<Vec<u8>, Problem> {
    let most = Limits::standard().compressed_bytes;
    if new.size > most {
        let detail = format!("The archive has {} bytes; at most {most} are taken.", new.size);
        return Err(Problem::new(Kind::TooLarge, detail, "Leave out what is not needed to build and run the app."));
    }
    if new.size == 0 {
        return Err(Problem::input("size", "an archive has more than 0 bytes"));
    }
    let bytes = HEXLOWER_PERMISSIVE.decode(new.sha256.as_bytes()).ok().filter(|bytes| bytes.len() == 32);
    bytes.ok_or_else(|| Problem::input("sha256", "send 64 hexadecimal digits"))
}

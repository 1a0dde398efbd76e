//! Uploads of a project's archive, each followed to its release's end.

use std::time::Duration;

use anyhow::{Context, bail};
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;
use roost_aws::objects::{ObjectKey, Objects};
use roost_aws::table::Table;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Release, ReleaseState};
use roost_domain::tenant::Tenant;
use tokio::time::{Instant, sleep};

use super::build_log::BuildLog;
use crate::certificates::BASE_DOMAIN;
use crate::install::{aws, stack};
use crate::instance::Instance;
use crate::progress::Progress;

pub(super) const PROJECT: &str = "hello";
const LIMIT: Duration = Duration::from_mins(5);
const PERIOD: Duration = Duration::from_millis(100);

pub(super) struct Uploads {
    tenant: TenantId,
    project: ProjectName,
    table: Table,
    bucket: String,
    s3: aws_sdk_s3::Client,
}

impl Uploads {
    pub(super) async fn of(instance: &Instance, tenant: &Tenant) -> anyhow::Result<Self> {
        let configuration = aws::configuration(instance).await;
        let outputs = stack::outputs(instance)?;
        let output = |name: &str| outputs.get(name).cloned().with_context(|| format!("the stack has no output {name}"));
        Ok(Self {
            tenant: tenant.id.clone(),
            project: ProjectName::parse(PROJECT)?,
            table: Table::new(aws_sdk_dynamodb::Client::new(&configuration), output("TableName")?),
            bucket: output("ArtifactBucketName")?,
            // The emulator has no host for each bucket.
            s3: aws_sdk_s3::Client::from_conf(Builder::from(&configuration).force_path_style(true).build()),
        })
    }

    /// Uploads an archive, and says what becomes of it until nothing more does.
    pub(super) async fn put_and_follow(&self, archive: Vec<u8>) -> anyhow::Result<Release> {
        let progress = Progress::start();
        let version = self.put(archive, progress).await?;
        let mut log = BuildLog::new(Objects::new(self.s3.clone(), self.bucket.clone()), progress);
        let mut told = None;
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if let Some(release) = self.table.release_of_upload(&self.tenant, &self.project, &version).await? {
                log.show_news(&release).await?;
                let words = words(&release);
                if told.as_ref() != Some(&words) {
                    progress.say(&words);
                    told = Some(words);
                }
                if release.state.is_terminal() {
                    return Ok(release);
                }
            }
            sleep(PERIOD).await;
        }
        bail!("the release is at no end after {} s; `make logs` may say why", LIMIT.as_secs())
    }

    /// The host at which the project is reached.
    pub(super) async fn address(&self) -> anyhow::Result<String> {
        let project = self.table.project(&self.tenant, &self.project).await?.context("there is no project")?;
        Ok(project.address.context("the project has no address")?.host(BASE_DOMAIN))
    }

    async fn put(&self, archive: Vec<u8>, progress: Progress) -> anyhow::Result<String> {
        let key = ObjectKey::artifact(&self.tenant, &self.project);
        progress.say(format!("PUT {} ({} bytes)", key.as_str(), archive.len()));
        let put = self.s3.put_object().bucket(&self.bucket).key(key.as_str()).body(ByteStream::from(archive));
        put.send().await?.version_id.context("the bucket keeps no versions")
    }
}

fn words(release: &Release) -> String {
    let title = release.title();
    match &release.state {
        ReleaseState::Queued { place: Some(place), .. } => {
            format!("{title} is number {} in the queue: {}", place.position, place.reason)
        }
        state => format!("{title} is {}", state.name()),
    }
}

//! From a directory to an address.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use jiff::SignedDuration;
use roost_client::{Account, Archive, ClientError, Progress, Project, Release, pack};
use roost_domain::naming::ProjectName;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::app::spinner;
use super::{Asking, Ended};
use crate::arguments::Deploy;
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::output::Output;
use crate::surroundings::Surroundings;
use crate::{project, rendering};

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
const BAR: &str = "{msg} {bar:30} {bytes}/{total_bytes}";

/// What is wrong with the directory is told before anybody is asked.
pub(super) async fn run(arguments: Deploy, surroundings: &Surroundings, output: &Output) -> Ended {
    let Deploy { directory, of, timeout } = arguments;
    let archive = packed(&directory)?;
    let project = project::meant(of.project, surroundings, &directory)?;
    let asking = Asking::new(surroundings, output).await?;
    begin(&asking.account, &project).await?;
    output.remark(&format!("{project}: {} files, {}", archive.files, HumanBytes(archive.size)));
    let version = upload(&asking.account, &project, &archive).await?;
    project::remember(&project, &directory);
    let release = followed(&asking.account, (&project, &version), timeout).await?;
    asking.tell_end(&project, &release).await
}

fn packed(directory: &std::path::Path) -> Result<Archive, CommandError> {
    let spinner = spinner();
    spinner.set_message("packing");
    let archive = pack(directory);
    spinner.finish_and_clear();
    Ok(archive?)
}

/// A project that is not there yet begins with its first deploy.
async fn begin(account: &Account, project: &ProjectName) -> Result<Project, ClientError> {
    match account.project(project).await {
        Err(error) if error.is_not_found() => account.begin(project).await,
        known => known,
    }
}

async fn upload(account: &Account, project: &ProjectName, archive: &Archive) -> Result<String, CommandError> {
    let bar = ProgressBar::new(archive.size).with_message("sending");
    // Without the style the bar is one of the usual form.
    if let Ok(style) = ProgressStyle::with_template(BAR) {
        bar.set_style(style);
    }
    let moved = bar.clone();
    let progress: Progress = Arc::new(move |sent| moved.set_position(sent));
    let version = account.upload(project, archive, &progress).await;
    bar.finish_and_clear();
    Ok(version?)
}

/// The release of an upload, once it has ended.
async fn followed(
    account: &Account,
    (project, version): (&ProjectName, &str),
    timeout: SignedDuration,
) -> Result<Release, CommandError> {
    let (spinner, deadline) = (spinner(), Instant::now() + timeout.unsigned_abs());
    spinner.set_message("the platform reads the archive");
    loop {
        if let Some(release) = account.release_of_upload(project, version).await? {
            if release.has_ended {
                spinner.finish_and_clear();
                return Ok(release);
            }
            spinner.set_message(rendering::progress(&release));
        }
        if Instant::now() >= deadline {
            return Err(CommandError::Unfinished(format!("{timeout:#}")));
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

impl Asking<'_> {
    async fn tell_end(&self, project: &ProjectName, release: &Release) -> Ended {
        let address = self.account.project(project).await?.address;
        let address = address.filter(|_| release.is_live());
        let value = json!({"project": project, "address": address, "release": release});
        if release.is_live() {
            self.output.remark(&format!("{} is live", release.id));
            self.output.result(&value, || address.unwrap_or_default())?;
            return Ok(Exit::Done);
        }
        self.output.remark(&rendering::ended(release));
        self.output.result(&value, String::new)?;
        Ok(Exit::Failed)
    }
}

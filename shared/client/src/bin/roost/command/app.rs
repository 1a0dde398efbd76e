//! Looks after apps.

use std::time::Duration;

use indicatif::ProgressBar;
use jiff::Timestamp;
use roost_client::Operation;
use serde_json::json;

use super::{Asking, Ended};
use crate::arguments::{Delete, KeepAwake, OfProject};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::rendering;

const FRAME: Duration = Duration::from_millis(120);

impl Asking<'_> {
    pub(super) async fn list_projects(&self) -> Ended {
        let projects = self.account.projects().await?;
        self.output.result(&projects, || rendering::projects(&projects))?;
        Ok(Exit::Done)
    }

    pub(super) async fn tell_status(&self, of: OfProject) -> Ended {
        let project = self.project(of)?;
        let status = self.account.status(&project).await?;
        self.output.result(&status, || rendering::status(project.as_str(), &status))?;
        Ok(Exit::Done)
    }

    pub(super) async fn wake(&self, of: OfProject) -> Ended {
        let begun = self.account.wake(&self.project(of)?).await?;
        self.follow(begun).await
    }

    pub(super) async fn put_to_sleep(&self, of: OfProject) -> Ended {
        let begun = self.account.put_to_sleep(&self.project(of)?).await?;
        self.follow(begun).await
    }

    pub(super) async fn keep_awake(&self, arguments: KeepAwake) -> Ended {
        let project = self.project(arguments.of)?;
        let until = arguments.duration.map(|duration| Timestamp::now() + duration);
        self.account.keep_awake(&project, until).await?;
        self.output.result(&json!({"project": project, "until": until}), || match until {
            Some(until) => format!("{project} stays awake until {until:.0}"),
            None => format!("{project} sleeps as usual"),
        })?;
        Ok(Exit::Done)
    }

    pub(super) async fn delete(&self, arguments: Delete) -> Ended {
        let begun = self.account.delete(&arguments.project).await?;
        self.follow(begun).await
    }

    /// Waits for an operation's end.
    pub(super) async fn follow(&self, begun: Operation) -> Ended {
        let spinner = spinner();
        let followed = self.account.follow(begun, |operation| spinner.set_message(operation.detail.clone())).await;
        spinner.finish_and_clear();
        let operation = followed.map_err(CommandError::from)?;
        self.output.result(&operation, || format!("{}: {}", operation.project, operation.detail))?;
        Ok(if operation.has_succeeded() { Exit::Done } else { Exit::Failed })
    }
}

/// Something turns while one waits, on terminals only.
pub(super) fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(FRAME);
    spinner
}

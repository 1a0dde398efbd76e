//! Looks after releases.

use roost_client::Release;
use roost_domain::naming::ProjectName;
use roost_domain::release::ReleaseNumber;

use super::{Asking, Ended};
use crate::arguments::{Listing, OneRelease, Rollback};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::rendering;

/// So far back an earlier release is looked for.
const RECENT: usize = 100;
/// As long as the API waits for a line.
const WAIT_SECONDS: u32 = 20;

impl Asking<'_> {
    pub(super) async fn list_releases(&self, listing: Listing) -> Ended {
        let project = self.project(listing.of)?;
        let releases = self.account.releases(&project, listing.limit.into()).await?;
        self.output.result(&releases, || rendering::releases(&releases))?;
        Ok(Exit::Done)
    }

    pub(super) async fn roll_back(&self, arguments: Rollback) -> Ended {
        let project = self.project(arguments.of)?;
        let to = match arguments.to {
            Some(to) => to,
            None => self.before(&project).await?,
        };
        self.output.remark(&format!("{project} goes back to {to}."));
        let begun = self.account.roll_back(&project, to).await?;
        self.follow(begun).await
    }

    pub(super) async fn cancel(&self, one: OneRelease) -> Ended {
        let (project, number) = self.one_release(one).await?;
        let begun = self.account.cancel(&project, number).await?;
        self.follow(begun).await
    }

    pub(super) async fn show_build(&self, one: OneRelease) -> Ended {
        let (project, number) = self.one_release(one).await?;
        let mut from = 0;
        loop {
            let log = self.account.build_log((&project, number), (from, WAIT_SECONDS)).await?;
            for line in &log.lines {
                self.output.result(line, || rendering::build_line(line))?;
            }
            if log.is_complete {
                return Ok(Exit::Done);
            }
            from = log.next;
        }
    }

    /// The release that is meant: the newest unless one is named.
    async fn one_release(&self, one: OneRelease) -> Result<(ProjectName, ReleaseNumber), CommandError> {
        let project = self.project(one.of)?;
        if let Some(number) = one.release {
            return Ok((project, number));
        }
        let newest = self.account.project(&project).await?.newest;
        let number = newest.and_then(|newest| ReleaseNumber::parse(&newest).ok());
        let number = number.ok_or_else(|| CommandError::NoRelease(project.to_string()))?;
        Ok((project, number))
    }

    async fn before(&self, project: &ProjectName) -> Result<ReleaseNumber, CommandError> {
        let live = self.account.project(project).await?.live;
        let releases = self.account.releases(project, RECENT).await?;
        earlier(&releases, live.as_deref()).ok_or_else(|| CommandError::NothingEarlier(project.to_string()))
    }
}

/// The newest release that was live before the one that runs, and is not what runs under another number.
fn earlier(releases: &[Release], live: Option<&str>) -> Option<ReleaseNumber> {
    let number = |release: &Release| ReleaseNumber::parse(&release.id).ok();
    let live = ReleaseNumber::parse(live?).ok()?;
    let runs = releases.iter().find(|release| number(release) == Some(live));
    let same = runs.and_then(|release| release.rolls_back_to.as_deref());
    let before = releases.iter().filter(|release| release.is_live() && Some(release.id.as_str()) != same);
    before.filter_map(number).filter(|number| *number < live).max()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn release(number: u32, state: &str, rolls_back_to: Option<&str>) -> Release {
        let release = json!({"id": format!("r{number}"), "state": state, "has_ended": true, "rolls_back_to": rolls_back_to,
            "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z"});
        serde_json::from_value(release).unwrap()
    }

    fn back(releases: &[Release], live: Option<&str>) -> Option<String> {
        earlier(releases, live).map(|number| number.to_string())
    }

    #[test]
    fn back_is_to_what_was_live_before() {
        let releases = [release(4, "failed", None), release(3, "live", None), release(2, "rejected", None)];
        assert_eq!(back(&releases, Some("r3")), None);
        let releases = [releases.to_vec(), vec![release(1, "live", None)]].concat();
        assert_eq!(back(&releases, Some("r3")).as_deref(), Some("r1"));
        assert_eq!(back(&releases, None), None);
    }

    #[test]
    fn back_from_a_rollback_is_not_to_the_same_again() {
        let releases = [release(4, "live", Some("r2")), release(3, "live", None), release(2, "live", None)];
        assert_eq!(back(&releases, Some("r4")).as_deref(), Some("r3"));
        let releases = [release(4, "live", Some("r3")), release(3, "live", None), release(2, "live", None)];
        assert_eq!(back(&releases, Some("r4")).as_deref(), Some("r2"));
    }
}

//! Nothing of an app runs: its workloads go to 0, each once it is noted to what it returns.

use roost_domain::app::{Event, SavedReplicas, WorkloadKind};

use super::scaling::{Target, scale};
use super::{App, Apps, CommitError, Scaling};

impl Apps {
    /// Stops the workloads of an app that is asleep or has failed, as it was read, and notes when that is done. If the
    /// app moves on meanwhile, it is left to whoever moved it.
    pub async fn stop(&self, app: App) -> Result<(), CommitError> {
        // What was noted by another sweep meanwhile must not be taken for what this one has read: a workload that its
        // owner scaled there and back would be noted as it was in between.
        let Some(mut app) = self.as_it_is(&app).await? else { return Ok(()) };
        for workload in app.spec.workloads.clone() {
            let Some(next) = self.stop_workload(app, (workload.kind, &workload.name)).await? else { return Ok(()) };
            app = next;
        }
        self.advance(app, &Event::Settled).await.map(drop)
    }

    /// The app read anew; `None` if it has moved on.
    async fn as_it_is(&self, app: &App) -> Result<Option<App>, CommitError> {
        let now = self.get(app.namespace(), app.name()).await?;
        Ok(now.filter(|now| now.standing().epoch == app.standing().epoch))
    }

    /// The app as it is then; `None` if it has moved on.
    async fn stop_workload(&self, app: App, workload: (WorkloadKind, &str)) -> Result<Option<App>, CommitError> {
        let mut app = app;
        loop {
            let standing = app.standing();
            let is_this = |saved: &&SavedReplicas| (saved.kind, saved.name.as_str()) == workload;
            let noted = standing.saved.iter().find(is_this).map_or(0, |saved| saved.replicas);
            let target = Target::Stop { noted: Some(noted) };
            match scale(&self.client, app.namespace(), workload, target, standing.epoch).await? {
                Scaling::Done | Scaling::Missing => return Ok(Some(app)),
                Scaling::Superseded => return Ok(None),
                Scaling::Otherwise(current) => {
                    let status = standing.with_saved(workload.0, workload.1, current);
                    app = self.commit(&app, status).await?.ok_or(CommitError::Contended)?;
                }
            }
        }
    }
}

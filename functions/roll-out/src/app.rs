//! The project's App, by which sweep and waker know what runs and that a release is being rolled out.

use roost_cluster::app::{App, Apps, CommitError, scale_workload};
use roost_domain::app::{AppSpec, Event, IdleTime, SavedReplicas, workloads_of};
use roost_domain::manifest::CheckedObjects;
use roost_releases::StepFailure;
use serde_json::Value;

use crate::driving::Stage;
use crate::rendering::Rendered;

/// Keeps the app awake from now on; what it consists of is said once the release runs.
pub(crate) async fn begin(stage: &Stage<'_>, rendered: &Rendered) -> Result<App, StepFailure> {
    let apps = Apps::new(stage.home.client.clone());
    let app = match apps.get(&stage.home.namespace, stage.release.project.as_str()).await? {
        Some(app) => app,
        None => apps.apply(&stage.home.namespace, spec(stage, &rendered.checked, &rendered.objects, None)).await?,
    };
    let (app, _) = apps.advance(app, &Event::ReleaseBegan(stage.release.number)).await?;
    Ok(app)
}

/// Starts what slept and of which the release does not say how many pods it has.
pub(crate) async fn start_what_slept(stage: &Stage<'_>, app: &App, objects: &[Value]) -> Result<(), StepFailure> {
    let standing = app.standing();
    for SavedReplicas { kind, name, replicas } in &standing.saved {
        if workloads_of(objects).any(|workload| workload.is(*kind, name) && workload.replicas.is_none()) {
            let (client, namespace) = (&stage.home.client, &stage.home.namespace);
            scale_workload(client, namespace, (*kind, name), *replicas, standing.epoch).await?;
        }
    }
    Ok(())
}

/// Says what the app consists of now, and leads the gateway to it.
pub(crate) async fn finish(stage: &Stage<'_>, rendered: &Rendered, host: Option<String>) -> Result<(), StepFailure> {
    let apps = Apps::new(stage.home.client.clone());
    let spec = spec(stage, &rendered.checked, &rendered.objects, host);
    let app = apps.apply(&stage.home.namespace, spec).await?;
    end(&apps, app).await
}

/// What ran before the release runs again; without any, the app is no more.
pub(crate) async fn restored(stage: &Stage<'_>, is_something_left: bool) -> Result<(), StepFailure> {
    let apps = Apps::new(stage.home.client.clone());
    let (namespace, name) = (&stage.home.namespace, stage.release.project.as_str());
    if !is_something_left {
        return Ok(apps.delete(namespace, name).await?);
    }
    match apps.get(namespace, name).await? {
        Some(app) => end(&apps, app).await,
        None => Ok(()),
    }
}

async fn end(apps: &Apps, app: App) -> Result<(), StepFailure> {
    let has_slept = !app.standing().saved.is_empty();
    match apps.advance(app, &Event::ReleaseEnded).await {
        // Visitors may be waiting at the waker, which sends them on.
        Ok((app, _)) if has_slept => Ok(apps.open_route_to_new_pods(&app).await.map(drop)?),
        Ok((app, _)) => Ok(apps.open_route(&app).await.map(drop)?),
        // Another run of this release has ended it, and the app has gone to sleep since.
        Err(CommitError::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn spec(stage: &Stage<'_>, checked: &CheckedObjects, objects: &[Value], host: Option<String>) -> AppSpec {
    let usual = stage.platform.idle_after_seconds;
    AppSpec {
        tenant: stage.release.tenant.clone(),
        project: stage.release.project.clone(),
        release: stage.release.number,
        routes: if host.is_some() { checked.routes.clone() } else { Vec::new() },
        host,
        workloads: workloads_of(objects).map(|workload| workload.in_app(&stage.home.container)).collect(),
        idle_after_seconds: IdleTime::of_app(checked.idle_time, stage.home.may_stay_awake, usual),
        awake_hours: checked.awake_hours.clone().filter(|_| stage.home.may_stay_awake),
        // The owner's wishes are kept by another writer, and stay.
        keep_awake_until: None,
        sleep_wanted_in_epoch: None,
    }
}

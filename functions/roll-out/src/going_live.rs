//! A release that came up gets the address, and what it does not need any more goes.

use jiff::Timestamp;
use roost_cluster::route::{ProjectRoute, RouteStatus};
use roost_domain::address::Address;
use roost_domain::release::{Project, ReleaseState};
use roost_releases::{Outcome, StepFailure};
use tracing::{info, warn};
use ulid::Ulid;

use crate::app;
use crate::driving::{Stage, Step};
use crate::moment::Moment;
use crate::rendering::Rendered;
use crate::retention;

/// How many names are drawn until one is free; of more than eight thousand million hardly any is taken.
const DRAWS: usize = 8;
const A_MOMENT: std::time::Duration = std::time::Duration::from_secs(1);

/// Gives the release the address and takes away what earlier releases had and it has not.
pub(crate) async fn go_live(stage: &Stage<'_>, rendered: &Rendered) -> Result<Step, StepFailure> {
    let route = ProjectRoute::new(
        stage.home.client.clone(),
        stage.home.namespace.clone(),
        (stage.release.tenant.clone(), stage.release.project.clone()),
    );
    if rendered.checked.routes.is_empty() {
        route.delete().await?;
        app::finish(stage, rendered, None).await?;
    } else {
        let Some(address) = &stage.project.address else { return claim_address(stage).await };
        app::finish(stage, rendered, Some(address.host(&stage.platform.base_domain))).await?;
        if let RouteStatus::Waiting(reason) = route_status(&route).await? {
            return Ok(Step::Ended(Outcome::Later { after: Some(A_MOMENT), reason }));
        }
    }
    stage.deployment().prune(&rendered.objects).await?;
    let live = stage.moved_to(ReleaseState::Live);
    let project = stage.project.running(stage.release.number, live.updated_at);
    stage.save(&live, Some(&project), ("release.live", "it runs".to_owned())).await?;
    if let Err(failure) = retention::retain(stage).await {
        warn!(error = %failure, "old images stay until the next release");
    }
    Ok(Step::Ended(Outcome::Done("live")))
}

/// What the gateway says of the route, once it has said something or after a moment.
async fn route_status(route: &ProjectRoute) -> Result<RouteStatus, StepFailure> {
    let moment = Moment::begin();
    loop {
        let status = route.status().await?;
        if status == RouteStatus::Accepted || !moment.pause().await {
            return Ok(status);
        }
    }
}

/// Claims an address for good: three words by chance that nobody has.
async fn claim_address(stage: &Stage<'_>) -> Result<Step, StepFailure> {
    let now = Timestamp::now();
    for _ in 0..DRAWS {
        let address = Address::draw(Ulid::new().random());
        let project: Project = stage.project.at(address.clone(), now);
        if stage.platform.base.table.claim_address(&project, &address, now).await? {
            info!(%address, "address claimed");
            return Ok(Step::Moved);
        }
    }
    Err(StepFailure::Missing("a free address"))
}

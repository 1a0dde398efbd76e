//! What can be wanted of a project: each wish is a form, and leads back to the project's page, which tells how far it is.

use axum::response::Redirect;
use axum::routing::post;
use axum::{Form, Router};
use jiff::{SignedDuration, Timestamp};
use roost_client::Operation;
use roost_domain::release::ReleaseNumber;
use serde::Deserialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::names::Named;
use crate::session::Session;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/projects/{project}/wake", post(wake))
        .route("/console/projects/{project}/sleep", post(put_to_sleep))
        .route("/console/projects/{project}/keep-awake", post(keep_awake))
        .route("/console/projects/{project}/rollback", post(roll_back))
        .route("/console/projects/{project}/releases/{release}/cancel", post(cancel))
        .route("/console/projects/{project}/delete", post(delete))
}

type Back = Result<Redirect, Failure>;

#[derive(Deserialize)]
struct Awake {
    /// From now on; 0 for no longer than it is used.
    hours: u16,
}

#[derive(Deserialize)]
struct Rollback {
    to: String,
}

/// Whoever deletes a project writes its name.
#[derive(Deserialize)]
struct Deletion {
    name: String,
}

async fn wake(session: Session, named: Named) -> Back {
    Ok(back(&named, &session.account.wake(&named.project).await?))
}

async fn put_to_sleep(session: Session, named: Named) -> Back {
    Ok(back(&named, &session.account.put_to_sleep(&named.project).await?))
}

async fn keep_awake(session: Session, named: Named, Form(awake): Form<Awake>) -> Back {
    let until = (awake.hours > 0).then(|| Timestamp::now() + SignedDuration::from_hours(awake.hours.into()));
    session.account.keep_awake(&named.project, until).await?;
    Ok(Redirect::to(&format!("/console/projects/{}", named.project)))
}

async fn roll_back(session: Session, named: Named, Form(rollback): Form<Rollback>) -> Back {
    let to = ReleaseNumber::parse(&rollback.to).map_err(|_| Failure::NotFound)?;
    Ok(back(&named, &session.account.roll_back(&named.project, to).await?))
}

async fn cancel(session: Session, named: Named) -> Back {
    Ok(back(&named, &session.account.cancel(&named.project, named.release()?).await?))
}

async fn delete(session: Session, named: Named, Form(deletion): Form<Deletion>) -> Back {
    if deletion.name.trim() != named.project.as_str() {
        return Err(Failure::Form(format!("To delete the project, write its name, {}.", named.project)));
    }
    session.account.delete(&named.project).await?;
    Ok(Redirect::to("/console"))
}

fn back(named: &Named, begun: &Operation) -> Redirect {
    Redirect::to(&format!("/console/projects/{}?operation={}", named.project, begun.id))
}

//! What the cluster's controllers do, or fail to do, on an owner's behalf.

use anyhow::Result;
use serde_json::Value;

use crate::attempt::Barrier;
use crate::owner::Owner;
use crate::until;

/// Waits for the event by which a controller tells what stopped it in its work on the object of that name.
pub async fn are_stopped(owner: &Owner, name: &str, barrier: Barrier) -> Result<()> {
    let path = owner.path("api/v1", "events?fieldSelector=type%3DWarning");
    let told = |event: &Value| {
        // A deployment's pods are created, and missed, by its replica set.
        let about = event["involvedObject"]["name"].as_str().is_some_and(|of| of.starts_with(name));
        about && event["message"].as_str().is_some_and(|message| barrier.speaks(message))
    };
    until::some(&format!("an event about {name}, stopped by {barrier:?}"), || async {
        let events: Value = serde_json::from_str(&owner.read(&path).await?)?;
        Ok(events["items"].as_array().is_some_and(|events| events.iter().any(told)).then_some(()))
    })
    .await
}

/// How many objects of a kind carry the label `app` with that name.
pub async fn labelled(owner: &Owner, resource: &str, name: &str) -> Result<usize> {
    let path = owner.path("api/v1", &format!("{resource}?labelSelector=app%3D{name}"));
    let list: Value = serde_json::from_str(&owner.read(&path).await?)?;
    Ok(list["items"].as_array().map_or(0, Vec::len))
}

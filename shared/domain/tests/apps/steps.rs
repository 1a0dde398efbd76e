//! What sweep, waker and roll-out do in the same way: take a step, carry out its effects.

use roost_domain::app::{Event, Phase, Refused, Step};

use super::cluster::{Conflict, commit, scale, set_route};
use super::schedule::{NoAnswer, Sim};
use super::world::{Mistake, NAMES, Object, World, timestamp};

/// Why a step was not taken, or is not known to be.
#[derive(Debug, Clone)]
pub(crate) enum NotTaken {
    NoAnswer,
    Contended,
    Refused(Refused),
}

impl From<NoAnswer> for NotTaken {
    fn from(_: NoAnswer) -> Self {
        Self::NoAnswer
    }
}

impl From<Refused> for NotTaken {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

pub(crate) async fn get(sim: &Sim) -> Result<Object, NoAnswer> {
    sim.call(|sim| sim.with(|world| world.app.clone())).await
}

/// Takes a step, as the store of Apps does.
pub(crate) async fn advance(sim: &Sim, read: Object, event: &Event) -> Result<(Object, Step), NotTaken> {
    let mut object = read;
    for _ in 0..5 {
        let step = object.status.after(event.clone(), timestamp(sim.now()))?;
        let (version, status) = (object.version, step.status.clone());
        if let Ok(committed) = sim.call(move |sim| commit(sim, version, status)).await? {
            return Ok((committed, step));
        }
        if !event.holds_in_any_state() {
            break;
        }
        object = get(sim).await?;
    }
    Err(NotTaken::Contended)
}

/// Whether the app is in that phase still, as it was read.
async fn is_still(sim: &Sim, object: &Object, phase: Phase) -> Result<bool, NoAnswer> {
    let now = get(sim).await?.status;
    Ok(object.status.phase == phase && now.epoch == object.status.epoch)
}

pub(crate) async fn open_route(sim: &Sim, object: &Object) -> Result<(), NoAnswer> {
    let epoch = object.status.epoch;
    let is_blind = sim.with(|world| world.mistake) == Mistake::RouteSetBlindly;
    for _ in 0..5 {
        let seen = sim.call(|sim| sim.with(|world| world.route)).await?;
        let seen = match seen {
            Some(route) => route,
            None => match sim.call(move |sim| set_route(sim, None, Some((false, epoch)))).await? {
                Ok(Some(route)) => route,
                _ => continue,
            },
        };
        if !is_blind && !is_still(sim, object, Phase::Awake).await? {
            return Ok(());
        }
        if sim.call(move |sim| set_route(sim, Some(seen.version), Some((true, epoch)))).await?.is_ok() {
            return Ok(());
        }
    }
    Ok(())
}

pub(crate) async fn close_route(sim: &Sim, object: &Object) -> Result<(), NoAnswer> {
    for _ in 0..5 {
        let Some(seen) = sim.call(|sim| sim.with(|world| world.route)).await? else { return Ok(()) };
        if !is_still(sim, object, Phase::Draining).await? {
            return Ok(());
        }
        if sim.call(move |sim| set_route(sim, Some(seen.version), None)).await?.is_ok() {
            return Ok(());
        }
    }
    Ok(())
}

/// What was read of a workload: its version, epoch and replicas.
pub(crate) async fn look_at(sim: &Sim, at: usize) -> Result<(u64, Option<u64>, u32), NoAnswer> {
    let look = move |sim: &Sim| {
        sim.with(|world| (world.workloads[at].version, world.workloads[at].epoch, world.workloads[at].replicas))
    };
    sim.call(look).await
}

/// Scales the workloads up to what they were; one that runs is left as it is.
pub(crate) async fn start(sim: &Sim, object: &Object) -> Result<(), NoAnswer> {
    let spec = sim.with(|world| world.spec.clone());
    for target in object.status.wake_targets(&spec) {
        let Some(at) = NAMES.iter().position(|name| *name == target.name) else { continue };
        wait_until_stopped(sim, at).await;
        while scale_once(sim, object, at, |current| if current > 0 { current } else { target.replicas }).await?.is_err()
        {
        }
        wait_for(sim, at).await;
    }
    Ok(())
}

/// What is about to stop is not started before it has.
async fn wait_until_stopped(sim: &Sim, at: usize) {
    let is_stopping = |world: &mut World| {
        let workload = &world.workloads[at];
        workload.is_stopping && workload.replicas == 0 && world.mistake != Mistake::StoppingIsReady
    };
    while sim.with(is_stopping) {
        sim.pause(50).await;
    }
}

async fn wait_for(sim: &Sim, at: usize) {
    for _ in 0..20 {
        if sim.with(|world| world.workloads[at].is_ready) {
            return;
        }
        sim.pause(300).await;
    }
}

async fn scale_once(
    sim: &Sim,
    object: &Object,
    at: usize,
    wanted: impl Fn(u32) -> u32,
) -> Result<Result<(), Conflict>, NoAnswer> {
    let epoch = object.status.epoch;
    let (version, noted, current) = look_at(sim, at).await?;
    if noted > Some(epoch) && sim.with(|world| world.mistake) != Mistake::NoFence {
        return Ok(Ok(()));
    }
    let replicas = wanted(current);
    if noted == Some(epoch) && current == replicas {
        return Ok(Ok(()));
    }
    sim.call(move |sim| scale(sim, at, version, replicas, epoch)).await
}

/// Scales the workloads to nothing. One that is found otherwise than it was noted is noted anew first.
pub(crate) async fn stop(sim: &Sim, object: Object) -> Result<(), NotTaken> {
    let epoch = object.status.epoch;
    let mut object = get(sim).await?;
    if object.status.epoch != epoch {
        return Ok(());
    }
    for at in 0..NAMES.len() {
        while !stop_one(sim, &mut object, at).await? {}
    }
    let stopped = [look_at(sim, 0).await?, look_at(sim, 1).await?];
    if stopped.iter().all(|(_, noted, replicas)| *noted == Some(object.status.epoch) && *replicas == 0) {
        advance(sim, object, &Event::Settled).await?;
    }
    Ok(())
}

async fn stop_one(sim: &Sim, object: &mut Object, at: usize) -> Result<bool, NotTaken> {
    let (version, noted, current) = look_at(sim, at).await?;
    let (kind, epoch) = (roost_domain::app::WorkloadKind::Deployment, object.status.epoch);
    let mistake = sim.with(|world| world.mistake);
    if noted > Some(epoch) && mistake != Mistake::NoFence {
        return Ok(true);
    }
    let is_noted = object.status.saved.iter().any(|saved| saved.name == NAMES[at] && saved.replicas == current);
    if current > 0 && !is_noted && mistake != Mistake::ReplicasNotChecked {
        let (read, status) = (object.version, object.status.with_saved(kind, NAMES[at], current));
        let committed = sim.call(move |sim| commit(sim, read, status)).await?;
        *object = committed.map_err(|Conflict| NotTaken::Contended)?;
    }
    Ok(sim.call(move |sim| scale(sim, at, version, 0, epoch)).await?.is_ok())
}

//! The API server's side: what changes only as it was read, and what follows from a change.

use roost_domain::app::{AppStatus, Phase};

use super::schedule::Sim;
use super::truth::Violation;
use super::world::{Mistake, Object, RouteObject, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conflict;

/// Replaces the status that was read.
pub(crate) fn commit(sim: &Sim, read: u64, status: AppStatus) -> Result<Object, Conflict> {
    let now = sim.now();
    let object = sim.with(|world| {
        if world.app.version != read {
            return Err(Conflict);
        }
        let version = world.next_version();
        let before = std::mem::replace(&mut world.app, Object { status, version });
        watch_phase(world, &before.status, now);
        Ok(world.app.clone())
    })?;
    tell_wakers(sim, &object);
    Ok(object)
}

fn watch_phase(world: &mut World, before: &AppStatus, now: u64) {
    let after = &world.app.status;
    if std::env::var("SEED").is_ok() {
        println!(
            "{now} {} {} rolling {} idle {:?} refusal {:?} used {} with {:?}",
            after.phase,
            after.epoch,
            after.rolling_out,
            after.idle,
            after.refusal.as_ref().map(|r| &r.reason),
            world.truth.last_used,
            world.truth.with_pods
        );
    }
    let has_moved = (before.phase, before.epoch) != (after.phase, after.epoch);
    if has_moved && (after.epoch != before.epoch + 1 || !may_follow(before.phase, after)) {
        let words = format!("{} {} to {} {}", before.phase, before.epoch, after.phase, after.epoch);
        world.truth.violations.push(Violation::Phase(words));
    }
    match (before.phase, after.phase) {
        (Phase::Draining, Phase::Asleep) => world.truth.fall_asleep(now),
        (Phase::Draining, Phase::Awake) => world.truth.aborts += 1,
        (Phase::Waking, Phase::Awake) if !after.rolling_out => {
            world.truth.wakes += 1;
            let found = [0, 1].map(|at| world.workloads[at].replicas);
            let wanted = world.truth.wanted;
            if found != wanted {
                world.truth.violations.push(Violation::ReplicasLost { wanted, found });
            }
        }
        _ => {}
    }
}

fn may_follow(before: Phase, after: &AppStatus) -> bool {
    let by_release = after.phase == Phase::Awake && after.rolling_out;
    by_release
        || matches!(
            (before, after.phase),
            (Phase::Awake, Phase::Draining)
                | (Phase::Draining, Phase::Asleep | Phase::Awake)
                | (Phase::Asleep | Phase::Failed, Phase::Waking)
                | (Phase::Waking, Phase::Awake | Phase::Failed)
        )
}

/// News reach each waker on its own, late, and in order.
fn tell_wakers(sim: &Sim, object: &Object) {
    for waker in 0..2 {
        let lag = if sim.chance(10) { sim.between(1000, 15_000) } else { sim.between(5, 300) };
        let news = object.clone();
        sim.after(lag, move |sim| {
            sim.with(|world| world.wakers[waker].hear(news));
            super::waker::look_after_forwards(sim, waker);
        });
    }
}

/// Changes a workload in the form in which it was read.
pub(crate) fn scale(sim: &Sim, at: usize, read: u64, replicas: u32, epoch: u64) -> Result<(), Conflict> {
    sim.with(|world| {
        if world.workloads[at].version != read && world.mistake != Mistake::NoFence {
            return Err(Conflict);
        }
        world.workloads[at].epoch = Some(epoch);
        Ok(())
    })?;
    set_replicas(sim, at, replicas);
    Ok(())
}

/// Changes a workload as it is, as roll-out and owner do.
pub(crate) fn set_replicas(sim: &Sim, at: usize, replicas: u32) {
    let (stops, starts) = sim.with(|world| {
        let version = world.next_version();
        let workload = &mut world.workloads[at];
        let before = std::mem::replace(&mut workload.replicas, replicas);
        workload.version = version;
        let stops = replicas == 0 && before > 0;
        let starts = replicas > 0 && before == 0 && !workload.is_stopping;
        workload.is_stopping |= stops;
        (stops, starts)
    });
    if stops {
        let lag = if sim.chance(20) { sim.between(300, 3000) } else { sim.between(5, 50) };
        sim.after(lag, move |sim| see_to_stop(sim, at));
    }
    if starts {
        start_pods(sim, at);
    }
}

/// The controller hears that there are to be no pods. If there are to be some again by then, it may hear only of that.
fn see_to_stop(sim: &Sim, at: usize) {
    let hears_latest = sim.chance(50);
    let starts = sim.with(|world| {
        let workload = &mut world.workloads[at];
        let (was_stopping, runs) = (std::mem::take(&mut workload.is_stopping), workload.replicas > 0);
        if !was_stopping || (runs && hears_latest) {
            return false;
        }
        workload.is_ready = false;
        world.truth.stop_pods();
        runs
    });
    if starts {
        start_pods(sim, at);
    }
}

fn start_pods(sim: &Sim, at: usize) {
    let start = sim.with(|world| {
        let version = world.next_version();
        world.workloads[at].start = version;
        version
    });
    let is_slow = sim.with(|world| world.faults.are_pods_slow) && sim.chance(10);
    let delay = if is_slow { sim.between(15_000, 60_000) } else { sim.between(200, 4000) };
    sim.after(delay, move |sim| {
        sim.with(|world| {
            let workload = &mut world.workloads[at];
            workload.is_ready |= workload.start == start && workload.replicas > 0;
        });
    });
}

/// Replaces, makes or deletes the route, if it is in the form that was read.
pub(crate) fn set_route(
    sim: &Sim,
    read: Option<u64>,
    route: Option<(bool, u64)>,
) -> Result<Option<RouteObject>, Conflict> {
    let since = sim.now();
    let route = sim.with(|world| {
        if world.route.map(|route| route.version) != read {
            return Err(Conflict);
        }
        let version = world.next_version();
        world.route = route.map(|(leads_to_app, epoch)| match world.route {
            Some(same) if same.leads_to_app == leads_to_app && same.epoch == epoch => same,
            _ => RouteObject { version, leads_to_app, epoch, since },
        });
        Ok(world.route)
    })?;
    super::gateway::tell_gateways(sim);
    Ok(route)
}

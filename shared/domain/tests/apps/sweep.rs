//! The sweep: several may be at it, each may die at any step.

use jiff::SignedDuration;
use roost_domain::app::idle::{Forwarding, ProvenIdle, Surroundings, Wakers, WorkloadState};
use roost_domain::app::{Event, Look, Patience, Phase, Task, WorkloadKind};

use super::cluster::commit;
use super::gateway::measure;
use super::schedule::Sim;
use super::steps::{NotTaken, advance, close_route, get, look_at, open_route, start, stop};
use super::world::{IDLE_SECONDS, Mistake, NAMES, Object, RouteObject, timestamp};

const QUIET: SignedDuration = SignedDuration::from_secs(10);
pub(crate) const PATIENCE: Patience = Patience {
    quiet: QUIET,
    min_awake: SignedDuration::from_secs(20),
    longest_drain: SignedDuration::from_mins(2),
    before_repair: SignedDuration::from_secs(30),
    silence: SignedDuration::from_hours(1),
};
/// Processes of sweeps have numbers from here on.
const PROCESSES: usize = 1000;

/// The schedule: a message every few seconds, some of them twice.
pub(crate) async fn schedule(sim: Sim) {
    for number in PROCESSES.. {
        let own = sim.clone();
        sim.spawn(number, async move { drop(sweep(&own).await) });
        if sim.chance(sim.with(|world| world.faults.crash_percent)) {
            sim.after(sim.between(5, 1500), move |sim| sim.kill(number));
        }
        let pace = if sim.with(|world| world.faults.is_calm) { 3 } else { 1 };
        sim.pause(if sim.chance(10) { sim.between(1, 100) } else { pace * sim.between(6_000, 12_000) }).await;
    }
}

async fn sweep(sim: &Sim) -> Result<(), NotTaken> {
    let mut route = open_route_of(sim).await?;
    let measured = sim.call(measure).await?;
    dawdle(sim).await;
    let object = get(sim).await?;
    if object.status.settled {
        return Ok(());
    }
    dawdle(sim).await;
    // What is known of all apps may be of before this one was read, or of after.
    let is_survey_newer = sim.chance(50);
    let measured = if is_survey_newer { sim.call(measure).await? } else { measured };
    let mut usage = measured.as_ref().map(|(_, usage)| usage.clone()).unwrap_or_default();
    if is_survey_newer || object.status.phase == Phase::Draining || object.status.abandoned.is_some() {
        route = open_route_of(sim).await?;
        usage.begun_since = sim.call(measure).await?.map(|(_, usage)| usage.begun_since).unwrap_or_default();
    }
    let spec = sim.with(|world| world.spec.clone());
    let look = Look {
        spec: &spec,
        status: &object.status,
        route_opened: route.map(|route| timestamp(route.since)),
        measurements: measured.as_ref().map(|(measurements, _)| measurements),
        usage: &usage,
    };
    let task = look.task(&PATIENCE, timestamp(sim.now()));
    carry_out(sim, object, task).await
}

/// Some take their time.
async fn dawdle(sim: &Sim) {
    sim.pause(if sim.chance(5) { sim.between(1, 60_000) } else { 0 }).await;
}

async fn open_route_of(sim: &Sim) -> Result<Option<RouteObject>, NotTaken> {
    Ok(sim.call(|sim| sim.with(|world| world.route)).await?.filter(|route| route.leads_to_app))
}

async fn carry_out(sim: &Sim, object: Object, task: Task) -> Result<(), NotTaken> {
    match task {
        Task::Nothing => {}
        Task::Note(status) => drop(sim.call(move |sim| commit(sim, object.version, *status)).await?),
        Task::Drain(proof) => {
            if surroundings(sim).await?.veto().is_none() {
                drain(sim, object, proof).await?;
            }
        }
        Task::Confirm => confirm(sim, object).await?,
        Task::KeepAwake(why) => keep_awake(sim, object, why).await?,
        Task::Reopen => open_route(sim, &object).await?,
        Task::Wake(cause) => {
            let (waking, _) = advance(sim, object, &Event::Wanted(cause)).await?;
            start(sim, &waking).await?;
        }
        Task::ResumeWake => {
            start(sim, &object).await?;
            if sim.call(|sim| sim.with(|world| world.is_known_to_serve())).await? {
                let (awake, _) = advance(sim, object, &Event::Ready).await?;
                open_route(sim, &awake).await?;
            }
        }
        Task::Stop => stop(sim, object).await?,
    }
    Ok(())
}

async fn drain(sim: &Sim, object: Object, proof: ProvenIdle) -> Result<(), NotTaken> {
    let idle_after = SignedDuration::from_secs(IDLE_SECONDS.into());
    let proof = match sim.with(|world| world.mistake) {
        Mistake::WakersNotAsked => Ok(proof),
        _ => proof.weighed(&wakers(sim).await?, idle_after),
    };
    match proof {
        Ok(proof) => {
            let (draining, _) = advance(sim, object, &Event::Idle(proof)).await?;
            close_route(sim, &draining).await?;
        }
        Err(record) => {
            let noted = object.status.observed(Some(record), None, timestamp(sim.now()));
            let status = noted.unwrap_or_else(|| object.status.clone());
            drop(sim.call(move |sim| commit(sim, object.version, status)).await?);
        }
    }
    Ok(())
}

async fn wakers(sim: &Sim) -> Result<Vec<Forwarding>, NotTaken> {
    let mut answers = Vec::new();
    for waker in 0..2 {
        answers.push(sim.call(move |sim| sim.with(|world| world.wakers[waker].forwarding())).await?);
    }
    Ok(answers)
}

async fn keep_awake(sim: &Sim, object: Object, why: String) -> Result<(), NotTaken> {
    let (awake, _) = advance(sim, object, &Event::KeepAwake(why)).await?;
    Ok(open_route(sim, &awake).await?)
}

async fn confirm(sim: &Sim, object: Object) -> Result<(), NotTaken> {
    close_route(sim, &object).await?;
    let mistake = sim.with(|world| world.mistake);
    for slot in 0..2 {
        let leads = sim.call(move |sim| sim.with(|world| world.gateways[slot].leads_to_app)).await?;
        if leads && mistake != Mistake::SwitchNotConfirmed {
            return Ok(());
        }
    }
    let proof = object.status.idle.clone().unwrap_or_else(|| unreachable!("a drain has a proof"));
    match Wakers::of(&wakers(sim).await?, object.status.epoch, &proof) {
        _ if mistake == Mistake::WakersNotAsked => {}
        Wakers::Free => {}
        Wakers::NotYet => return Ok(()),
        Wakers::InUse => return keep_awake(sim, object, "a waker forwards requests to it".to_owned()).await,
    }
    let running = surroundings(sim).await?.running();
    let event = Event::Unrouted { running, quiet: QUIET };
    let (committed, _) = advance(sim, object, &event).await?;
    if committed.status.phase == Phase::Asleep {
        stop(sim, committed).await?;
    }
    Ok(())
}

async fn surroundings(sim: &Sim) -> Result<Surroundings, NotTaken> {
    let mut surroundings = Surroundings::default();
    for (at, name) in NAMES.into_iter().enumerate() {
        let (_, _, replicas) = look_at(sim, at).await?;
        surroundings.workloads.push(WorkloadState::steady(WorkloadKind::Deployment, name.to_owned(), replicas));
    }
    Ok(surroundings)
}

//! The wakers: each holds requests, wakes the app, and forwards until the gateway leads to it.

use roost_domain::app::idle::Forwarding;
use roost_domain::app::{Cause, Event, Phase, Refused};

use super::schedule::{Moment, NoAnswer, Sim};
use super::steps::{NotTaken, advance, get, open_route, start, stop};
use super::world::{Object, timestamp};

/// Processes of wakers have these numbers, by generation.
const PROCESSES: usize = 10;
/// A wake that takes longer has failed.
const PATIENCE_MILLIS: u64 = 12_000;

pub(crate) struct WakerState {
    pub(crate) view: Object,
    pub(crate) generation: usize,
    /// Requests that it holds or forwards.
    pub(crate) has: Vec<usize>,
    pub(crate) forwards: u64,
    /// When one of them ended last, or it began itself.
    last_used: Moment,
    is_waking: bool,
    is_aborting: bool,
}

impl WakerState {
    pub(crate) fn new(view: &Object, now: Moment) -> Self {
        Self {
            view: view.clone(),
            generation: 0,
            has: Vec::new(),
            forwards: 0,
            last_used: now,
            is_waking: false,
            is_aborting: false,
        }
    }

    pub(crate) fn hear(&mut self, news: Object) {
        if news.version > self.view.version {
            self.view = news;
        }
    }

    /// What it says when it is asked.
    pub(crate) fn forwarding(&self) -> Forwarding {
        let epoch = Some(self.view.status.epoch);
        Forwarding { epoch, open: self.forwards, last_used: timestamp(self.last_used) }
    }
}

pub(crate) fn process(sim: &Sim, waker: usize) -> usize {
    PROCESSES + waker + 2 * sim.with(|world| world.wakers[waker].generation)
}

/// A waker dies with what it holds, and begins anew.
pub(crate) fn restart(sim: &Sim, waker: usize) {
    sim.kill(process(sim, waker));
    let now = sim.now();
    sim.with(|world| {
        let state = &mut world.wakers[waker];
        let has = std::mem::take(&mut state.has);
        let generation = state.generation + 1;
        world.wakers[waker] = WakerState { generation, ..WakerState::new(&world.app, now) };
        for request in has {
            world.truth.break_off(request);
        }
    });
}

/// What it forwards when it hears of a drain is a request that ends it.
pub(crate) fn look_after_forwards(sim: &Sim, waker: usize) {
    let ends_drain = sim.with(|world| {
        let state = &mut world.wakers[waker];
        let is_draining = state.view.status.phase == Phase::Draining;
        let begins = is_draining && state.forwards > 0 && !state.is_aborting;
        state.is_aborting |= begins;
        begins
    });
    if ends_drain {
        let own = sim.clone();
        sim.spawn(process(sim, waker), async move {
            while own.with(|world| world.wakers[waker].view.status.phase == Phase::Draining) {
                drop(want(&own, waker).await);
                own.pause(200).await;
            }
            own.with(|world| world.wakers[waker].is_aborting = false);
        });
    }
}

/// A request that came to a waker.
pub(crate) async fn serve(sim: Sim, waker: usize, request: usize, takes: u64) {
    sim.with(|world| world.wakers[waker].has.push(request));
    loop {
        let may_forward = sim.with(|world| {
            // It dials a pod first: where there is none, nothing is sent.
            world.wakers[waker].view.status.may_be_reached() && world.is_serving()
        });
        if may_forward {
            break;
        }
        let phase = sim.with(|world| world.wakers[waker].view.status.phase);
        if matches!(phase, Phase::Draining | Phase::Asleep | Phase::Failed) {
            drop(want(&sim, waker).await);
        }
        sim.pause(sim.between(20, 300)).await;
    }
    let now = sim.now();
    sim.with(|world| {
        world.wakers[waker].forwards += 1;
        world.truth.reach(request, world.is_serving(), now);
    });
    look_after_forwards(&sim, waker);
    sim.pause(takes).await;
    let now = sim.now();
    sim.with(|world| {
        let state = &mut world.wakers[waker];
        state.forwards -= 1;
        state.last_used = now;
        state.has.retain(|other| *other != request);
        world.truth.answer(request, now);
    });
}

/// Wants the app awake: ends a drain, or wakes it, with one flight for all requests.
async fn want(sim: &Sim, waker: usize) -> Result<(), NotTaken> {
    let read = get(sim).await?;
    match advance(sim, read, &Event::Wanted(Cause::request("program"))).await {
        Ok((object, _)) => {
            sim.with(|world| world.wakers[waker].hear(object.clone()));
            let own = sim.clone();
            if object.status.phase == Phase::Awake {
                sim.spawn(process(sim, waker), async move {
                    let _: Result<(), NoAnswer> = open_route(&own, &object).await;
                });
            } else if !sim.with(|world| std::mem::replace(&mut world.wakers[waker].is_waking, true)) {
                sim.spawn(process(sim, waker), async move {
                    drop(wake(&own, object).await);
                    own.with(|world| world.wakers[waker].is_waking = false);
                });
            }
            Ok(())
        }
        Err(NotTaken::Refused(Refused::AlreadySo(_))) => {
            let now = get(sim).await?;
            sim.with(|world| world.wakers[waker].hear(now));
            Ok(())
        }
        Err(NotTaken::Refused(Refused::TooEarly(_))) => {
            sim.pause(2000).await;
            Ok(())
        }
        Err(other) => Err(other),
    }
}

async fn wake(sim: &Sim, object: Object) -> Result<(), NotTaken> {
    let began = sim.now();
    start(sim, &object).await?;
    while !sim.call(|sim| sim.with(|world| world.is_serving())).await? {
        if sim.now() > began + PATIENCE_MILLIS {
            let event = Event::WakeFailed { reason: "TooSlow".to_owned(), message: "it takes too long".to_owned() };
            let (failed, _) = advance(sim, get(sim).await?, &event).await?;
            return stop(sim, failed).await;
        }
        sim.pause(300).await;
    }
    let (awake, _) = advance(sim, object, &Event::Ready).await?;
    open_route(sim, &awake).await?;
    Ok(())
}

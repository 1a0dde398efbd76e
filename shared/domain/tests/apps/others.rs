//! Everybody else: visitors, the owner, roll-out, and misfortune.

use roost_domain::app::Event;
use roost_domain::release::ReleaseNumber;

use super::cluster::set_replicas;
use super::schedule::Sim;
use super::steps::{NotTaken, advance, get, open_route};
use super::truth::Fate;
use super::world::{NAMES, World};
use super::{gateway, waker};

/// Processes that are not killed.
pub(crate) const LASTING: usize = 0;
const ROLL_OUTS: usize = 100_000;

/// Somebody asks, by whatever gateway and waker there is.
pub(crate) fn ask(sim: &Sim) -> usize {
    let (now, slot, chosen) =
        (sim.now(), usize::try_from(sim.below(2)).unwrap(), usize::try_from(sim.below(2)).unwrap());
    let takes = if sim.chance(10) { sim.between(5_000, 120_000) } else { sim.between(5, 2_000) };
    let (request, leads_to_app) = sim.with(|world| (world.truth.begin(), world.gateways[slot].leads_to_app));
    let own = sim.clone();
    if leads_to_app {
        let born = sim.with(|world| {
            world.gateways[slot].begun += 1;
            world.truth.reach(request, world.is_serving(), now);
            world.gateways[slot].born
        });
        sim.spawn(LASTING, async move {
            own.pause(takes).await;
            let now = own.now();
            own.with(|world| {
                // A gateway that began anew has broken what it had.
                if world.gateways[slot].born == born {
                    world.gateways[slot].ended += 1;
                    world.truth.answer(request, now);
                }
            });
        });
        sim.with(|world| world.gateways[slot].has.push(request));
    } else {
        let process = waker::process(sim, chosen);
        sim.spawn(process, waker::serve(own, chosen, request, takes));
    }
    request
}

/// Visitors who come now and then, in pairs, and often just when the app is about to fall asleep.
pub(crate) async fn visit(sim: Sim) {
    loop {
        let pause = match sim.below(4) {
            0 => sim.between(10, 2_000),
            1 => sim.between(55_000, 95_000),
            2 => sim.between(90_000, 200_000),
            _ => sim.between(1_000, 60_000),
        };
        sim.pause(pause).await;
        ask(&sim);
    }
}

/// An owner who scales by hand, now and then, what runs.
pub(crate) async fn scale_by_hand(sim: Sim) {
    loop {
        sim.pause(sim.between(30_000, 200_000)).await;
        let at = usize::try_from(sim.below(2)).unwrap();
        let replicas = u32::try_from(sim.between(1, 3)).unwrap();
        let runs = sim.with(|world| world.workloads[at].replicas > 0);
        if runs {
            sim.with(|world| world.truth.wanted[at] = replicas);
            set_replicas(&sim, at, replicas);
        }
    }
}

/// Releases, each tried again until it is through.
pub(crate) async fn release(sim: Sim) {
    for number in ROLL_OUTS.. {
        sim.pause(sim.between(60_000, 400_000)).await;
        if !sim.with(World::begin_release) {
            return;
        }
        let is_through = std::rc::Rc::new(std::cell::Cell::new(false));
        let mut attempt = number * 100;
        while !is_through.get() {
            let (own, through) = (sim.clone(), is_through.clone());
            sim.spawn(attempt, async move { through.set(roll_out(&own).await.is_ok()) });
            sim.pause(sim.between(20_000, 40_000)).await;
            sim.kill(attempt);
            attempt += 1;
        }
        sim.with(|world| world.releases.is_under_way = false);
    }
}

async fn roll_out(sim: &Sim) -> Result<(), NotTaken> {
    let release = ReleaseNumber::new(2).unwrap();
    let (object, _) = advance(sim, get(sim).await?, &Event::ReleaseBegan(release)).await?;
    for at in 0..NAMES.len() {
        let (epoch, replicas) = (object.status.epoch, u32::try_from(sim.between(1, 3)).unwrap());
        let apply = move |sim: &Sim| {
            // One that was overtaken is told so by the platform's record of releases.
            let is_newest = sim.with(|world| world.app.status.epoch == epoch);
            if is_newest {
                sim.with(|world| {
                    world.truth.wanted[at] = replicas;
                    world.workloads[at].epoch = Some(epoch);
                });
                set_replicas(sim, at, replicas);
            }
        };
        sim.call(apply).await?;
    }
    while !sim.call(|sim| sim.with(|world| world.is_known_to_serve())).await? {
        sim.pause(500).await;
    }
    open_route(sim, &object).await?;
    advance(sim, object, &Event::ReleaseEnded).await?;
    Ok(())
}

/// Restarts of whatever can restart.
pub(crate) async fn misfortune(sim: Sim) {
    loop {
        sim.pause(sim.between(20_000, 200_000)).await;
        let which = usize::try_from(sim.below(2)).unwrap();
        match sim.below(5) {
            0 => gateway::restart(&sim, which),
            1 => sim.with(|world| world.prometheus.forget()),
            2 => {
                sim.with(|world| world.prometheus.is_away = true);
                sim.after(sim.between(1_000, 60_000), |sim| sim.with(|world| world.prometheus.is_away = false));
            }
            _ => waker::restart(&sim, which),
        }
    }
}

/// Requests without an answer.
pub(crate) fn forgotten(sim: &Sim) -> Vec<usize> {
    sim.with(|world| {
        let fates = world.truth.fates.iter().enumerate();
        fates.filter(|(_, fate)| **fate == Fate::UnderWay).map(|(request, _)| request).collect()
    })
}

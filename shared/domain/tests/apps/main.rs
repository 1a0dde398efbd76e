//! Whether the life of an app keeps its promises, however sweeps, wakers, roll-outs and gateways get in each other's
//! way: many short worlds, each with an order of events of its own.

#![cfg(test)]

mod cluster;
mod gateway;
mod others;
mod random;
mod schedule;
mod steps;
mod sweep;
mod truth;
mod waker;
mod world;

use schedule::Sim;
use truth::Violation;
use world::{Faults, Mistake, World};

const MINUTE: u64 = 60_000;
const WORLDS: u64 = 100_000;

/// What came of a world.
#[derive(Default)]
struct Outcome {
    violations: Vec<Violation>,
    sleeps: u64,
    wakes: u64,
    aborts: u64,
    requests: u64,
}

/// Five minutes of everything, then quiet: the app has to fall asleep. Then one request: it has to be answered.
fn live_through(seed: u64, mistake: Mistake) -> Outcome {
    let sim = Sim::new(seed, World::new(mistake));
    sim.with(|world| world.truth.wanted = [1, 1]);
    sim.spawn(others::LASTING, gateway::scrape(sim.clone()));
    sim.spawn(others::LASTING, sweep::schedule(sim.clone()));
    sim.spawn(1, others::visit(sim.clone()));
    sim.spawn(1, others::scale_by_hand(sim.clone()));
    sim.spawn(1, others::misfortune(sim.clone()));
    sim.spawn(2, others::release(sim.clone()));
    sim.run_until(5 * MINUTE);
    sim.kill(1);
    sim.with(|world| {
        world.faults = Faults::none();
        world.prometheus.is_away = false;
        world.releases.have_ended = true;
    });
    // A release that is under way is brought to its end first.
    while sim.with(|world| world.releases.is_under_way) && sim.now() < 20 * MINUTE {
        sim.run_until(sim.now() + MINUTE / 2);
    }
    // As long as something may be open that nobody sees, it stays awake.
    let end = sim.now() + 90 * MINUTE;
    while sim.now() < end && !(sim.with(|world| world.app.status.settled) && others::forgotten(&sim).is_empty()) {
        sim.run_until(sim.now() + MINUTE / 2);
    }
    let status = sim.with(|world| world.app.status.clone());
    if !status.phase.is_down() || !status.settled {
        sim.with(|world| world.truth.violations.push(Violation::NeverSlept(format!("{status:?}"))));
    }
    others::ask(&sim);
    sim.run_until(sim.now() + 5 * MINUTE);
    let forgotten = others::forgotten(&sim);
    let outcome = sim.with(|world| {
        let truth = &mut world.truth;
        truth.violations.extend(forgotten.into_iter().map(Violation::Forgotten));
        Outcome {
            violations: std::mem::take(&mut truth.violations),
            sleeps: truth.sleeps,
            wakes: truth.wakes,
            aborts: truth.aborts,
            requests: truth.fates.len() as u64,
        }
    });
    sim.end();
    outcome
}

/// Lives through worlds on all processors until one breaks a promise in one of the ways that are looked for; answers with
/// that one, and sums of the others.
fn live_through_many(
    mistake: Mistake,
    is_looked_for: fn(&Violation) -> bool,
) -> (Option<(u64, Vec<Violation>)>, Outcome) {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    let part = |thread: u64| {
        let mut sum = Outcome::default();
        for seed in (thread..WORLDS).step_by(usize::try_from(threads).unwrap()) {
            let outcome = live_through(seed, mistake);
            if outcome.violations.iter().any(is_looked_for) {
                return (Some((seed, outcome.violations)), sum);
            }
            sum.add(&outcome);
        }
        (None, sum)
    };
    let parts: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || part(thread))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut sum = Outcome::default();
    for (_, part) in &parts {
        sum.add(part);
    }
    (parts.into_iter().filter_map(|(broken, _)| broken).min_by_key(|(seed, _)| *seed), sum)
}

impl Outcome {
    fn add(&mut self, other: &Self) {
        self.sleeps += other.sleeps;
        self.wakes += other.wakes;
        self.aborts += other.aborts;
        self.requests += other.requests;
    }
}

#[test]
fn nothing_forbidden_happens_in_a_hundred_thousand_worlds() {
    let (broken, sum) = live_through_many(Mistake::None, |_| true);
    assert_eq!(broken, None, "the seed, and what happened");
    let Outcome { requests, sleeps, wakes, aborts, .. } = sum;
    println!("{WORLDS} worlds: {requests} requests, {sleeps} sleeps, {wakes} wakes, {aborts} drains ended");
    // It was not the silence of the grave.
    assert!(sleeps > WORLDS && wakes > WORLDS && aborts > WORLDS / 10 && requests > 5 * WORLDS);
}

/// A mistake of the platform is noticed within some worlds.
fn is_noticed(mistake: Mistake, as_what: fn(&Violation) -> bool) {
    let (broken, _) = live_through_many(mistake, as_what);
    let (seed, violations) = broken.expect("nobody noticed");
    println!("{mistake:?}: seed {seed}, {violations:?}");
}

fn loses_a_request(violation: &Violation) -> bool {
    matches!(violation, Violation::NotAnswered(_) | Violation::CutOff(_))
}

fn sleeps_in_use(violation: &Violation) -> bool {
    matches!(violation, Violation::SleptInUse { .. })
}

#[test]
fn scaling_without_the_fence_is_noticed() {
    is_noticed(Mistake::NoFence, loses_a_request);
}

#[test]
fn scaling_down_before_the_switch_is_confirmed_is_noticed() {
    is_noticed(Mistake::SwitchNotConfirmed, loses_a_request);
}

#[test]
fn taking_what_stops_for_ready_is_noticed() {
    is_noticed(Mistake::StoppingIsReady, loses_a_request);
}

#[test]
fn not_asking_the_wakers_is_noticed() {
    is_noticed(Mistake::WakersNotAsked, sleeps_in_use);
}

#[test]
fn a_route_that_is_set_blindly_is_noticed() {
    is_noticed(Mistake::RouteSetBlindly, loses_a_request);
}

#[test]
fn absent_counters_taken_for_zero_are_noticed() {
    is_noticed(Mistake::AbsentIsZero, sleeps_in_use);
}

#[test]
fn replicas_that_are_not_looked_at_again_are_noticed() {
    is_noticed(Mistake::ReplicasNotChecked, |violation| matches!(violation, Violation::ReplicasLost { .. }));
}

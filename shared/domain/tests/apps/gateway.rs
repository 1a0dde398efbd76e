//! The gateway's replicas, which hear of the route late and count what passes, and Prometheus, which reads them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roost_domain::app::idle::{Doubt, GatewayProcess, Measurements, ROUTE_TAKES_EFFECT, Readings, Usage};

use super::schedule::{Moment, Sim};
use super::world::{Mistake, World, timestamp};

pub(crate) struct Gateway {
    pub(crate) name: String,
    pub(crate) born: Moment,
    pub(crate) leads_to_app: bool,
    /// The latest news of the route that it got, and that are on their way.
    pub(crate) heard: u64,
    pub(crate) begun: u64,
    pub(crate) ended: u64,
    /// Its counters are forgotten once they were read: the route they belong to is gone.
    pub(crate) forgets: bool,
    /// Requests that came by it.
    pub(crate) has: Vec<usize>,
}

struct Reading {
    read_at: Moment,
    is_up: bool,
    born: Moment,
    begun: u64,
    ended: u64,
    /// What it had begun, by the readings of the last minutes; none where there was no such series.
    series: Vec<(Moment, u64)>,
    /// From when on no reading failed or is lost.
    whole_from: Moment,
    minutes: Vec<Moment>,
}

#[derive(Default)]
pub(crate) struct Prometheus {
    readings: BTreeMap<String, Reading>,
    pub(crate) is_away: bool,
}

impl Prometheus {
    pub(crate) fn forget(&mut self) {
        self.readings.clear();
    }
}

impl Gateway {
    pub(crate) fn new(slot: usize, born: Moment, leads_to_app: bool) -> Self {
        let name = format!("gateway-{slot}-{born}");
        Self { name, born, leads_to_app, heard: 0, begun: 0, ended: 0, forgets: false, has: Vec::new() }
    }

    fn forget_what_is_gone(&mut self) {
        if std::mem::take(&mut self.forgets) && !self.leads_to_app {
            (self.begun, self.ended) = (0, 0);
        }
    }

    fn hear(&mut self, leads_to_app: bool, news: u64) {
        if news < self.heard {
            return;
        }
        self.forgets |= self.leads_to_app && !leads_to_app;
        (self.heard, self.leads_to_app) = (news, leads_to_app);
    }
}

/// Every replica hears of a change on its own, and may hear of the next one first.
pub(crate) fn tell_gateways(sim: &Sim) {
    let (news, leads_to_app) = sim.with(|world| (world.versions, world.route.is_some_and(|route| route.leads_to_app)));
    for slot in 0..2 {
        // Being led astray for longer is what is looked out for; being led nowhere is not.
        let longest = if leads_to_app { 4_000 } else { 40_000 };
        let lag = if sim.chance(10) { sim.between(1000, longest) } else { sim.between(50, 400) };
        sim.after(lag, move |sim| sim.with(|world| world.gateways[slot].hear(leads_to_app, news)));
    }
}

/// A replica begins anew, as the same pod or as another.
pub(crate) fn restart(sim: &Sim, slot: usize) {
    let (now, is_same) = (sim.now(), sim.chance(50));
    sim.with(|world| {
        let leads_to_app = world.route.is_some_and(|route| route.leads_to_app);
        let old = std::mem::replace(&mut world.gateways[slot], Gateway::new(slot, now, leads_to_app));
        world.gateways[slot].heard = world.versions;
        if is_same {
            world.gateways[slot].name = old.name;
        }
        for request in old.has {
            world.truth.break_off(request);
        }
    });
}

/// Reads the replicas, again and again.
pub(crate) async fn scrape(sim: Sim) {
    loop {
        let pace = if sim.with(|world| world.faults.is_calm) { 4 } else { 1 };
        sim.pause(pace * sim.between(4_500, 5_500)).await;
        for slot in 0..2 {
            let (now, fails) = (sim.now(), sim.chance(sim.with(|world| world.faults.lost_percent)));
            sim.with(|world| read(world, slot, now, fails));
        }
    }
}

fn read(world: &mut World, slot: usize, now: Moment, fails: bool) {
    if world.prometheus.is_away {
        return;
    }
    let gateway = &mut world.gateways[slot];
    // A process that began anew begins its series anew.
    let before = world.prometheus.readings.remove(&gateway.name).filter(|before| before.born == gateway.born || fails);
    let mut reading = before.unwrap_or_else(|| Reading::first(now, gateway.born));
    (reading.read_at, reading.is_up) = (now, !fails);
    if fails {
        reading.whole_from = Moment::MAX;
        // It may have been read all the same, and only the answer got lost.
        gateway.forget_what_is_gone();
    } else {
        reading.whole_from = reading.whole_from.min(now);
        (reading.begun, reading.ended) = (gateway.begun, gateway.ended);
        reading.note(now);
        gateway.forget_what_is_gone();
    }
    world.prometheus.readings.insert(world.gateways[slot].name.clone(), reading);
}

impl Reading {
    fn first(read_at: Moment, born: Moment) -> Self {
        let (series, minutes) = (Vec::new(), Vec::new());
        Self { read_at, is_up: true, born, begun: 0, ended: 0, series, whole_from: read_at, minutes }
    }

    fn note(&mut self, now: Moment) {
        self.minutes.retain(|minute| minute + 5 > now / 60_000);
        if self.minutes.last() != Some(&(now / 60_000)) {
            self.minutes.push(now / 60_000);
        }
        self.series.retain(|(at, _)| at + 240_000 > now);
        if self.begun + self.ended > 0 {
            self.series.push((now, self.begun));
        }
    }

    /// Whether some began within the last moments.
    fn is_busy(&self, now: Moment) -> bool {
        let last = self.series.iter().rev().find(|(at, _)| at + 10_000 < now);
        last.is_some_and(|(_, begun)| *begun != self.begun)
    }
}

/// What a query answers.
pub(crate) fn measure(sim: &Sim) -> Result<(Measurements, Usage), Doubt> {
    let now = sim.now();
    sim.with(|world| {
        if world.prometheus.is_away {
            return Err(Doubt::Missing);
        }
        let mut usage = Usage::default();
        let mut gateways = BTreeMap::new();
        for gateway in &world.gateways {
            let reading = world.prometheus.readings.get(&gateway.name);
            gateways.insert(gateway.name.clone(), reading.map(process));
            let Some(reading) = reading else { continue };
            usage.begun.insert(gateway.name.clone(), reading.begun);
            usage.open += reading.begun.saturating_sub(reading.ended);
            usage.is_busy |= reading.is_busy(now);
            let since = reading.series.iter().filter(|(at, _)| is_since_proof(world, timestamp(*at)));
            let since = since.map(|(_, begun)| *begun);
            let readings = Readings { whole_from: timestamp(reading.whole_from.min(now)), begun: since.collect() };
            usage.begun_since.insert(gateway.name.clone(), readings);
        }
        let mut measurements =
            Measurements { asked_at: timestamp(now), gateways, came_in: 1, counted: 1, has_warnings: false };
        if world.mistake == Mistake::AbsentIsZero {
            pretend(&mut measurements, &mut usage);
        }
        Ok((measurements, usage))
    })
}

/// Whether a reading is of the time since the proof of idleness, and the route has not taken effect anew.
fn is_since_proof(world: &World, at: Timestamp) -> bool {
    let status = &world.app.status;
    let proof = status.idle.as_ref().or(status.abandoned.as_ref());
    let opened = world.route.filter(|route| route.leads_to_app).map(|route| timestamp(route.since));
    let is_before = opened.is_none_or(|opened| at <= opened + ROUTE_TAKES_EFFECT);
    proof.is_some_and(|proof| at > proof.evaluated_at) && is_before
}

fn process(reading: &Reading) -> GatewayProcess {
    GatewayProcess {
        born: timestamp(reading.born),
        read_at: timestamp(reading.read_at),
        is_up: reading.is_up,
        minutes_covered: i64::try_from(reading.minutes.len()).unwrap(),
    }
}

/// As if every reading were there, of one eternal gateway, and nothing open were anything to wait for.
fn pretend(measurements: &mut Measurements, usage: &mut Usage) {
    let now = measurements.asked_at;
    let process = GatewayProcess { born: timestamp(0), read_at: now, is_up: true, minutes_covered: 5 };
    measurements.gateways = [("any".to_owned(), Some(process))].into();
    let sum = usage.begun.values().sum();
    let readings = Readings { whole_from: timestamp(0), begun: [sum].into() };
    let begun_since = [("any".to_owned(), readings)].into();
    *usage = Usage { begun: [("any".to_owned(), sum)].into(), begun_since, ..Usage::default() };
}

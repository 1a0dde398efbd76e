//! Turns are fair, within the limits, and the same for the same queue.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use proptest::prelude::*;

use super::{QueueLimits, Running, Turns, Waiting, WaitingReason, decide};
use crate::build::BuildJobName;
use crate::naming::{ProjectName, TenantId};
use crate::release::ReleaseNumber;

const NEWCOMER: u32 = 100;
const LIMITS: QueueLimits = QueueLimits { running_per_tenant: 1, running_in_all: 2, waiting_per_tenant: 3 };

fn tenant(number: u32) -> TenantId {
    TenantId::parse(&format!("t{number}")).unwrap()
}

/// The name of a tenant's build.
fn job(of: u32, number: u32) -> BuildJobName {
    BuildJobName::of(&tenant(of), &ProjectName::parse("shop").unwrap(), ReleaseNumber::new(number).unwrap(), 1)
}

fn at(second: u32) -> Timestamp {
    Timestamp::from_second(second.into()).unwrap()
}

/// A tenant's build, which waits since that second; its number is the second, too.
fn waiting(of: u32, since: u32) -> Waiting {
    Waiting { job: job(of, since), tenant: tenant(of), created_at: at(since) }
}

fn running(of: u32) -> Running {
    Running { job: job(of, 99), tenant: tenant(of) }
}

fn places(turns: &Turns) -> Vec<(BuildJobName, u32, WaitingReason)> {
    turns.waiting.iter().map(|place| (place.job.clone(), place.position, place.reason)).collect()
}

#[test]
fn who_was_served_longest_ago_is_first_and_who_never_was_before_them() {
    let queue = [waiting(1, 1), waiting(2, 2), waiting(3, 3)];
    let served = BTreeMap::from([(tenant(1), at(20)), (tenant(2), at(10))]);
    let turns = decide(&queue, &[], &served, &LIMITS);
    assert_eq!(turns.admit, [job(3, 3), job(2, 2)]);
    assert_eq!(places(&turns), [(job(1, 1), 1, WaitingReason::BuildersBusy)]);
}

#[test]
fn one_build_of_a_tenant_runs_while_others_wait_for_it() {
    let queue = [waiting(1, 1), waiting(1, 2), waiting(2, 3)];
    let turns = decide(&queue, &[], &BTreeMap::new(), &LIMITS);
    assert_eq!(turns.admit, [job(1, 1), job(2, 3)]);
    assert_eq!(places(&turns), [(job(1, 2), 1, WaitingReason::OwnBuildsRunning)]);
    let turns = decide(&[waiting(1, 2)], &[running(1)], &BTreeMap::new(), &LIMITS);
    assert_eq!(places(&turns), [(job(1, 2), 1, WaitingReason::OwnBuildsRunning)]);
}

#[test]
fn many_builds_of_one_tenant_do_not_stand_before_the_others() {
    let queue = [waiting(1, 1), waiting(1, 2), waiting(1, 3), waiting(2, 4), waiting(3, 5)];
    let turns = decide(&queue, &[running(4), running(5)], &BTreeMap::new(), &LIMITS);
    let order: Vec<_> = turns.waiting.iter().map(|place| place.job.clone()).collect();
    assert_eq!(order, [job(1, 1), job(2, 4), job(3, 5), job(1, 2), job(1, 3)]);
}

#[test]
fn the_newest_of_too_many_are_refused() {
    let queue: Vec<_> = (1..=6).map(|since| waiting(1, since)).collect();
    let turns = decide(&queue, &[], &BTreeMap::new(), &LIMITS);
    assert_eq!(turns.admit, [job(1, 1)]);
    assert_eq!(turns.refuse, [job(1, 5), job(1, 6)]);
}

#[derive(Debug, Clone)]
struct Situation {
    waiting: Vec<Waiting>,
    running: Vec<Running>,
    served: BTreeMap<TenantId, Timestamp>,
    limits: QueueLimits,
}

fn any_situation() -> impl Strategy<Value = Situation> {
    let queue = prop::collection::btree_set((0..6_u32, 1..40_u32), 0..25);
    let running_now = prop::collection::vec(0..6_u32, 0..4);
    let served = prop::collection::btree_map(0..6_u32, 0..100_u32, 0..6);
    (queue, running_now, served, (1..3_usize, 1..5_usize, 1..6_usize)).prop_map(
        |(queue, running_now, served, limits)| Situation {
            waiting: queue.into_iter().map(|(of, since)| waiting(of, since)).collect(),
            running: running_now.into_iter().map(running).collect(),
            served: served.into_iter().map(|(of, second)| (tenant(of), at(second))).collect(),
            limits: QueueLimits {
                running_per_tenant: limits.0,
                running_in_all: limits.1,
                waiting_per_tenant: limits.2,
            },
        },
    )
}

fn decide_in(situation: &Situation) -> Turns {
    decide(&situation.waiting, &situation.running, &situation.served, &situation.limits)
}

fn count_by_tenant<'a>(tenants: impl Iterator<Item = &'a TenantId>) -> BTreeMap<&'a TenantId, usize> {
    tenants.fold(BTreeMap::new(), |mut counts, tenant| {
        *counts.entry(tenant).or_default() += 1;
        counts
    })
}

proptest! {
    #[test]
    fn no_limit_is_passed_and_no_builder_idles(situation in any_situation()) {
        let turns = decide_in(&situation);
        let admitted = situation.waiting.iter().filter(|build| turns.admit.contains(&build.job));
        let before = count_by_tenant(situation.running.iter().map(|build| &build.tenant));
        let admitted = count_by_tenant(admitted.map(|build| &build.tenant));
        for (tenant, more) in admitted {
            let own = before.get(tenant).copied().unwrap_or(0) + more;
            prop_assert!(own <= situation.limits.running_per_tenant);
        }
        let in_all = situation.running.len() + turns.admit.len();
        prop_assert!(turns.admit.is_empty() || in_all <= situation.limits.running_in_all);
        let busy = |reason| turns.waiting.iter().any(|place| place.reason == reason);
        prop_assert!(!busy(WaitingReason::BuildersBusy) || in_all >= situation.limits.running_in_all);
    }

    #[test]
    fn every_build_is_decided_about_once_and_positions_have_no_gaps(situation in any_situation()) {
        let turns = decide_in(&situation);
        let waiting = turns.waiting.iter().map(|place| &place.job);
        let decided: Vec<_> = turns.admit.iter().chain(waiting).chain(&turns.refuse).collect();
        let asked: BTreeSet<_> = situation.waiting.iter().map(|build| &build.job).collect();
        prop_assert_eq!(decided.len(), asked.len());
        prop_assert_eq!(decided.into_iter().collect::<BTreeSet<_>>(), asked);
        prop_assert!(turns.waiting.iter().zip(1..).all(|(place, position)| place.position == position));
    }

    #[test]
    fn the_order_in_which_builds_are_listed_does_not_matter(situation in any_situation()) {
        let mut reversed = situation.clone();
        reversed.waiting.reverse();
        prop_assert_eq!(decide_in(&situation), decide_in(&reversed));
    }

    /// Others bring a new build whenever one ends; even so each has at most one turn before the newcomer has one.
    #[test]
    fn nobody_waits_longer_than_for_one_turn_of_every_other_tenant(
        others in 1..8_u32,
        builders in 1..4_usize,
        ends in prop::collection::vec(0..4_usize, 40),
    ) {
        let limits = QueueLimits { running_in_all: builders, ..LIMITS };
        let mut cluster = Cluster::busy(others, limits);
        cluster.queue.push_back(waiting(NEWCOMER, 500));
        // Nobody was served later.
        cluster.served.insert(tenant(NEWCOMER), at(20_000));
        let mut turns_of_others = 0;
        for (second, end) in (20_001..).zip(ends) {
            let served = cluster.turn(second, others);
            if served.contains(&tenant(NEWCOMER)) {
                prop_assert!(turns_of_others <= others as usize, "{turns_of_others} turns of {others} others");
                return Ok(());
            }
            turns_of_others += served.len();
            cluster.end_one(end);
        }
        prop_assert!(false, "no turn at all");
    }
}

/// Builders on which every tenant but the newcomer wants to build without end.
struct Cluster {
    queue: VecDeque<Waiting>,
    running: Vec<Running>,
    served: BTreeMap<TenantId, Timestamp>,
    limits: QueueLimits,
}

impl Cluster {
    fn busy(tenants: u32, limits: QueueLimits) -> Self {
        let queue = (0..tenants).flat_map(|of| [waiting(of, 1), waiting(of, 2)]).collect();
        let served = (0..tenants).map(|of| (tenant(of), at(of))).collect();
        let mut cluster = Self { queue, running: Vec::new(), served, limits };
        cluster.turn(10_000, tenants);
        cluster
    }

    /// Hands out turns, and lets everybody who had one come again at once; says who had one.
    fn turn(&mut self, second: u32, tenants: u32) -> Vec<TenantId> {
        let turns = decide(self.queue.make_contiguous(), &self.running, &self.served, &self.limits);
        let is_admitted = |build: &Waiting| turns.admit.contains(&build.job);
        let (admitted, queue): (VecDeque<_>, _) = self.queue.drain(..).partition(is_admitted);
        self.queue = queue;
        for build in &admitted {
            self.served.insert(build.tenant.clone(), at(second));
            self.running.push(Running { job: build.job.clone(), tenant: build.tenant.clone() });
        }
        let again = (0..tenants).filter(|of| admitted.iter().any(|build| build.tenant == tenant(*of)));
        self.queue.extend(again.map(|of| waiting(of, second)));
        admitted.into_iter().map(|build| build.tenant).collect()
    }

    fn end_one(&mut self, which: usize) {
        if !self.running.is_empty() {
            self.running.remove(which % self.running.len());
        }
    }
}

//! What there is: one app in its cluster, everything that leads to it, and what is true of it whatever anybody believes.

use jiff::Timestamp;
use roost_domain::app::{AppSpec, AppStatus, AppWorkload, PodCompute, WorkloadKind};
use roost_domain::manifest::Route;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::ReleaseNumber;
use roost_domain::routing::PathPrefix;

use super::gateway::{Gateway, Prometheus};
use super::schedule::Moment;
use super::truth::Truth;
use super::waker::WakerState;

pub(crate) const IDLE_SECONDS: u32 = 60;
/// The service, and what it depends on.
pub(crate) const NAMES: [&str; 2] = ["database", "web"];

/// A fault in the platform itself, to see that it is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    /// Workloads are scaled whatever their epoch.
    NoFence,
    /// Workloads go to 0 before the gateways are asked about the route.
    SwitchNotConfirmed,
    /// Nobody asks the wakers whether they forward anything.
    WakersNotAsked,
    /// A route is set without asking whether it is still wanted.
    RouteSetBlindly,
    /// What is not measured counts as no request.
    AbsentIsZero,
    /// What ran is noted before, and not looked at again when it is stopped.
    ReplicasNotChecked,
    /// What is about to stop counts as started.
    StoppingIsReady,
}

/// What goes wrong around the platform.
pub(crate) struct Faults {
    pub(crate) lost_percent: u64,
    pub(crate) crash_percent: u64,
    pub(crate) are_pods_slow: bool,
    /// Whether everything takes its time.
    pub(crate) is_calm: bool,
}

impl Faults {
    pub(crate) fn none() -> Self {
        Self { lost_percent: 0, crash_percent: 0, are_pods_slow: false, is_calm: true }
    }
}

pub(crate) struct Workload {
    pub(crate) replicas: u32,
    pub(crate) epoch: Option<u64>,
    pub(crate) version: u64,
    /// Whether its pods answer.
    pub(crate) is_ready: bool,
    /// Whether it is to have no pods, and its controller has not seen to that yet.
    pub(crate) is_stopping: bool,
    /// Which of the starts of its pods is the last.
    pub(crate) start: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RouteObject {
    pub(crate) version: u64,
    pub(crate) leads_to_app: bool,
    pub(crate) epoch: u64,
    /// When it began to lead where it does.
    pub(crate) since: Moment,
}

/// The App object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) status: AppStatus,
    pub(crate) version: u64,
}

/// Releases, one after another.
#[derive(Default)]
pub(crate) struct Releases {
    pub(crate) is_under_way: bool,
    pub(crate) have_ended: bool,
}

pub(crate) struct World {
    pub(crate) mistake: Mistake,
    pub(crate) releases: Releases,
    pub(crate) faults: Faults,
    pub(crate) spec: AppSpec,
    pub(crate) app: Object,
    pub(crate) workloads: [Workload; 2],
    pub(crate) route: Option<RouteObject>,
    pub(crate) versions: u64,
    pub(crate) gateways: Vec<Gateway>,
    pub(crate) prometheus: Prometheus,
    pub(crate) wakers: [WakerState; 2],
    pub(crate) truth: Truth,
}

impl World {
    pub(crate) fn new(mistake: Mistake) -> Self {
        let running =
            || Workload { replicas: 1, epoch: None, version: 0, is_ready: true, is_stopping: false, start: 0 };
        let app = Object { status: AppStatus::new(timestamp(0)), version: 0 };
        Self {
            mistake,
            releases: Releases::default(),
            faults: Faults { lost_percent: 2, crash_percent: 8, are_pods_slow: true, is_calm: false },
            spec: spec(),
            wakers: [WakerState::new(&app, 0), WakerState::new(&app, 0)],
            app,
            workloads: [running(), running()],
            route: Some(RouteObject { version: 0, leads_to_app: true, epoch: 0, since: 0 }),
            versions: 0,
            gateways: vec![Gateway::new(0, 0, true), Gateway::new(1, 0, true)],
            prometheus: Prometheus::default(),
            truth: Truth::default(),
        }
    }

    pub(crate) fn next_version(&mut self) -> u64 {
        self.versions += 1;
        self.versions
    }

    /// Whether there may be one more release.
    pub(crate) fn begin_release(&mut self) -> bool {
        self.releases.is_under_way = !self.releases.have_ended;
        self.releases.is_under_way
    }

    pub(crate) fn is_serving(&self) -> bool {
        self.workloads.iter().all(|workload| workload.is_ready)
    }

    /// The same, once all controllers have heard what is wanted.
    pub(crate) fn is_known_to_serve(&self) -> bool {
        self.is_serving() && !self.workloads.iter().any(|workload| workload.is_stopping)
    }
}

pub(crate) fn timestamp(moment: Moment) -> Timestamp {
    let moment = i64::try_from(moment).unwrap();
    Timestamp::from_millisecond(1_800_000_000_000 + moment).unwrap()
}

fn spec() -> AppSpec {
    let workload = |(name, wave): (&str, u32)| AppWorkload {
        kind: WorkloadKind::Deployment,
        name: name.to_owned(),
        replicas: 1,
        wave,
        pod: PodCompute::default(),
    };
    AppSpec {
        tenant: TenantId::parse("u1").unwrap(),
        project: ProjectName::parse("shop").unwrap(),
        release: ReleaseNumber::new(1).unwrap(),
        host: Some("custard-tasty-pie.example.com".to_owned()),
        routes: vec![Route { path: PathPrefix::parse("/").unwrap(), service: "web".to_owned(), port: 80 }],
        workloads: NAMES.into_iter().zip([0, 1]).map(workload).collect(),
        idle_after_seconds: Some(IDLE_SECONDS),
        awake_hours: None,
        keep_awake_until: None,
        sleep_wanted_in_epoch: None,
    }
}

//! The life of an app: it runs, sleeps when nobody asks for it, and wakes when somebody does.
//!
//! ```text
//!            proven idle            quiet, and every gateway confirms
//!   Awake ───────────────► Draining ───────────────► Asleep
//!    ▲ ▲                      │                        │
//!    │ └──── a request, ──────┘              a request │
//!    │       or a reason against                       ▼
//!    └──────────────────── all workloads ready ──── Waking ◄──► Failed
//! ```
//!
//! A release sets `Awake` from wherever the app is, and an app that has [`AwakeHours`] is asked for as they begin.
//! Everybody who changes an app (sweep, waker, roll-out) takes one step: it reads the App object, asks
//! [`AppStatus::after`] what comes next, commits the answer by compare-and-set, and only then carries out the effects.
//! Each change of phase raises the epoch by one.
//!
//! # What may never happen
//!
//! Whatever crashes, repeats itself, comes late or comes at once:
//!
//! 1. **Two phases at once.** The phase is one field of one object, and nobody changes it without having read it. An
//!    effect carries the epoch it was decided in; once the app has moved on, the effect does nothing: workloads note
//!    the epoch they were scaled in and refuse an older one, and a route is switched on only in the form in which it
//!    was seen before the app was seen awake in the same epoch.
//! 2. **Sleep without proof of idleness.** Only [`Event::Idle`] begins it, and only [`idle::Verdict::Idle`] allows
//!    that event: absent, old or restarted counters prove nothing.
//! 3. **A request that is answered twice or not at all.** No workload is scaled down unless every replica of the gateway
//!    has been seen without the route, twice, a quiet period apart, and every waker has said that it knows of the drain
//!    and forwards nothing: whatever was under way has ended, and whatever comes meets a waker. A waker forwards only to
//!    an app that [`AppStatus::may_be_reached`], and whatever it still forwards when it sees `Draining` is a request
//!    that ends the drain. A workload is started only once its controller has seen that it was to have no pods: those
//!    that are on their way out look ready, and are not.
//! 4. **A lost replica count.** What runs is written down in the step that lets it be scaled down, never as 0, and
//!    stays written until a step finds it running again.
//!
//! `tests/apps` lives through a hundred thousand worlds of all that, and notices when a rule is left out.
//!
//! And what has to happen in the end: an idle app sleeps, and an app that is asked for wakes or says why it does not.

mod awake_hours;
mod cause;
mod compute;
pub mod idle;
mod idle_time;
mod phase;
mod run_time;
mod spec;
mod status;
mod sweep;
mod transition;
mod wake;
mod workloads;

pub use awake_hours::{AwakeHours, AwakeHoursError};
pub use cause::{Cause, CauseKind};
pub use compute::{Compute, PodCompute};
pub use idle_time::{IdleTime, IdleTimeError};
pub use phase::Phase;
pub use run_time::{Cost, RunTime};
pub use spec::{AppSpec, AppWorkload, WorkloadKind};
pub use status::{AppStatus, Drain, IdleRecord, Refusal, SavedReplicas};
pub use sweep::{Look, Patience, Task};
pub use transition::{Effect, Event, Refused, Step};
pub use wake::{Wake, WakeTarget};
pub use workloads::{ReleasedWorkload, note_epoch, workloads_of};

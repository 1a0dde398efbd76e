//! All apps that somebody asks for: one session each.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kube::Client;
use roost_cluster::app::App;
use roost_domain::app::idle::Forwarding;
use roost_domain::manifest::Route;
use roost_domain::visit::Visitor;
use tokio::sync::Semaphore;

use super::driver::Driver;
use super::{Guest, News, Progress, Session};
use crate::host_table::{AppId, HostTable};
use crate::metrics::Metrics;

/// How apps are woken.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long an app may take to wake before it has failed.
    pub wake_limit: Duration,
    /// How many apps are read and started at once: what more there are wait for calls of others to end.
    pub starts_at_once: usize,
    /// How long an app is looked after once nobody asks for it any more.
    pub linger: Duration,
}

/// All sessions of this process.
pub struct Sessions {
    pub(super) client: Client,
    pub(super) settings: Settings,
    pub(super) starts: Semaphore,
    /// What is counted.
    pub metrics: Metrics,
    hosts: Arc<HostTable>,
    all: Mutex<HashMap<AppId, Arc<Session>>>,
}

impl Sessions {
    /// No sessions yet.
    #[must_use]
    pub fn new(client: Client, hosts: Arc<HostTable>, settings: Settings) -> Arc<Self> {
        let starts = Semaphore::new(settings.starts_at_once);
        let metrics = Metrics::default();
        Arc::new(Self { client, settings, starts, metrics, hosts, all: Mutex::default() })
    }

    /// All apps there are.
    #[must_use]
    pub fn hosts(&self) -> &Arc<HostTable> {
        &self.hosts
    }

    /// Somebody asks for an app, which is looked after from now on.
    #[must_use]
    pub fn attend(self: &Arc<Self>, id: &AppId, routes: &Arc<[Route]>, visitor: Option<Visitor>) -> Guest {
        let mut all = self.lock();
        if let Some(session) = all.get(id) {
            return Guest::of(session, visitor);
        }
        let session = Arc::new(Session::new(id.clone(), Arc::clone(routes), Arc::clone(&self.hosts)));
        all.insert(id.clone(), Arc::clone(&session));
        let guest = Guest::of(&session, visitor);
        tokio::spawn(Driver::new(Arc::clone(self), session).run());
        guest
    }

    /// The session of an app, if there is one.
    #[must_use]
    pub fn look(&self, id: &AppId) -> Option<Arc<Session>> {
        self.lock().get(id).cloned()
    }

    /// What the sweep wants to know of an app before it lets it sleep.
    #[must_use]
    pub fn forwarding(&self, id: &AppId) -> Forwarding {
        // In this order: a request that ends is noted before it is not open any more.
        let session = self.look(id);
        let open = session.as_ref().map_or(0, |session| session.guests());
        let epoch = session.map(|session| session.epoch.load(Ordering::Acquire));
        Forwarding { epoch, open, last_used: self.hosts.last_used(id) }
    }

    /// How many apps are looked after.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Passes on what an app has become.
    pub fn tell(&self, app: App) {
        if let Some(session) = self.look(&AppId::of(&app)) {
            session.tell(News::Changed(Arc::new(app)));
        }
    }

    /// Passes on that an app was deleted.
    pub fn tell_gone(&self, id: &AppId) {
        if let Some(session) = self.look(id) {
            session.tell(News::Gone);
        }
    }

    /// Ends a session that nobody is in, and answers whether it did.
    pub(super) fn retire_if_empty(&self, session: &Arc<Session>) -> bool {
        let mut all = self.lock();
        let is_empty = !session.has_guests();
        if is_empty {
            remove(&mut all, session);
        }
        is_empty
    }

    /// Ends a session; whoever waits in it is sent away.
    pub(super) fn retire(&self, session: &Arc<Session>, last: Progress) {
        remove(&mut self.lock(), session);
        session.turn_away(last);
    }

    /// What a panic elsewhere leaves is whole: each change is one call.
    fn lock(&self) -> MutexGuard<'_, HashMap<AppId, Arc<Session>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove(all: &mut HashMap<AppId, Arc<Session>>, session: &Arc<Session>) {
    if all.get(&session.id).is_some_and(|known| Arc::ptr_eq(known, session)) {
        all.remove(&session.id);
    }
}

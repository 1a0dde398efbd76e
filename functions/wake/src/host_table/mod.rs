//! Which app has which host: all of them, in as little memory as that takes, so that a request for a host that nobody
//! has costs the cluster nothing.

mod watch;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::{SignedDuration, Timestamp};
use roost_cluster::app::App;
use roost_domain::app::Phase;
use roost_domain::manifest::Route;
use roost_domain::visit::HostName;

pub use watch::follow;

/// An app: its tenant's namespace and its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AppId(Arc<str>);

/// What is known of the app that a host leads to.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The app.
    pub id: AppId,
    /// Which of its paths lead where.
    pub routes: Arc<[Route]>,
    /// Its phase, as of late.
    pub phase: Phase,
    /// When the last request to it ended, in seconds since the table began; 0 if there was none.
    last_used: u32,
    /// Which reading of all apps has shown it.
    reading: u32,
}

/// All hosts.
#[derive(Debug)]
pub struct HostTable {
    table: RwLock<Table>,
    began: Timestamp,
}

#[derive(Debug, Default)]
struct Table {
    hosts: HashMap<Arc<str>, Listed>,
    hosts_of: HashMap<AppId, Arc<str>>,
    /// Most apps have the same routes, which are kept once.
    routes: HashSet<Arc<[Route]>>,
    reading: u32,
}

impl AppId {
    /// The app of that name in a tenant's namespace.
    #[must_use]
    pub fn new(namespace: &str, name: &str) -> Self {
        Self(format!("{namespace}/{name}").into())
    }

    /// The id of an App object.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self::new(app.namespace(), app.name())
    }

    /// The tenant's namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    /// The app's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }
}

impl std::fmt::Display for AppId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for HostTable {
    fn default() -> Self {
        Self { table: RwLock::default(), began: Timestamp::now() }
    }
}

impl HostTable {
    /// The app that a host leads to.
    #[must_use]
    pub fn find(&self, host: &HostName) -> Option<Listed> {
        self.read().hosts.get(host.as_str()).cloned()
    }

    /// What is known of an app.
    #[must_use]
    pub fn look(&self, id: &AppId) -> Option<Listed> {
        let table = self.read();
        table.hosts_of.get(id).and_then(|host| table.hosts.get(host)).cloned()
    }

    /// When the last request to an app ended; if there was none, when the table began.
    #[must_use]
    pub fn last_used(&self, id: &AppId) -> Timestamp {
        let seconds = self.look(id).map_or(0, |listed| listed.last_used);
        self.began + SignedDuration::from_secs(seconds.into())
    }

    /// A request to an app has ended.
    pub fn note_use(&self, id: &AppId) {
        // Rather a moment too late than too early.
        let seconds = Timestamp::now().duration_since(self.began).as_secs() + 1;
        let mut table = self.write();
        let Some(host) = table.hosts_of.get(id).cloned() else { return };
        if let Some(listed) = table.hosts.get_mut(&host) {
            listed.last_used = u32::try_from(seconds).unwrap_or(u32::MAX);
        }
    }

    /// How many hosts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().hosts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes in what an app is now.
    pub fn learn(&self, app: &App) {
        self.write().learn(app);
    }

    /// Forgets an app that was deleted.
    pub fn forget(&self, id: &AppId) {
        self.write().forget(id);
    }

    /// All apps are about to be read anew.
    pub fn begin_reading(&self) {
        let mut table = self.write();
        table.reading = table.reading.wrapping_add(1);
    }

    /// All apps were read: whatever was not among them is gone.
    pub fn end_reading(&self) {
        let mut table = self.write();
        let reading = table.reading;
        let gone: Vec<_> = table.hosts.values().filter(|listed| listed.reading != reading).collect();
        let gone: Vec<AppId> = gone.into_iter().map(|listed| listed.id.clone()).collect();
        for id in &gone {
            table.forget(id);
        }
        table.routes.retain(|routes| Arc::strong_count(routes) > 1);
        table.hosts.shrink_to_fit();
        table.hosts_of.shrink_to_fit();
    }

    /// A panic elsewhere leaves a table that may lack one change, which the next reading brings.
    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn learn(&mut self, app: &App) {
        let id = AppId::of(app);
        let Some(host) = app.spec.host.as_deref().filter(|_| app.spec.is_routed()) else { return self.forget(&id) };
        let phase = app.status.as_ref().map_or(Phase::Awake, |status| status.phase);
        let (routes, reading) = (self.shared(&app.spec.routes), self.reading);
        if let Some(listed) = self.hosts.get_mut(host).filter(|listed| listed.id == id) {
            *listed = Listed { id: listed.id.clone(), routes, phase, reading, ..*listed };
            return;
        }
        let last_used =
            self.hosts_of.get(&id).and_then(|host| self.hosts.get(host)).map_or(0, |listed| listed.last_used);
        self.forget(&id);
        let host: Arc<str> = host.into();
        self.hosts_of.insert(id.clone(), Arc::clone(&host));
        self.hosts.insert(host, Listed { id, routes, phase, last_used, reading });
    }

    fn forget(&mut self, id: &AppId) {
        let Some(host) = self.hosts_of.remove(id) else { return };
        // Another app may have it by now.
        if self.hosts.get(&host).is_some_and(|listed| listed.id == *id) {
            self.hosts.remove(&host);
        }
    }

    fn shared(&mut self, routes: &[Route]) -> Arc<[Route]> {
        if let Some(known) = self.routes.get(routes) {
            return Arc::clone(known);
        }
        let routes: Arc<[Route]> = routes.into();
        self.routes.insert(Arc::clone(&routes));
        routes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn app(name: &str, host: Option<&str>, path: &str) -> App {
        let app = json!({
            "apiVersion": "apps.roost.dev/v1alpha1", "kind": "App",
            "metadata": {"namespace": "user-alice", "name": name},
            "spec": {
                "tenant": "alice", "project": name, "release": 1, "host": host,
                "routes": [{"path": path, "service": "web", "port": 80}],
            },
        });
        serde_json::from_value(app).unwrap()
    }

    fn host_of(table: &HostTable, host: &str) -> Option<String> {
        table.find(&HostName::of_authority(host).unwrap()).map(|listed| listed.id.to_string())
    }

    #[test]
    fn a_host_leads_to_the_app_that_has_it() {
        let table = HostTable::default();
        table.learn(&app("shop", Some("a.example.com"), "/"));
        assert_eq!(host_of(&table, "A.example.com:443").as_deref(), Some("user-alice/shop"));
        table.learn(&app("shop", Some("b.example.com"), "/"));
        assert_eq!(host_of(&table, "a.example.com"), None);
        table.learn(&app("shop", None, "/"));
        assert!(table.is_empty());
    }

    #[test]
    fn a_host_that_moves_to_another_app_stays_there() {
        let table = HostTable::default();
        table.learn(&app("old", Some("a.example.com"), "/"));
        table.learn(&app("new", Some("a.example.com"), "/"));
        table.forget(&AppId::new("user-alice", "old"));
        assert_eq!(host_of(&table, "a.example.com").as_deref(), Some("user-alice/new"));
    }

    #[test]
    fn the_time_of_the_last_use_outlives_every_change_of_the_app() {
        let (table, id) = (HostTable::default(), AppId::new("user-alice", "shop"));
        table.learn(&app("shop", Some("a.example.com"), "/"));
        let unused = table.last_used(&id);
        table.note_use(&id);
        for host in ["a.example.com", "b.example.com"] {
            table.learn(&app("shop", Some(host), "/"));
            assert!(table.last_used(&id) > unused, "{host}");
        }
        assert_eq!(table.last_used(&AppId::new("user-bob", "blog")), unused);
    }

    #[test]
    fn what_a_new_reading_does_not_show_is_gone() {
        let table = HostTable::default();
        table.learn(&app("gone", Some("a.example.com"), "/"));
        table.learn(&app("stays", Some("b.example.com"), "/"));
        table.begin_reading();
        table.learn(&app("stays", Some("b.example.com"), "/"));
        assert_eq!(table.len(), 2, "until all are read, nothing is");
        table.end_reading();
        assert_eq!((host_of(&table, "a.example.com"), table.len()), (None, 1));
    }

    #[test]
    fn equal_routes_are_kept_once() {
        let table = HostTable::default();
        for (name, path) in [("a", "/"), ("b", "/"), ("c", "/api")] {
            table.learn(&app(name, Some(&format!("{name}.example.com")), path));
        }
        assert_eq!(table.read().routes.len(), 2);
        table.forget(&AppId::new("user-alice", "c"));
        table.begin_reading();
        table.learn(&app("a", Some("a.example.com"), "/"));
        table.end_reading();
        assert_eq!(table.read().routes.len(), 1);
    }
}

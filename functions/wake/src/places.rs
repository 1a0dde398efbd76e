//! The places of waiting requests: counted, and given back by whoever leaves, however that happens.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use roost_domain::visit::budget::{Full, Limits, Load, Waiting};

use crate::host_table::AppId;

/// All places of this process.
#[derive(Debug)]
pub struct Places {
    limits: Limits,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: Load,
    tenants: HashMap<Box<str>, Load>,
    apps: HashMap<AppId, Load>,
}

/// A request's place.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    id: AppId,
    load: Load,
}

impl Places {
    /// So many places, all free.
    #[must_use]
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, taken: Mutex::default() })
    }

    /// Takes a place for a request to an app whose head has so many bytes.
    pub fn take(self: &Arc<Self>, id: &AppId, bytes: u64) -> Result<Place, Full> {
        let load = Load::of(bytes);
        let mut taken = self.lock();
        let waiting = Waiting {
            app: taken.apps.get(id).copied().unwrap_or_default(),
            tenant: taken.tenants.get(id.namespace()).copied().unwrap_or_default(),
            all: taken.all,
        };
        self.limits.admit(load, &waiting)?;
        taken.all = waiting.all.and(load);
        taken.apps.insert(id.clone(), waiting.app.and(load));
        taken.tenants.insert(id.namespace().into(), waiting.tenant.and(load));
        Ok(Place { places: Arc::clone(self), id: id.clone(), load })
    }

    /// What waits now.
    #[must_use]
    pub fn taken(&self) -> Load {
        self.lock().all
    }

    /// A panic elsewhere leaves whole counts: each change adds or takes one load.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all = taken.all.without(self.load);
        give_back(taken.apps.entry(self.id.clone()), self.load);
        give_back(taken.tenants.entry(self.id.namespace().into()), self.load);
    }
}

fn give_back<Key: Eq + Hash>(entry: Entry<'_, Key, Load>, load: Load) {
    if let Entry::Occupied(mut entry) = entry {
        let left = entry.get().without(load);
        if left == Load::default() {
            entry.remove();
        } else {
            entry.insert(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn load(requests: u64) -> Load {
        Load { requests, bytes: 10_000 }
    }

    #[test]
    fn whoever_leaves_gives_its_place_back() {
        let places = Places::new(Limits { app: load(2), tenant: load(3), all: load(8) });
        let (shop, blog) = (AppId::new("user-alice", "shop"), AppId::new("user-alice", "blog"));
        let held: Vec<_> = (0..2).map(|_| places.take(&shop, 100).unwrap()).collect();
        assert_eq!(places.take(&shop, 100).err(), Some(Full::App));
        let third = places.take(&blog, 100).unwrap();
        assert_eq!(places.take(&blog, 100).err(), Some(Full::Tenant));
        drop(held);
        assert_eq!(places.taken(), Load::of(100));
        assert!(places.take(&shop, 100).is_ok());
        drop(third);
        assert_eq!(places.taken(), Load::default());
        assert!(places.lock().apps.is_empty() && places.lock().tenants.is_empty());
    }
}

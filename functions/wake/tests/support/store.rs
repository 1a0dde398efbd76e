//! Objects with versions, and everything that ever happened to them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::watch;

/// The kind of objects and their namespace; an empty one stands for all.
pub type Collection = (String, String);

/// One change.
#[derive(Clone)]
pub struct Change {
    pub version: u64,
    pub kind: &'static str,
    pub object: Arc<Value>,
}

#[derive(Default)]
struct Log {
    changes: Vec<Change>,
    latest: watch::Sender<u64>,
}

#[derive(Default)]
struct Inner {
    version: u64,
    objects: BTreeMap<(String, String, String), Arc<Value>>,
    logs: HashMap<Collection, Log>,
}

/// All objects of a cluster.
#[derive(Clone, Default)]
pub struct Store(Arc<Mutex<Inner>>);

/// Why an object is not written.
pub enum Refusal {
    Conflict,
    Missing,
}

impl Store {
    pub fn get(&self, plural: &str, namespace: &str, name: &str) -> Option<Arc<Value>> {
        self.0.lock().unwrap().objects.get(&key(plural, namespace, name)).cloned()
    }

    /// The objects of a collection, and the version as of which they are.
    pub fn list(&self, plural: &str, namespace: &str) -> (Vec<Arc<Value>>, u64) {
        let inner = self.0.lock().unwrap();
        let own = inner
            .objects
            .iter()
            .filter(|((kind, place, _), _)| kind == plural && (namespace.is_empty() || place == namespace));
        (own.map(|(_, object)| Arc::clone(object)).collect(), inner.version)
    }

    /// Changes an object that is there, if it is the one that was read.
    pub fn change(
        &self,
        (plural, namespace, name): (&str, &str, &str),
        read_version: Option<&str>,
        change: impl FnOnce(&mut Value),
    ) -> Result<Arc<Value>, Refusal> {
        let mut inner = self.0.lock().unwrap();
        let before = inner.objects.get(&key(plural, namespace, name)).cloned().ok_or(Refusal::Missing)?;
        if read_version.is_some_and(|version| before["metadata"]["resourceVersion"] != version) {
            return Err(Refusal::Conflict);
        }
        let mut after = (*before).clone();
        change(&mut after);
        Ok(inner.put(plural, namespace, name, after, "MODIFIED"))
    }

    /// Puts an object there, whatever was there before.
    pub fn put(&self, plural: &str, namespace: &str, object: Value) -> Arc<Value> {
        let name = object["metadata"]["name"].as_str().unwrap_or("unnamed").to_owned();
        let mut inner = self.0.lock().unwrap();
        let kind = if inner.objects.contains_key(&key(plural, namespace, &name)) { "MODIFIED" } else { "ADDED" };
        inner.put(plural, namespace, &name, object, kind)
    }

    pub fn delete(&self, plural: &str, namespace: &str, name: &str) -> Option<Arc<Value>> {
        let mut inner = self.0.lock().unwrap();
        let object = inner.objects.remove(&key(plural, namespace, name))?;
        inner.version += 1;
        let mut last = (*object).clone();
        last["metadata"]["resourceVersion"] = json!(inner.version.to_string());
        let last = Arc::new(last);
        inner.log(plural, namespace, "DELETED", &last);
        Some(last)
    }

    /// What happened to a collection after a version.
    pub fn changes_after(&self, collection: &Collection, version: u64) -> Vec<Change> {
        let inner = self.0.lock().unwrap();
        let changes = inner.logs.get(collection).map(|log| log.changes.as_slice()).unwrap_or_default();
        let first = changes.partition_point(|change| change.version <= version);
        changes[first..].to_vec()
    }

    /// Tells of every change of a collection.
    pub fn follow(&self, collection: &Collection) -> watch::Receiver<u64> {
        self.0.lock().unwrap().logs.entry(collection.clone()).or_default().latest.subscribe()
    }
}

impl Inner {
    fn put(&mut self, plural: &str, namespace: &str, name: &str, mut object: Value, kind: &'static str) -> Arc<Value> {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        object["metadata"]["namespace"] = json!(namespace);
        let object = Arc::new(object);
        self.objects.insert(key(plural, namespace, name), Arc::clone(&object));
        self.log(plural, namespace, kind, &object);
        object
    }

    fn log(&mut self, plural: &str, namespace: &str, kind: &'static str, object: &Arc<Value>) {
        for place in [namespace, ""] {
            let log = self.logs.entry((plural.to_owned(), place.to_owned())).or_default();
            log.changes.push(Change { version: self.version, kind, object: Arc::clone(object) });
            log.latest.send_replace(self.version);
        }
    }
}

fn key(plural: &str, namespace: &str, name: &str) -> (String, String, String) {
    (plural.to_owned(), namespace.to_owned(), name.to_owned())
}

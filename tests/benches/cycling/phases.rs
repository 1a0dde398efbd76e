//! The phases of all apps, as their cluster tells of them.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use roost_cluster::app::App;
use roost_domain::app::Phase;
use tokio::sync::watch;

/// What is known of all apps.
pub(crate) struct Phases {
    latest: watch::Receiver<HashMap<String, Phase>>,
    slept: std::sync::Arc<Slept>,
}

#[derive(Default)]
struct Slept {
    epochs: Mutex<HashSet<(String, u64)>>,
    count: AtomicUsize,
}

impl Phases {
    /// Follows them for as long as the program runs.
    pub(crate) fn follow(cluster: Client) -> Self {
        let (sender, latest) = watch::channel(HashMap::new());
        let slept = std::sync::Arc::new(Slept::default());
        let noted = std::sync::Arc::clone(&slept);
        tokio::spawn(async move {
            let apps = watcher(Api::<App>::all(cluster), watcher::Config::default()).default_backoff();
            let mut changes = apps.applied_objects().into_stream().boxed();
            while let Some(change) = changes.next().await {
                if let Ok(app) = change {
                    noted.note(&app);
                    let (name, phase) = (app.namespace().to_owned(), app.standing().phase);
                    sender.send_modify(|latest| {
                        latest.insert(name, phase);
                    });
                }
            }
        });
        Self { latest, slept }
    }

    /// How often apps have fallen asleep.
    pub(crate) fn sleeps(&self) -> usize {
        self.slept.count.load(Ordering::Relaxed)
    }

    /// Waits until the app of a namespace is in one of those phases.
    pub(crate) async fn wait_for(&self, namespace: &str, awaited: &[Phase]) -> Result<()> {
        let mut latest = self.latest.clone();
        latest
            .wait_for(|phases| phases.get(namespace).is_some_and(|phase| awaited.contains(phase)))
            .await
            .context("the watch has ended")?;
        Ok(())
    }
}

impl Slept {
    fn note(&self, app: &App) {
        let (standing, namespace) = (app.standing(), app.namespace().to_owned());
        // In the first epochs it is put to sleep by the program itself.
        if standing.phase == Phase::Asleep && standing.epoch > 2 {
            let is_new = self.epochs.lock().is_ok_and(|mut epochs| epochs.insert((namespace, standing.epoch)));
            self.count.fetch_add(usize::from(is_new), Ordering::Relaxed);
        }
    }
}

//! Kills a function right after one of its calls was carried out, before it hears of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::fault_proxy::{Fate, FaultProxy};
use crate::function::{Function, Killer};

/// Counts the calls of a function, and kills it after one of them.
#[derive(Clone, Default)]
pub struct Executioner {
    calls: Arc<AtomicUsize>,
    last: Arc<AtomicUsize>,
    victim: Arc<Mutex<Option<Killer>>>,
}

impl Executioner {
    /// Watches the calls that pass these proxies.
    #[must_use]
    pub fn watching(proxies: &[FaultProxy]) -> Self {
        let executioner = Self::default();
        for proxy in proxies {
            let executioner = executioner.clone();
            proxy.after_each(Arc::new(move |_| {
                let executioner = executioner.clone();
                Box::pin(async move {
                    executioner.count().await;
                    Fate::Forwarded
                })
            }));
        }
        executioner
    }

    /// Kills `function` after its next `calls` calls.
    pub fn aim(&self, function: &Function, calls: usize) {
        if let Ok(mut victim) = self.victim.lock() {
            *victim = Some(function.killer());
        }
        self.calls.store(0, Ordering::SeqCst);
        self.last.store(calls, Ordering::SeqCst);
    }

    async fn count(&self) {
        if self.calls.fetch_add(1, Ordering::SeqCst) + 1 != self.last.load(Ordering::SeqCst) {
            return;
        }
        let victim = self.victim.lock().ok().and_then(|mut victim| victim.take());
        if let Some(victim) = victim {
            victim.kill().await;
        }
    }
}

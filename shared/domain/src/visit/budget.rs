//! How many requests may wait for apps to wake. What waits costs memory, so there is an end to it, and nobody takes so
//! much that others find no place.

/// A number of waiting requests, and the bytes of their heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Requests.
    pub requests: u64,
    /// Bytes of their heads; bodies are not read while a request waits.
    pub bytes: u64,
}

/// The most that may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one app.
    pub app: Load,
    /// For all apps of one tenant.
    pub tenant: Load,
    /// In one process.
    pub all: Load,
}

/// What waits now where a request is to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// For the app.
    pub app: Load,
    /// For all apps of its tenant.
    pub tenant: Load,
    /// In this process.
    pub all: Load,
}

/// Where there is no more place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// At the app.
    #[error("too many requests wait for this app already")]
    App,
    /// At the tenant, or the tenant has its share of what is left for all.
    #[error("too many requests wait for apps of this owner already")]
    Tenant,
    /// Everywhere.
    #[error("too many requests wait for apps already")]
    All,
}

impl Load {
    /// One request.
    #[must_use]
    pub const fn of(bytes: u64) -> Self {
        Self { requests: 1, bytes }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { requests: self.requests + other.requests, bytes: self.bytes + other.bytes }
    }

    /// What is left of this once that has gone.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self { requests: self.requests.saturating_sub(other.requests), bytes: self.bytes.saturating_sub(other.bytes) }
    }

    const fn exceeds(self, limit: Self) -> bool {
        self.requests > limit.requests || self.bytes > limit.bytes
    }
}

impl Limits {
    /// Whether one more request may wait. A tenant may have as much as is left for everybody, and no more: the fuller
    /// it gets, the less one tenant can take, so one that asks without end leaves half of it to the others
    /// (A. Choudhury and E. Hahne, "Dynamic queue length thresholds for shared-memory packet switches", 1998).
    pub fn admit(&self, request: Load, waiting: &Waiting) -> Result<(), Full> {
        if waiting.all.and(request).exceeds(self.all) {
            return Err(Full::All);
        }
        let tenant = waiting.tenant.and(request);
        let left = self.all.without(waiting.all);
        if tenant.exceeds(self.tenant) || tenant.exceeds(left) {
            return Err(Full::Tenant);
        }
        if waiting.app.and(request).exceeds(self.app) { Err(Full::App) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn load(requests: u64, bytes: u64) -> Load {
        Load { requests, bytes }
    }

    const LIMITS: Limits = Limits { app: load(50, 5_000), tenant: load(80, 8_000), all: load(100, 10_000) };

    /// Lets tenants ask in turn until nobody is admitted any more.
    fn fill(tenants: usize, bytes: u64) -> Vec<Load> {
        let limits = Limits { app: load(u64::MAX, u64::MAX), tenant: load(u64::MAX, u64::MAX), ..LIMITS };
        let mut held = vec![Load::default(); tenants];
        let mut refused = 0;
        while refused < tenants {
            for at in 0..tenants {
                let all = held.iter().fold(Load::default(), |all, tenant| all.and(*tenant));
                let waiting = Waiting { app: held[at], tenant: held[at], all };
                match limits.admit(Load::of(bytes), &waiting) {
                    Ok(()) => (held[at], refused) = (held[at].and(Load::of(bytes)), 0),
                    Err(_) => refused += 1,
                }
            }
        }
        held
    }

    #[test]
    fn each_limit_counts_requests_and_bytes() {
        let request = Load::of(100);
        let admit = |app, tenant, all| LIMITS.admit(request, &Waiting { app, tenant, all });
        assert_eq!(admit(load(49, 0), load(49, 0), load(49, 0)), Ok(()));
        assert_eq!(admit(load(50, 0), load(50, 0), load(50, 0)), Err(Full::Tenant));
        assert_eq!(admit(load(10, 4_950), load(10, 4_950), load(10, 4_950)), Err(Full::App));
        assert_eq!(admit(load(0, 0), load(0, 0), load(100, 0)), Err(Full::All));
        assert_eq!(admit(load(0, 0), load(0, 0), load(50, 9_950)), Err(Full::All));
    }

    #[test]
    fn one_that_asks_without_end_leaves_half() {
        assert_eq!(fill(1, 1), [load(50, 50)]);
        assert_eq!(fill(1, 1_000)[0].bytes, 5_000);
    }

    proptest! {
        #[test]
        fn all_that_ask_without_end_get_the_same_and_a_newcomer_still_gets_a_place(tenants in 1_usize..20) {
            let held = fill(tenants, 1);
            let (least, most) = (held.iter().map(|load| load.requests).min(), held.iter().map(|load| load.requests).max());
            prop_assert!(most <= least.map(|least| least + 1), "{held:?}");
            let all = held.iter().fold(Load::default(), |all, tenant| all.and(*tenant));
            let newcomer = Waiting { all, ..Waiting::default() };
            prop_assert_eq!(LIMITS.admit(Load::of(1), &newcomer), Ok(()));
        }
    }
}

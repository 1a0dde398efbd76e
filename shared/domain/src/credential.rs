//! A tenant's credential for its cluster, and when it is renewed.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::naming::TenantId;

/// How long the old credential stays good after the new one was issued, at most.
const OVERLAP: Duration = Duration::from_hours(1);

/// A credential in force, and the one before it while both are good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Counted from 1 for each tenant.
    pub number: u32,
    /// The token, sealed.
    pub sealed: SealedToken,
    /// When the cluster stops accepting it, as the cluster said.
    pub expires_at: Timestamp,
    /// When it is to be renewed.
    pub renew_at: Timestamp,
    /// The credential before this one, until it is revoked.
    pub retiring: Option<Retiring>,
}

/// A credential that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retiring {
    /// Its number.
    pub number: u32,
    /// When it is to be revoked.
    pub revoke_at: Timestamp,
}

/// Where a vault keeps a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealedToken {
    /// Encrypted, in base64, with the tenant's encryption context.
    Kms(String),
    /// The version of the tenant's secret that holds it.
    SecretsManager(String),
}

/// What is due about a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialTask {
    /// Revoke the credential of that number, which was replaced.
    Revoke(u32),
    /// Issue the credential of that number.
    Renew(u32),
}

impl Credential {
    /// A credential just issued, in place of `before`.
    #[must_use]
    pub fn issued(
        tenant: &TenantId,
        sealed: SealedToken,
        expires_at: Timestamp,
        before: Option<&Self>,
        now: Timestamp,
    ) -> Self {
        let retiring = before.map(|old| Retiring { number: old.number, revoke_at: old.expires_at.min(now + OVERLAP) });
        let number = before.map_or(1, |old| old.number + 1);
        Self { number, sealed, expires_at, renew_at: renewal(tenant, expires_at, now), retiring }
    }

    /// The same credential without the one before it.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self { retiring: None, ..self.clone() }
    }

    /// When there is next something to do about it.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        self.retiring.as_ref().map_or(self.renew_at, |old| old.revoke_at.min(self.renew_at))
    }

    /// What there is to do about it now.
    #[must_use]
    pub fn task(&self, now: Timestamp) -> Option<CredentialTask> {
        match &self.retiring {
            Some(old) if old.revoke_at <= now || self.renew_at <= now => Some(CredentialTask::Revoke(old.number)),
            _ if self.renew_at <= now => Some(CredentialTask::Renew(self.number + 1)),
            _ => None,
        }
    }
}

/// Between 50 and 80 % of the life that is left, by tenant, so that tenants who came together are not renewed
/// together.
fn renewal(tenant: &TenantId, expires_at: Timestamp, now: Timestamp) -> Timestamp {
    let byte = Sha256::digest(tenant.as_str())[0];
    let life = Duration::try_from(now.duration_until(expires_at)).unwrap_or_default();
    now + life.mul_f64(0.5 + 0.3 * f64::from(byte) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn tenant() -> TenantId {
        TenantId::parse("u1").unwrap()
    }

    fn sealed() -> SealedToken {
        SealedToken::Kms("c2VhbGVk".to_owned())
    }

    fn first(now: Timestamp) -> Credential {
        Credential::issued(&tenant(), sealed(), now + DAY, None, now)
    }

    #[test]
    fn a_credential_is_renewed_between_half_and_four_fifths_of_its_life() {
        let now = Timestamp::UNIX_EPOCH;
        for id in ["a", "b", "c", "d", "e", "f"] {
            let issued = Credential::issued(&TenantId::parse(id).unwrap(), sealed(), now + DAY, None, now);
            assert!(issued.renew_at >= now + DAY.mul_f64(0.5) && issued.renew_at <= now + DAY.mul_f64(0.8));
        }
    }

    #[test]
    fn the_old_credential_overlaps_the_new_one_and_is_then_revoked() {
        let start = Timestamp::UNIX_EPOCH;
        let old = first(start);
        assert_eq!(old.task(start), None);
        let renewed = old.renew_at;
        assert_eq!(old.task(renewed), Some(CredentialTask::Renew(2)));

        let new = Credential::issued(&tenant(), sealed(), renewed + DAY, Some(&old), renewed);
        assert_eq!(new.task(renewed), None);
        assert_eq!(new.due_at(), renewed + OVERLAP);
        assert_eq!(new.task(new.due_at()), Some(CredentialTask::Revoke(1)));
        assert_eq!(new.alone().task(new.due_at()), None);
        assert_eq!(new.alone().due_at(), new.renew_at);
    }

    #[test]
    fn a_cluster_that_shortens_the_life_is_followed() {
        let now = Timestamp::UNIX_EPOCH;
        let short = Credential::issued(&tenant(), sealed(), now + Duration::from_mins(10), None, now);
        assert!(short.renew_at < short.expires_at);
    }
}

//! The issuer's keys, kept for a while, and looked for anew when a token names one that is not known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Client;
use tokio::sync::Mutex;
use tracing::warn;

use crate::discovery::{client, read_keys};
use crate::verification::{Identity, KeySet, Verifier};
use crate::{Expectation, KeysError, TokenRefusal};

/// A key that its issuer has withdrawn counts for so long at most.
const KEPT: Duration = Duration::from_hours(1);
/// Keys that are not known are looked for no more often than this, whatever tokens come.
const BETWEEN_LOOKS: Duration = Duration::from_mins(1);

/// Tells who bears a token, with the keys of one issuer.
#[derive(Clone)]
pub struct Keys {
    client: Client,
    expectation: Arc<Expectation>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    verifier: Option<Arc<Verifier>>,
    read_at: Option<Instant>,
    tried_at: Option<Instant>,
}

/// What came of looking at a token.
type Verified = Result<Identity, TokenRefusal>;

impl Keys {
    /// The keys of the expected issuer, none of which is known yet.
    pub fn new(expectation: Expectation) -> Result<Self, KeysError> {
        Ok(Self { client: client()?, expectation: Arc::new(expectation), kept: Arc::default() })
    }

    /// Who bears a token. The error is that the keys are not known; a token that does not count is no error.
    pub async fn verify(&self, token: &str) -> Result<Verified, KeysError> {
        // Before anything is looked for because of it.
        if let Err(refusal) = Verifier::check_form(token) {
            return Ok(Err(refusal));
        }
        let verifier = self.current().await?;
        match verifier.verify(token) {
            Err(TokenRefusal::UnknownKey) => Ok(self.newer_than(&verifier).await.verify(token)),
            known => Ok(known),
        }
    }

    async fn current(&self) -> Result<Arc<Verifier>, KeysError> {
        let mut kept = self.kept.lock().await;
        match &kept.verifier {
            Some(verifier) if kept.read_at.is_some_and(|at| at.elapsed() < KEPT) => Ok(Arc::clone(verifier)),
            Some(verifier) if !kept.may_look() => Ok(Arc::clone(verifier)),
            // An issuer that does not answer for a moment keeps nobody out whose key is known.
            Some(verifier) => {
                let old = Arc::clone(verifier);
                Ok(self.look(&mut kept).await.unwrap_or_else(|error| {
                    warn!(%error, "the issuer's keys are old");
                    old
                }))
            }
            None => self.look(&mut kept).await,
        }
    }

    async fn newer_than(&self, known: &Arc<Verifier>) -> Arc<Verifier> {
        let mut kept = self.kept.lock().await;
        if let Some(newer) = kept.verifier.as_ref().filter(|newer| !Arc::ptr_eq(newer, known)) {
            return Arc::clone(newer);
        }
        if !kept.may_look() {
            return Arc::clone(known);
        }
        self.look(&mut kept).await.unwrap_or_else(|error| {
            warn!(%error, "no newer keys of the issuer");
            Arc::clone(known)
        })
    }

    async fn look(&self, kept: &mut Kept) -> Result<Arc<Verifier>, KeysError> {
        kept.tried_at = Some(Instant::now());
        let keys: KeySet = read_keys(&self.client, &self.expectation.issuer).await?;
        let verifier = Arc::new(Verifier::new(keys, (*self.expectation).clone()));
        (kept.verifier, kept.read_at) = (Some(Arc::clone(&verifier)), Some(Instant::now()));
        Ok(verifier)
    }
}

impl Kept {
    fn may_look(&self) -> bool {
        self.tried_at.is_none_or(|at| at.elapsed() >= BETWEEN_LOOKS)
    }
}

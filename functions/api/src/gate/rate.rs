//! Nobody asks for so much that others wait.

use jiff::Timestamp;
use roost_domain::access::{Agent, Caller};
use tracing::warn;

use super::Gate;
use crate::problem::{Kind, Problem};

impl Gate {
    /// Counts a request against what its caller may ask for in a minute.
    pub(super) async fn count(&self, caller: &Caller) -> Result<(), Problem> {
        let Some(most) = self.backend.settings.requests_per_minute else { return Ok(()) };
        match self.backend.base.table.count_request(&name(caller), Timestamp::now()).await {
            Ok(requests) if requests > most.into() => Err(too_many(most)),
            Ok(_) => Ok(()),
            // What cannot be counted is answered: the count protects others, not the caller's things.
            Err(error) => {
                warn!(%error, "a request was not counted");
                Ok(())
            }
        }
    }
}

/// One count for a user, one for each of the user's tokens, and one for the website in all.
fn name(caller: &Caller) -> String {
    match caller {
        Caller::User(user) => format!("user#{user}"),
        Caller::Agent(Agent { token, .. }) => format!("token#{token}"),
        Caller::Website { acting_for: Some(user) } => format!("website#{user}"),
        Caller::Website { acting_for: None } => "website".to_owned(),
    }
}

fn too_many(most: u32) -> Problem {
    let detail = format!("More than {most} requests came with this token in one minute.");
    Problem::new(Kind::TooMany, detail, "Wait for the next minute; to follow something, ask with `wait`.")
}

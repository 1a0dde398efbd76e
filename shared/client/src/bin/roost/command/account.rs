//! Looks after what belongs to a user.

use roost_client::{Change, NewToken};
use serde_json::json;

use super::{Asking, Ended};
use crate::arguments::{Listing, Tokens, UsageAfter};
use crate::exit::Exit;
use crate::rendering;

impl Asking<'_> {
    pub(super) async fn list_events(&self, listing: Listing) -> Ended {
        let events = self.account.events(listing.of.project.as_ref(), listing.limit.into()).await?;
        self.output.result(&events, || rendering::events(&events))?;
        Ok(Exit::Done)
    }

    pub(super) async fn tell_usage(&self, after: UsageAfter) -> Ended {
        let change = after.waking.map(Change::Waking).or(after.agent.map(Change::Agent));
        let usage = self.account.usage(change.as_ref()).await?;
        self.output.result(&usage, || rendering::usage(&usage))?;
        Ok(Exit::Done)
    }

    pub(super) async fn see_to_tokens(&self, tokens: Tokens) -> Ended {
        match tokens {
            Tokens::Create { name, project, days } => self.create_token(&NewToken { name, project, days }).await,
            Tokens::List => {
                let tokens = self.account.tokens().await?;
                self.output.result(&tokens, || rendering::tokens(&tokens))?;
                Ok(Exit::Done)
            }
            Tokens::Revoke { id } => {
                self.account.revoke_token(&id).await?;
                self.output.result(&json!({"revoked": id}), || format!("{id} is worth nothing any more."))?;
                Ok(Exit::Done)
            }
        }
    }

    /// The token stands alone on the standard output, to be led into a file.
    async fn create_token(&self, new: &NewToken) -> Ended {
        let created = self.account.create_token(new).await?;
        let token = &created.token;
        self.output
            .remark(&format!("{} ({}) is shown this once, and ends at {:.0}.", token.name, token.id, token.ends_at));
        self.output.result(&created, || created.secret.clone())?;
        Ok(Exit::Done)
    }
}

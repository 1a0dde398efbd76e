//! Who asks, by the token that came with the request.

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use roost_domain::access::{ApiToken, Caller, TokenText};
use roost_domain::naming::TenantId;
use roost_identity::Identity;
use tracing::warn;

use super::Gate;
use crate::problem::Problem;

/// Names the user for whom the website acts.
const ACT_FOR: &str = "roost-act-for";

impl Gate {
    /// Whoever sent these headers.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let token = bearer(headers)?;
        if TokenText::is_claimed_by(token) {
            return self.agent(token).await;
        }
        let identity = self.keys.verify(token).await?.map_err(Problem::unauthenticated)?;
        match (identity, acting_for(headers)?) {
            (Identity::User(user), None) => Ok(Caller::User(user)),
            (Identity::User(_), Some(_)) => Err(Problem::input("Roost-Act-For", "only the website acts for others")),
            (Identity::Website, acting_for) => Ok(Caller::Website { acting_for }),
        }
    }

    async fn agent(&self, token: &str) -> Result<Caller, Problem> {
        let unknown = || Problem::unauthenticated("the token was never made, was taken back, or has ended");
        let text = TokenText::parse(token).map_err(|_| unknown())?;
        let found = self.backend.base.table.token_of_digest(&text.digest()).await?.ok_or_else(unknown)?;
        let now = Timestamp::now();
        let agent = found.agent(now).ok_or_else(unknown)?;
        self.note_use(&found, now).await;
        Ok(Caller::Agent(agent))
    }

    /// A note that is not written keeps nobody out.
    async fn note_use(&self, token: &ApiToken, now: Timestamp) {
        if !token.use_is_news(now) {
            return;
        }
        if let Err(error) = self.backend.base.table.note_use(token, now).await {
            warn!(%error, token = %token.id, "the token's use was not noted");
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let value = all.next().ok_or_else(|| Problem::unauthenticated("there is no token"))?;
    if all.next().is_some() {
        return Err(Problem::unauthenticated("there is more than one token"));
    }
    let value = value.to_str().ok().and_then(|value| value.split_once(' '));
    match value {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Problem::unauthenticated("there is no token that can be read")),
    }
}

fn acting_for(headers: &HeaderMap) -> Result<Option<TenantId>, Problem> {
    let Some(user) = headers.get(ACT_FOR) else { return Ok(None) };
    let user = user.to_str().unwrap_or_default();
    TenantId::parse(user).map(Some).map_err(|error| Problem::input("Roost-Act-For", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (header::AUTHORIZATION, value.parse().unwrap())).collect()
    }

    #[test]
    fn a_token_comes_once_and_as_a_bearers() {
        assert_eq!(bearer(&headers(&["Bearer abc"])).unwrap(), "abc");
        assert_eq!(bearer(&headers(&["bearer  abc "])).unwrap(), "abc");
        for values in [&[][..], &["abc"], &["Basic YTpi"], &["Bearer a", "Bearer b"]] {
            assert!(bearer(&headers(values)).is_err(), "{values:?}");
        }
    }
}

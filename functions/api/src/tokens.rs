//! Tokens that users make for programs.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use roost_aws::table::HistoryEntry;
use roost_domain::access::{ApiToken, TokenName, TokenText};
use roost_domain::naming::{ProjectName, TokenId};
use serde::{Deserialize, Serialize};
use ulid::Ulid;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Listed, Paging, PagingQuery};
use crate::gate::{Gate, Named, OfUser, Permit, asked};
use crate::input::Input;
use crate::problem::Problem;

const USUAL_DAYS: u16 = 30;
const MOST_DAYS: u16 = 365;

asked! { ListTokens: OfUser, CreateToken: OfUser, RevokeToken: OfUser }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// A token for a program.
#[derive(Debug, Serialize, ToSchema)]
struct TokenView {
    /// Its id; no secret.
    id: String,
    /// What its owner calls it.
    name: String,
    /// The one project it is for; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    /// When it was made.
    created_at: Timestamp,
    /// From when on it is worth nothing.
    ends_at: Timestamp,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
}

/// A token that has just been made.
#[derive(Debug, Serialize, ToSchema)]
struct NewTokenView {
    #[serde(flatten)]
    token: TokenView,
    /// The token itself: it is shown this once, and kept nowhere.
    secret: String,
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What to call it.
    #[schema(value_type = String, max_length = 80)]
    name: TokenName,
    /// The one project it is for; absent for all.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    project: Option<ProjectName>,
    /// How long it is good, 1 to 365 days; 30 if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u16>,
}

impl From<ApiToken> for TokenView {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id.into(),
            name: token.name.into(),
            project: token.project.map(String::from),
            created_at: token.created_at,
            ends_at: token.ends_at,
            last_used_at: token.last_used_at,
        }
    }
}

/// A user's tokens, the newest first
#[utoipa::path(get, path = "/api/users/{userId}/tokens", tag = "tokens", operation_id = "ListTokens",
    params(("userId" = String, Path), PagingQuery),
    responses((status = 200, body = Listed<TokenView>), (status = "default", body = Problem)))]
async fn list(permit: Permit<ListTokens>, Paging(page): Paging) -> Answered<Listed<TokenView>> {
    let page = permit.backend.base.table.tokens(&permit.subject.tenant, &page).await?;
    Ok(Answer::ok(page.map(TokenView::from).into()))
}

/// Makes a token for a program
#[utoipa::path(post, path = "/api/users/{userId}/tokens", tag = "tokens", operation_id = "CreateToken",
    params(("userId" = String, Path)), request_body = NewToken,
    responses((status = 201, body = NewTokenView), (status = "default", body = Problem)))]
async fn create(permit: Permit<CreateToken>, Input(new): Input<NewToken>) -> Answered<NewTokenView> {
    let tenant = permit.tenant()?.id.clone();
    let days = new.days.unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::input("days", format!("{days} is not a number from 1 to {MOST_DAYS}")));
    }
    if let Some(project) = &new.project {
        permit.backend.project(&tenant, project).await?;
    }
    let text = TokenText::of_entropy(&drawn());
    let now = Timestamp::now();
    let token = ApiToken {
        id: TokenId::parse(&Ulid::new().to_string()).map_err(|_| Problem::internal())?,
        tenant,
        name: new.name,
        project: new.project,
        digest: text.digest(),
        created_at: now,
        ends_at: now + SignedDuration::from_hours(24 * i64::from(days)),
        last_used_at: None,
    };
    permit.backend.base.table.keep_token(&token, &entry("token.created", &token, "made", &permit.caller)).await?;
    let location = format!("/api/users/{}/tokens/{}", token.tenant, token.id);
    Ok(Answer::created(location, NewTokenView { token: token.into(), secret: text.expose().to_owned() }))
}

/// Takes a token back: at once it is worth nothing
#[utoipa::path(delete, path = "/api/users/{userId}/tokens/{tokenId}", tag = "tokens", operation_id = "RevokeToken",
    params(("userId" = String, Path), ("tokenId" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn revoke(permit: Permit<RevokeToken>, Named(id): Named<TokenId>) -> Result<Response, Problem> {
    let table = &permit.backend.base.table;
    let token = table.token(&permit.subject.tenant, &id).await?.ok_or_else(Problem::not_found)?;
    table.revoke_token(&token, &entry("token.revoked", &token, "taken back", &permit.caller)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn entry(kind: &str, token: &ApiToken, what: &str, caller: &roost_domain::access::Caller) -> HistoryEntry {
    let reason = format!("the token {:?} was {what}", token.name.as_str());
    let entry = HistoryEntry::now(kind, token.id.as_str(), reason).by(caller.to_string());
    match &token.project {
        Some(project) => entry.about(project),
        None => entry,
    }
}

/// 80 of a ULID's bits are random: four of them are more than a token has.
fn drawn() -> [u8; 32] {
    let mut drawn = [0; 32];
    for part in drawn.chunks_mut(8) {
        let random = Ulid::new().random().to_be_bytes();
        part.copy_from_slice(&random[8..]);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tokens_are_alike_in_any_part() {
        let (first, second) = (drawn(), drawn());
        for part in 0..4 {
            assert_ne!(first[part * 8..part * 8 + 8], second[part * 8..part * 8 + 8]);
        }
    }
}

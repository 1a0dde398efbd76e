//! A request with an `Idempotency-Key` is carried out once, however often it comes, and answered alike each time.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use roost_aws::table::{KeptAnswer, OnceRecord};
use roost_domain::access::Action;
use roost_domain::naming::TenantId;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tracing::warn;

use super::{Answer, Answered};
use crate::backend::Backend;
use crate::problem::{Kind, Problem};

const HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;

/// The key that a request came with, if it came with one.
pub(crate) struct OnceKey(Option<String>);

/// Which request it is, so that a key stands for one request only.
pub(crate) struct Request<'a, T> {
    /// Whose things it is about.
    pub(crate) tenant: &'a TenantId,
    /// What it asks for.
    pub(crate) action: Action,
    /// What it says: its path's names and its body.
    pub(crate) content: &'a T,
}

impl<S: Send + Sync> FromRequestParts<S> for OnceKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(key) = parts.headers.get(HEADER) else { return Ok(Self(None)) };
        let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
        let key = key.ok_or_else(|| Problem::input("Idempotency-Key", "use 1 to 255 printable ASCII characters"))?;
        Ok(Self(Some(key.to_owned())))
    }
}

impl OnceKey {
    /// Carries a request out unless it was before; without a key it is carried out each time.
    pub(crate) async fn once<T: Serialize, V: Serialize>(
        self,
        backend: &Backend,
        request: Request<'_, T>,
        work: impl Future<Output = Answered<V>>,
    ) -> Result<Response, Problem> {
        let Some(key) = self.0 else { return Ok(work.await?.into_response()) };
        let name = format!("api#{}#{}", request.tenant, HEXLOWER.encode(&Sha256::digest(key)));
        let digest = request.digest()?;
        match backend.base.table.begin_once(&name, &digest, Timestamp::now()).await? {
            Some(record) => again(record, &digest),
            None => first(backend, &name, work).await,
        }
    }
}

async fn first<V: Serialize>(
    backend: &Backend,
    name: &str,
    work: impl Future<Output = Answered<V>>,
) -> Result<Response, Problem> {
    let table = &backend.base.table;
    match work.await {
        Ok(answer) => {
            let kept = answer.kept()?;
            table.keep_answer(name, &kept).await?;
            Ok(answer.into_response())
        }
        Err(problem) => {
            // Otherwise it could not be asked for again before the function is sure that nobody is at it.
            if let Err(error) = table.forget_once(name).await {
                warn!(%error, "a request that failed stays begun");
            }
            Err(problem)
        }
    }
}

fn again(record: OnceRecord, digest: &str) -> Result<Response, Problem> {
    if record.request != digest && !record.request.is_empty() {
        return Err(Problem::input("Idempotency-Key", "this key came with another request; use a new one"));
    }
    let in_progress = || {
        let detail = "The same request is being carried out at this moment.";
        Problem::new(Kind::InProgress, detail, "Send it again in a moment, with the same key.")
    };
    let KeptAnswer { status, location, body } = record.answer.ok_or_else(in_progress)?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "private, no-cache")];
    let mut response = (status, headers, body).into_response();
    if let Some(location) = location.and_then(|location| HeaderValue::try_from(location).ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(response)
}

impl<T: Serialize> Request<'_, T> {
    fn digest(&self) -> Result<String, Problem> {
        let content = serde_json::to_vec(self.content).map_err(|_| Problem::internal())?;
        let digest = Sha256::new().chain_update(format!("{:?}\n", self.action)).chain_update(content).finalize();
        Ok(HEXLOWER.encode(&digest))
    }
}

impl<T: Serialize> Answer<T> {
    fn kept(&self) -> Result<KeptAnswer, Problem> {
        let body = serde_json::to_string(&self.body).map_err(|_| Problem::internal())?;
        Ok(KeptAnswer { status: self.status.as_u16(), location: self.location.clone(), body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(answer: Option<KeptAnswer>) -> OnceRecord {
        OnceRecord { request: "d".to_owned(), begun_at: 0, answer }
    }

    #[test]
    fn the_same_request_gets_the_same_answer() {
        let kept = KeptAnswer { status: 201, location: Some("/api/x".to_owned()), body: "{}".to_owned() };
        let response = again(record(Some(kept)), "d").unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()["location"], "/api/x");
    }

    #[test]
    fn another_request_or_one_under_way_gets_none() {
        let status = |record, digest| again(record, digest).unwrap_err().into_response().status();
        assert_eq!(status(record(None), "d"), StatusCode::CONFLICT);
        assert_eq!(status(record(None), "other"), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

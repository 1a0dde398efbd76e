//! A server that behaves as the API does, and remembers what it was asked.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The one token that it knows.
pub(crate) const TOKEN: &str = "roost_known";
const PAGE: usize = 2;

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Default)]
struct Inner {
    url: String,
    seen: Vec<Seen>,
    refusals: VecDeque<(u16, Option<&'static str>)>,
    projects: BTreeSet<String>,
    looks: HashMap<String, usize>,
    stored: HashMap<String, Bytes>,
}

/// A running server.
#[derive(Clone, Default)]
pub(crate) struct Platform(Arc<Mutex<Inner>>);

impl Platform {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let platform = Self::default();
        platform.inner().url = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(answer).with_state(platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(platform)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn url(&self) -> String {
        self.inner().url.clone()
    }

    /// The next request is refused like this, and the one after it like the next of these.
    pub(crate) fn refuse(&self, status: u16, retry_after: Option<&'static str>) {
        self.inner().refusals.push_back((status, retry_after));
    }

    pub(crate) fn with_projects(self, names: &[&str]) -> Self {
        self.inner().projects.extend(names.iter().map(ToString::to_string));
        self
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inner().seen.clone()
    }

    /// The archive that was sent for a project.
    pub(crate) fn stored(&self, project: &str) -> Option<Bytes> {
        self.inner().stored.get(project).cloned()
    }
}

async fn answer(State(platform): State<Platform>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Answer {
    let seen = Seen { method, uri, headers, body };
    let mut inner = platform.inner();
    inner.seen.push(seen.clone());
    if let Some((status, retry_after)) = inner.refusals.pop_front() {
        return refusal(status, retry_after);
    }
    inner.answer(&seen)
}

type Answer = Response;

fn ok(status: u16, body: &Value) -> Answer {
    (StatusCode::from_u16(status).unwrap_or_default(), Json(body)).into_response()
}

fn refusal(status: u16, retry_after: Option<&'static str>) -> Answer {
    let problem = json!({"type": format!("urn:roost:problem:{status}"), "title": "It is refused", "status": status,
        "detail": "It cannot be.", "remedy": "Do something else."});
    let mut answer = ok(status, &problem);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    answer.headers_mut().extend(retry_after.map(|pause| (RETRY_AFTER, HeaderValue::from_static(pause))));
    answer
}

impl Inner {
    fn answer(&mut self, seen: &Seen) -> Answer {
        let path: Vec<_> = seen.uri.path().trim_start_matches('/').split('/').collect();
        if let ["store", project] = path[..] {
            return self.store(project, seen);
        }
        if seen.headers.get("authorization").is_none_or(|value| value != &format!("Bearer {TOKEN}")) {
            return refusal(401, None);
        }
        match (seen.method.as_str(), &path[..]) {
            ("GET", ["api", "users"]) => {
                ok(200, &json!({"items": [{"id": "alice", "name": "Alice", "state": "ready"}]}))
            }
            (method, ["api", "users", "alice", rest @ ..]) => self.own(method, rest, seen),
            _ => refusal(404, None),
        }
    }

    fn own(&mut self, method: &str, path: &[&str], seen: &Seen) -> Answer {
        match (method, path) {
            ("GET", ["projects"]) => self.page(seen.uri.query().unwrap_or_default()),
            ("POST", ["projects"]) => {
                let wish: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
                let name = wish["id"].as_str().unwrap_or_default().to_owned();
                self.projects.insert(name.clone());
                ok(201, &project(&name))
            }
            ("POST", ["tokens"]) => ok(
                201,
                &json!({"id": "T1", "name": "ci", "secret": "roost_new",
                "created_at": "2026-01-31T12:00:00Z", "ends_at": "2026-03-01T12:00:00Z"}),
            ),
            ("DELETE", ["tokens", "T1"]) => StatusCode::NO_CONTENT.into_response(),
            ("GET", ["operations", "O1"]) => ok(200, &operation("succeeded")),
            (method, ["projects", name, rest @ ..]) if self.projects.contains(*name) => {
                self.of_project(method, name, rest)
            }
            _ => refusal(404, None),
        }
    }

    fn of_project(&mut self, method: &str, name: &str, path: &[&str]) -> Answer {
        match (method, path) {
            ("GET", []) => ok(200, &project(name)),
            ("POST", ["uploads"]) => {
                let headers = json!({"x-amz-checksum-sha256": "sum"});
                let url = format!("{}/store/{name}?signature=secret", self.url);
                let place =
                    json!({"method": "PUT", "url": url, "headers": headers, "expires_at": "2026-01-31T12:00:00Z"});
                ok(201, &place)
            }
            ("GET", ["uploads"]) => self.release(name),
            ("POST", ["activate" | "rollback"]) => ok(202, &operation("running")),
            ("POST", ["deactivate"]) => refusal(409, None),
            ("GET", ["logs"]) => ok(
                200,
                &json!({"lines": [{"at": "2026-01-31T12:00:00Z", "pod": "web-1",
                "container": "web", "text": "hello"}], "next": "2026-01-31T12:00:00Z"}),
            ),
            _ => refusal(404, None),
        }
    }

    fn page(&self, query: &str) -> Answer {
        let from = query.split_once("cursor=").and_then(|(_, cursor)| cursor.parse().ok()).unwrap_or(0);
        let items: Vec<_> = self.projects.iter().skip(from).take(PAGE).map(|name| project(name)).collect();
        let next = (from + PAGE < self.projects.len()).then(|| (from + PAGE).to_string());
        ok(200, &json!({"items": items, "next": next}))
    }

    fn store(&mut self, project: &str, seen: &Seen) -> Answer {
        let is_signed = seen.uri.query() == Some("signature=secret") && seen.headers["x-amz-checksum-sha256"] == "sum";
        if !is_signed || seen.headers.contains_key("authorization") {
            return (StatusCode::FORBIDDEN, "SignatureDoesNotMatch").into_response();
        }
        self.stored.insert(project.to_owned(), seen.body.clone());
        [("x-amz-version-id", "v1")].into_response()
    }

    /// It is not known at first, is built, and ends as the project is called.
    fn release(&mut self, name: &str) -> Answer {
        let looks = self.looks.entry(name.to_owned()).or_default();
        *looks += 1;
        match (*looks, name) {
            (1, _) => refusal(404, None),
            (2, _) => ok(200, &release("building", false)),
            (_, "broken") => {
                let mut rejected = release("rejected", true);
                rejected["findings"] = json!([{"code": "unknown-field", "file": "platform-config.yaml", "line": 3,
                    "message": "`x` is no field.", "remedy": "Write `y`."}]);
                ok(200, &rejected)
            }
            _ => ok(200, &release("live", true)),
        }
    }
}

fn project(name: &str) -> Value {
    json!({"id": name, "user": "alice", "address": format!("https://{name}.example.com"), "phase": "Awake", "live": "r1",
        "is_leaving": false, "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z"})
}

fn release(state: &str, has_ended: bool) -> Value {
    json!({"id": "r1", "state": state, "has_ended": has_ended, "created_at": "2026-01-31T12:00:00Z",
        "updated_at": "2026-01-31T12:00:00Z", "components": []})
}

fn operation(state: &str) -> Value {
    json!({"id": "O1", "kind": "activate", "project": "shop", "state": state, "detail": format!("It has {state}."),
        "requested_at": "2026-01-31T12:00:00Z", "requested_by": "user alice"})
}

//! The Kubernetes API as far as the waker uses it: get, list, watch, create, replace, patch and delete, with versions
//! that are compared. Over HTTP, so that the waker's own client is what is tested.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, Request, Response, StatusCode};
use axum::serve::ListenerExt;
use futures::stream;
use kube::{Client, Config};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::store::{Change, Collection, Refusal, Store};

/// A running API server.
#[derive(Clone)]
pub struct ApiServer {
    pub store: Store,
    pub address: String,
    calls: Arc<AtomicU64>,
    /// How long each call takes, in milliseconds.
    latency: Arc<AtomicU64>,
}

struct Place {
    plural: String,
    namespace: String,
    name: Option<String>,
    subresource: Option<String>,
}

impl ApiServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { store: Store::default(), address, calls: Arc::default(), latency: Arc::default() };
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(
            async move { axum::serve(listener.tap_io(|stream| drop(stream.set_nodelay(true))), router).await },
        );
        server
    }

    pub fn client(&self) -> Client {
        let mut config = Config::new(self.address.parse().unwrap());
        config.default_retry = false;
        Client::try_from(config).unwrap()
    }

    /// How many calls were made that change something.
    pub fn writes(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub fn answer_after(&self, latency: Duration) {
        self.latency.store(u64::try_from(latency.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

async fn answer(State(server): State<ApiServer>, request: Request<Body>) -> Response<Body> {
    match server.latency.load(Ordering::Relaxed) {
        0 => {}
        milliseconds => sleep(Duration::from_millis(milliseconds)).await,
    }
    let (parts, body) = request.into_parts();
    let query = query_of(parts.uri.query().unwrap_or_default());
    let place = Place::of(parts.uri.path());
    if parts.method == Method::GET {
        return match &place.name {
            Some(name) => one(server.store.get(&place.plural, &place.namespace, name)),
            None if query.contains_key("watch") => watch(server.store, &place, &query),
            None => list(&server.store, &place, &query),
        };
    }
    server.calls.fetch_add(1, Ordering::Relaxed);
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let object: Value = serde_json::from_slice(&body).unwrap_or_default();
    write(&server.store, &parts.method, &place, object)
}

fn write(store: &Store, method: &Method, place: &Place, object: Value) -> Response<Body> {
    let Some(name) = place.name.as_deref() else {
        return one(Some(store.put(&place.plural, &place.namespace, object)));
    };
    let key = (place.plural.as_str(), place.namespace.as_str(), name);
    let version = object["metadata"]["resourceVersion"].as_str().map(str::to_owned);
    let written = match (method, place.subresource.as_deref()) {
        (&Method::DELETE, _) => return one(store.delete(key.0, key.1, name)),
        (&Method::PUT, Some("status")) => {
            store.change(key, version.as_deref(), |there| there["status"] = object["status"].clone())
        }
        (&Method::PUT, _) => store.change(key, version.as_deref(), |there| *there = object),
        _ if store.get(key.0, key.1, name).is_none() && object.get("apiVersion").is_some() => {
            return one(Some(store.put(key.0, key.1, object)));
        }
        _ => store.change(key, version.as_deref(), |there| merge(there, &object)),
    };
    match written {
        Ok(object) => one(Some(object)),
        Err(Refusal::Missing) => one(None),
        Err(Refusal::Conflict) => failure(StatusCode::CONFLICT, "Conflict"),
    }
}

fn list(store: &Store, place: &Place, query: &HashMap<String, String>) -> Response<Body> {
    let (objects, version) = store.list(&place.plural, &place.namespace);
    let number = |name: &str| query.get(name).and_then(|number| number.parse::<usize>().ok());
    let (first, most) = (number("continue").unwrap_or(0), number("limit").unwrap_or(usize::MAX));
    let selector = query.get("labelSelector");
    let chosen = objects.iter().filter(|object| selects(selector, object)).skip(first);
    let items: Vec<_> = chosen.take(most).map(|object| &**object).collect();
    let rest = (items.len() == most).then(|| (first + most).to_string());
    let body = json!({
        "kind": "List", "apiVersion": "v1", "items": items,
        "metadata": {"resourceVersion": version.to_string(), "continue": rest},
    });
    respond(StatusCode::OK, body.to_string())
}

fn watch(store: Store, place: &Place, query: &HashMap<String, String>) -> Response<Body> {
    let collection: Collection = (place.plural.clone(), place.namespace.clone());
    let version = query.get("resourceVersion").and_then(|version| version.parse().ok()).unwrap_or(0);
    let selector = query.get("labelSelector").cloned();
    let latest = store.follow(&collection);
    let lines = stream::unfold((store, collection, version, latest, selector), |state| async move {
        let (store, collection, version, mut latest, selector) = state;
        loop {
            latest.borrow_and_update();
            let changes = store.changes_after(&collection, version);
            if let Some(last) = changes.last().map(|change| change.version) {
                let chosen = changes.iter().filter(|change| selects(selector.as_ref(), &change.object));
                let line = |lines: String, change: &Change| {
                    lines + &json!({"type": change.kind, "object": &*change.object}).to_string() + "\n"
                };
                let lines = chosen.fold(String::new(), line);
                return Some((Ok::<_, Infallible>(Bytes::from(lines)), (store, collection, last, latest, selector)));
            }
            latest.changed().await.ok()?;
        }
    });
    Response::builder().header("content-type", "application/json").body(Body::from_stream(lines)).unwrap()
}

fn one(object: Option<Arc<Value>>) -> Response<Body> {
    object.map_or_else(
        || failure(StatusCode::NOT_FOUND, "NotFound"),
        |object| respond(StatusCode::OK, object.to_string()),
    )
}

fn failure(status: StatusCode, reason: &str) -> Response<Body> {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": reason, "reason": reason,
        "code": status.as_u16(),
    });
    respond(status, body.to_string())
}

fn respond(status: StatusCode, body: String) -> Response<Body> {
    Response::builder().status(status).header("content-type", "application/json").body(Body::from(body)).unwrap()
}

impl Place {
    /// `/api/v1/…` or `/apis/<group>/<version>/…`, then `namespaces/<namespace>` if there is one.
    fn of(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        let skipped = if parts.next() == Some("api") { 1 } else { 2 };
        let mut parts = parts.skip(skipped).map(str::to_owned).peekable();
        let is_namespaced = parts.next_if_eq("namespaces").is_some();
        let namespace = if is_namespaced { parts.next().unwrap_or_default() } else { String::new() };
        let plural = parts.next().unwrap_or_default();
        Self { plural, namespace, name: parts.next(), subresource: parts.next() }
    }
}

fn query_of(query: &str) -> HashMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().filter(|(_, value)| value != "false").collect()
}

/// `a=b,c in (d,e)`.
fn selects(selector: Option<&String>, object: &Value) -> bool {
    let Some(selector) = selector else { return true };
    let label = |name: &str| object["metadata"]["labels"][name].as_str().unwrap_or_default().to_owned();
    let rest = match selector.split_once(" in (") {
        None => selector.as_str(),
        Some((name, values)) => {
            return values.trim_end_matches(')').split(',').any(|value| value == label(name));
        }
    };
    rest.split(',').filter_map(|term| term.split_once('=')).all(|(name, value)| label(name) == value)
}

fn merge(there: &mut Value, change: &Value) {
    match (there, change) {
        (Value::Object(there), Value::Object(change)) => {
            for (name, value) in change {
                merge(there.entry(name).or_insert(Value::Null), value);
            }
        }
        (there, change) => *there = change.clone(),
    }
}

//! A request that comes while its app sleeps gets the app's own answer, once, and whole.

use std::time::Duration;

use data_encoding::HEXLOWER;
use futures::future::join_all;
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::Scene;
use crate::support::api_server::ApiServer;
use crate::support::apps::TestApp;
use crate::support::client::{Http2, ask, request};
use crate::support::pod::Pod;
use crate::support::waker::{Settings, Waker, until};

const SOON: Duration = Duration::from_millis(200);
const LIMIT: Duration = Duration::from_secs(20);

fn post(host: &str, body: Vec<u8>) -> Request<Full<Bytes>> {
    request("POST", host, "/orders?id=7", &[("x-forwarded-for", "192.0.2.1")]).map(|_| Full::from(body))
}

#[tokio::test]
async fn a_request_wakes_its_app_and_gets_the_apps_answer() {
    let scene = Scene::with_pods_after(SOON).await;
    let body = vec![7; 3_000_000];
    let answer = ask(scene.waker.address, post(&scene.app.host(), body.clone())).await.unwrap();
    let said = answer.json();
    assert_eq!((answer.status, &said["path"]), (StatusCode::OK, &Value::from("/orders?id=7")));
    assert_eq!(said["sha256"], HEXLOWER.encode(&Sha256::digest(&body)));
    assert_eq!(said["headers"]["host"], scene.app.host());
    assert_eq!(said["headers"]["x-forwarded-for"], "192.0.2.1");
    assert_eq!(answer.headers["connection"], "close", "the gateway keeps no connection to the waker");
    until("the app is awake, and has its route", || {
        scene.app.phase(&scene.cluster.store) == "Awake" && scene.app.has_route(&scene.cluster.store)
    })
    .await;
    assert_eq!(scene.app.replicas(&scene.cluster.store), 2, "as many as before it slept");
    assert_eq!(scene.pod.requests(), 1);
}

#[tokio::test]
async fn many_requests_with_bodies_arrive_whole_and_once() {
    let scene = Scene::with_pods_after(SOON).await;
    let bodies: Vec<Vec<u8>> = (0..200_u8).map(|number| vec![number; 50_000 + usize::from(number)]).collect();
    let answers =
        join_all(bodies.iter().map(|body| ask(scene.waker.address, post(&scene.app.host(), body.clone())))).await;
    for (answer, body) in answers.into_iter().zip(&bodies) {
        assert_eq!(answer.unwrap().json()["sha256"], HEXLOWER.encode(&Sha256::digest(body)));
    }
    assert_eq!(scene.pod.requests(), 200);
}

#[tokio::test]
async fn a_body_is_asked_for_only_once_a_pod_takes_it() {
    let scene = Scene::with_pods_after(Duration::from_millis(600)).await;
    let mut stream = TcpStream::connect(scene.waker.address).await.unwrap();
    let head =
        format!("POST / HTTP/1.1\r\nhost: {}\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n", scene.app.host());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 25];
    assert!(timeout(Duration::from_millis(300), stream.read_exact(&mut first)).await.is_err(), "it is asleep");
    timeout(LIMIT, stream.read_exact(&mut first)).await.unwrap().unwrap();
    assert_eq!(std::str::from_utf8(&first).unwrap(), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.unwrap();
    let mut rest = String::new();
    timeout(LIMIT, stream.read_to_string(&mut rest)).await.unwrap().unwrap();
    assert!(rest.starts_with("HTTP/1.1 200") && rest.contains("\"bytes\":5"), "{rest}");
}

#[tokio::test]
async fn a_web_socket_opens_once_the_app_is_awake() {
    let scene = Scene::with_pods_after(SOON).await;
    let asked = [("connection", "Upgrade"), ("upgrade", "repeat")];
    let answer = crate::support::client::send(scene.waker.address, request("GET", &scene.app.host(), "/live", &asked));
    let response = timeout(LIMIT, answer).await.unwrap().unwrap();
    assert_eq!(
        (response.status(), &response.headers()["upgrade"]),
        (StatusCode::SWITCHING_PROTOCOLS, &"repeat".parse().unwrap())
    );
    let mut socket = hyper_util::rt::TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    for word in [b"first", b"again"] {
        socket.write_all(word).await.unwrap();
        let mut said = [0; 5];
        timeout(LIMIT, socket.read_exact(&mut said)).await.unwrap().unwrap();
        assert_eq!(&said, word);
    }
}

#[tokio::test]
async fn http_2_without_tls_is_held_like_the_rest() {
    let scene = Scene::with_pods_after(SOON).await;
    let address = format!("http://{}/rpc", scene.app.host());
    let connection = Http2::connect(scene.waker.address).await.unwrap();
    let asking = (0..100).map(|_| connection.clone().ask(Request::post(&address).body(Full::from("x")).unwrap()));
    let answers = timeout(LIMIT, join_all(asking)).await.unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap().json()["headers"]["host"] == scene.app.host()));
    assert_eq!(scene.pod.requests(), 100);
}

#[tokio::test]
async fn a_client_that_leaves_frees_its_place_and_the_app_wakes_all_the_same() {
    let scene = Scene::with_pods_after(Duration::from_secs(1)).await;
    let with_body = format!("POST / HTTP/1.1\r\nhost: {}\r\ncontent-length: 9000\r\n\r\nabc", scene.app.host());
    let without = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", scene.app.host());
    let mut clients = Vec::new();
    for head in [with_body, without] {
        let mut client = TcpStream::connect(scene.waker.address).await.unwrap();
        client.write_all(head.as_bytes()).await.unwrap();
        clients.push(client);
    }
    scene.waker.holds(2).await;
    drop(clients);
    scene.waker.holds(0).await;
    assert_ne!(scene.app.phase(&scene.cluster.store), "Awake");
    until("the app is awake", || scene.app.phase(&scene.cluster.store) == "Awake").await;
    assert_eq!(scene.pod.requests(), 0);
}

#[tokio::test]
async fn a_client_that_leaves_a_shared_connection_frees_its_place() {
    let scene = Scene::with_pods_after(Duration::from_secs(1)).await;
    let address = format!("http://{}/", scene.app.host());
    let connection = Http2::connect(scene.waker.address).await.unwrap();
    let ask = || tokio::spawn(connection.clone().ask(Request::post(&address).body(Full::from("x")).unwrap()));
    let (leaving, staying) = (ask(), ask());
    scene.waker.holds(2).await;
    leaving.abort();
    scene.waker.holds(1).await;
    assert!(timeout(LIMIT, staying).await.unwrap().unwrap().unwrap().is_of_app());
    assert_eq!(scene.pod.requests(), 1);
}

#[tokio::test]
async fn a_fresh_app_does_not_get_all_requests_at_once() {
    let scene = Scene::with_pods_after(Duration::from_millis(500)).await;
    let waiting = join_all((0..1_000).map(|_| ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[]))));
    let answers = timeout(LIMIT, waiting).await.unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap().is_of_app()));
    assert_eq!(scene.pod.requests(), 1_000);
    assert!(scene.pod.most_at_once() < 900, "{} at once", scene.pod.most_at_once());
}

#[tokio::test]
async fn while_an_app_drains_a_request_reaches_it_and_ends_the_drain() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    scene.app.put(&scene.cluster.store, &serde_json::json!({"phase": "Draining", "epoch": 5}), 1);
    sleep(Duration::from_millis(100)).await;
    let answer = ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])).await.unwrap();
    assert!(answer.is_of_app());
    until("the drain has ended", || scene.app.phase(&scene.cluster.store) == "Awake").await;
    until("the route is back", || scene.app.has_route(&scene.cluster.store)).await;
}

#[tokio::test]
async fn a_pod_that_speaks_http_2_is_spoken_to_so() {
    let (cluster, pod) = (ApiServer::start().await, Pod::start(Duration::ZERO).await);
    let app = TestApp::new("alice", "rpc");
    app.put(&cluster.store, &json!({"phase": "Awake", "epoch": 5}), 1);
    let slice = json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
        "metadata": {"name": "rpc-x", "labels": {"kubernetes.io/service-name": "rpc"}},
        "endpoints": [{"addresses": [pod.address.ip().to_string()], "conditions": {"ready": true}}],
        "ports": [{"name": "", "port": pod.address.port(), "appProtocol": "kubernetes.io/h2c"}],
    });
    cluster.store.put("endpointslices", &app.namespace(), slice);
    let waker = Waker::start(&cluster, Settings::default()).await;
    let said = ask(waker.address, post(&app.host(), vec![7; 100_000])).await.unwrap().json();
    assert_eq!((&said["version"], &said["bytes"]), (&"HTTP/2.0".into(), &100_000.into()), "{said}");
}

//! The waker on real connections: what it holds and passes on, what it shows, and whom it wakes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what does not hold ends the test")]

#[path = "../support/mod.rs"]
mod support;

mod apps_wake_once;
mod held_requests_are_answered;
mod no_request_is_lost;
mod pages_tell_what_happens;
mod places_are_limited;
mod releases_start_what_slept;
mod the_sweep_is_told;
mod wakes_come_in_waves;
mod what_fails_says_why;
mod what_stops_is_not_awake;

use std::time::Duration;

use support::api_server::ApiServer;
use support::apps::TestApp;
use support::kubelet::{self, Start};
use support::pod::Pod;
use support::waker::{Settings, Waker};

/// A cluster with an app asleep, pods that are ready after a time, and a waker.
struct Scene {
    cluster: ApiServer,
    pod: Pod,
    app: TestApp,
    waker: Waker,
}

impl Scene {
    async fn with_pods_after(time: Duration) -> Self {
        Self::with(time, Settings::default()).await
    }

    async fn with(time: Duration, settings: Settings) -> Self {
        let (cluster, pod, app) =
            (ApiServer::start().await, Pod::start(Duration::ZERO).await, TestApp::new("alice", "shop"));
        app.asleep(&cluster.store);
        kubelet::run(&cluster.store, Start::Ready(pod.address, time));
        let waker = Waker::start(&cluster, settings).await;
        Self { cluster, pod, app, waker }
    }
}

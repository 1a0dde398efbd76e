//! Signups one at a time and sixteen at a time, among few tenants and among thousands.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use roost_tests::fault_proxy::forward_all;
use roost_tests::function::Function;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::until::{self, PATIENCE};
use roost_tests::user::{User, envelope};
use roost_tests::world::World;
use serde_json::Value;

use roost_tests::report::{Report, quantile};

const ONE_AT_A_TIME: usize = 60;
const THROUGH_THE_BUS: usize = 20;
const UNDER_LOAD: usize = 480;
/// Two functions with batches of eight have sixteen signups in flight.
const BATCH: usize = 8;
/// How many tenants are there already; each step measured beside the empty platform again.
const NEIGHBOURS: [usize; 2] = [1_000, 5_000];

pub(crate) async fn measure(function: &Path, report: &mut Report) -> Result<()> {
    calls(function, report).await?;
    through_the_bus(report).await?;
    let world = World::new().await?;
    let start = || world.start_binary(function, "provision-tenant");
    let functions = [start().await?, start().await?];
    signups(&world, &functions, 8, 1).await?;

    let alone = signups(&world, &functions[..1], ONE_AT_A_TIME, 1).await?;
    report.add("receipt to READY, one at a time, p50", alone.text(0.5), "under 100 ms");
    report.add("receipt to READY, one at a time, p99", alone.text(0.99), "");
    let loaded = signups(&world, &functions, UNDER_LOAD, BATCH).await?;
    let in_flight = functions.len() * BATCH;
    report.add(format!("tenants a second, {in_flight} in flight"), format!("{:.1}", loaded.rate), "60");
    report.add(format!("receipt to READY, {in_flight} in flight, p50"), loaded.text(0.5), "");
    report.add(format!("receipt to READY, {in_flight} in flight, p99"), loaded.text(0.99), "under 1 s");
    let memory = functions[0].peak_megabytes()?;
    report.add("function's peak memory", format!("{memory:.1} MB"), "under 48 MB");

    let mut present = 0;
    for neighbours in NEIGHBOURS {
        signups(&world, &functions, neighbours - present, BATCH).await?;
        present = neighbours;
        controllers_catch_up(&world, &functions[0]).await?;
        let among = signups(&world, &functions[..1], ONE_AT_A_TIME, 1).await?;
        let ratio = among.at(0.5) / alone.at(0.5);
        let figure = format!("{} ({:+.0} %)", among.text(0.5), (ratio - 1.0) * 100.0);
        report.add(format!("receipt to READY among {neighbours} more tenants, p50"), figure, "within 10 %");
    }
    Ok(())
}

/// Waits until the cluster's controllers have done their own work for the newest of all namespaces: what they still have
/// to do for thousands would be measured along.
async fn controllers_catch_up(world: &World, function: &Function) -> Result<()> {
    let user = User::new("bench-last");
    world.carry_out(function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let maps: Api<ConfigMap> = Api::namespaced(world.platform.cluster.clone(), &user.namespace());
    until::some("the controllers", || async { Ok(maps.get_opt("kube-root-ca.crt").await?) }).await?;
    Ok(())
}

/// What a run of signups took.
struct Run {
    /// From receipt to READY, in milliseconds, sorted.
    latencies: Vec<f64>,
    /// Tenants a second.
    rate: f64,
}

impl Run {
    fn at(&self, share: f64) -> f64 {
        quantile(&self.latencies, share)
    }

    fn text(&self, share: f64) -> String {
        format!("{:.0} ms", self.at(share))
    }
}

/// Signs up so many users through functions that take batches of so many each, as the queue hands them out.
async fn signups(world: &World, functions: &[Function], count: usize, batch: usize) -> Result<Run> {
    let logged = try_join_all(functions.iter().map(Function::logged)).await?;
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    try_join_all(functions.iter().map(|function| {
        let next = &next;
        async move {
            loop {
                // As the queue would: what was put back comes between what is new.
                let mut bodies = world.put_back(i32::try_from(batch)?, 0).await?;
                let room = batch.saturating_sub(bodies.len());
                let first = next.fetch_add(room, Ordering::Relaxed);
                bodies.extend((first..count.min(first + room)).map(|_| signup()));
                if bodies.is_empty() {
                    return world.settle_queue(function, PATIENCE).await;
                }
                function.handle(&bodies).await?;
            }
        }
    }))
    .await?;
    let seconds = started.elapsed().as_secs_f64();
    let mut latencies = Vec::new();
    for (function, before) in functions.iter().zip(logged) {
        latencies.extend(ready_latencies(&function.logged().await?[before.len()..]));
    }
    ensure!(latencies.len() == count, "{} of {count} tenants became ready", latencies.len());
    latencies.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a count of some thousands")]
    Ok(Run { latencies, rate: count as f64 / seconds })
}

fn signup() -> String {
    envelope("user.signed-up", &User::new("bench").signed_up("free", 1))
}

/// From receipt to READY in milliseconds; of an event that was put back, from its first receipt.
fn ready_latencies(log: &[Value]) -> Vec<f64> {
    let ready = log.iter().map(|line| &line["fields"]).filter(|fields| fields["outcome"] == "ready");
    let latency = |fields: &Value| match fields["looks"].as_u64() {
        Some(0) => fields["elapsed_us"].as_f64().map(|elapsed| elapsed / 1e3),
        _ => fields["age_ms"].as_f64(),
    };
    ready.filter_map(latency).collect()
}

/// Counts the calls of one signup.
async fn calls(function: &Path, report: &mut Report) -> Result<()> {
    let mut world = World::new().await?;
    let cluster = world.watch_cluster(forward_all()).await?;
    let aws = world.watch_aws(forward_all()).await?;
    let functions = [world.start_binary(function, "provision-tenant").await?];
    // The first one also reads the clusters and their secret, which are then kept.
    signups(&world, &functions, 1, 1).await?;
    let before = (cluster.calls().len(), aws.calls().len());
    signups(&world, &functions, 1, 1).await?;
    let calls = (cluster.calls().len() - before.0, aws.calls().len() - before.1);
    report.add("calls of a signup: API server, AWS", format!("{} and {}", calls.0, calls.1), "9 to the API server");
    Ok(())
}

/// From the bus to READY through the emulator: its delivery takes part.
async fn through_the_bus(report: &mut Report) -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let mut latencies = Vec::new();
    for _ in 0..THROUGH_THE_BUS {
        let user = User::new("bench-bus");
        let started = Instant::now();
        platform.publish("user.signed-up", &user.signed_up("free", 1)).await?;
        until::some_soon("the tenant", || async {
            let tenant = platform.table.tenant(&user.id).await?;
            Ok(tenant.filter(|tenant| tenant.state.name() == "ready"))
        })
        .await?;
        latencies.push(started.elapsed().as_secs_f64() * 1e3);
    }
    latencies.sort_by(f64::total_cmp);
    let figure = format!("{:.0} ms", quantile(&latencies, 0.5));
    report.add("bus to READY through the emulator, p50", figure, "");
    Ok(())
}

//! A signup on the bus, and the tenant that comes of it.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use jiff::Timestamp;
use roost_aws::table::Table;
use roost_domain::naming::TenantId;
use roost_domain::tenant::{Home, Tenant, TenantState};
use serde_json::json;
use ulid::Ulid;

use crate::install::{aws, kubectl, stack};
use crate::instance::Instance;
use crate::mode::Cluster;

const LIMIT: Duration = Duration::from_secs(30);
const PERIOD: Duration = Duration::from_millis(20);

/// Puts Alice's signup on the bus, and shows what she gets.
pub(super) async fn sign_up(instance: &Instance) -> anyhow::Result<Tenant> {
    let configuration = aws::configuration(instance).await;
    let outputs = stack::outputs(instance)?;
    let table = outputs.get("TableName").context("the stack has no output TableName")?;
    let bus = outputs.get("EventBusName").context("the stack has no output EventBusName")?;
    let table = Table::new(aws_sdk_dynamodb::Client::new(&configuration), table.clone());
    let id = TenantId::parse(&Ulid::new().to_string())?;
    let detail = json!({
        "user_id": id, "name": name(instance, &id), "email_hash": "5f".repeat(32), "plan": "free", "version": 1
    });
    println!("user.signed-up  {detail}");
    let started = Instant::now();
    publish(&aws_sdk_eventbridge::Client::new(&configuration), bus, "user.signed-up", &detail.to_string()).await?;
    let (tenant, home) = ready(&table, &id).await?;
    println!("ready after {} ms: {}\n", started.elapsed().as_millis(), home.slug.namespace());
    let quota = ["describe", "resourcequota", "roost-quota", "--namespace", &home.slug.namespace()];
    println!("{}", kubectl::call(instance, &quota).await?);
    Ok(tenant)
}

/// On somebody else's cluster the namespaces of earlier platforms' Alices stay.
fn name(instance: &Instance, id: &TenantId) -> String {
    match instance.mode.cluster {
        Cluster::Own => "alice".to_owned(),
        Cluster::Existing { .. } => format!("alice-{}", id.as_str().to_lowercase()),
    }
}

async fn publish(client: &aws_sdk_eventbridge::Client, bus: &str, kind: &str, detail: &str) -> anyhow::Result<()> {
    let now = aws_sdk_eventbridge::primitives::DateTime::from_millis(Timestamp::now().as_millisecond());
    let entry = PutEventsRequestEntry::builder().event_bus_name(bus).source("roost.website").time(now);
    let sent = client.put_events().entries(entry.detail_type(kind).detail(detail).build()).send().await?;
    if sent.failed_entry_count() > 0 {
        bail!("the bus took no event: {:?}", sent.entries());
    }
    Ok(())
}

async fn ready(table: &Table, id: &TenantId) -> anyhow::Result<(Tenant, Home)> {
    let started = Instant::now();
    while started.elapsed() < LIMIT {
        if let Some(tenant) = table.tenant(id).await?
            && let TenantState::Ready { home } = tenant.state.clone()
        {
            return Ok((tenant, home));
        }
        tokio::time::sleep(PERIOD).await;
    }
    bail!("the tenant is not ready after {} s; `make logs PART=provision-tenant` may say why", LIMIT.as_secs())
}

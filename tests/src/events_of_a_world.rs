//! A bucket and a bus of a world's own, whose events all come to the world's queue.

use anyhow::Result;
use aws_sdk_eventbridge::types::Target;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, EventBridgeConfiguration,
    NotificationConfiguration, VersioningConfiguration,
};
use serde_json::json;
use ulid::Ulid;

use crate::running_platform::variable;
use crate::world::World;

/// Where a world's events come from.
pub(crate) struct Sources {
    pub(crate) bucket: String,
    pub(crate) bus: String,
}

/// A client for buckets: they are parts of the path, as the emulator has no host for each.
pub(crate) fn s3(world: &World) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(&world.platform.aws).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

/// Makes them, wired as infra/template.yaml wires the platform's.
pub(crate) async fn create(world: &World) -> Result<Sources> {
    let name = format!("world-{}", Ulid::new().to_string().to_lowercase());
    create_bucket(world, &name).await?;
    let events = aws_sdk_eventbridge::Client::new(&world.platform.aws);
    events.create_event_bus().name(&name).send().await?;
    let keys = json!([{"prefix": "artifacts/"}, {"prefix": "results/"}]);
    let of_bucket = json!({"source": ["aws.s3"], "detail": {"bucket": {"name": [name]}, "object": {"key": keys}}});
    let of_bus = json!({"source": ["roost.platform"]});
    for (rule, bus, pattern) in [("objects", "default", of_bucket), ("events", name.as_str(), of_bus)] {
        let rule = format!("{name}-{rule}");
        let put = events.put_rule().name(&rule).event_bus_name(bus).event_pattern(pattern.to_string());
        put.send().await?;
        let target = Target::builder().id("queue").arn(world.queue_arn().await?).build()?;
        events.put_targets().rule(&rule).event_bus_name(bus).targets(target).send().await?;
    }
    Ok(Sources { bucket: name.clone(), bus: name })
}

async fn create_bucket(world: &World, name: &str) -> Result<()> {
    let s3 = s3(world);
    let place = BucketLocationConstraint::from(variable("AWS_REGION")?.as_str());
    let place = CreateBucketConfiguration::builder().location_constraint(place).build();
    s3.create_bucket().bucket(name).create_bucket_configuration(place).send().await?;
    let versions = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    s3.put_bucket_versioning().bucket(name).versioning_configuration(versions).send().await?;
    let events = EventBridgeConfiguration::builder().build();
    let notifications = NotificationConfiguration::builder().event_bridge_configuration(events).build();
    s3.put_bucket_notification_configuration().bucket(name).notification_configuration(notifications).send().await?;
    Ok(())
}

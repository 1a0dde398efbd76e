//! The clients and settings of a function that works on releases, made once for its process.

use std::time::Duration;

use aws_sdk_s3::config::RequestChecksumCalculation;
use roost_aws::bus::Bus;
use roost_aws::objects::Objects;
use roost_domain::build::Builder;
use roost_runtime::{Platform, SettingsError, StartError};

use crate::Registries;

/// What the functions work with.
#[derive(Clone)]
pub struct ReleasePlatform {
    /// What every function works with.
    pub base: Platform,
    /// The bucket.
    pub objects: Objects,
    /// The bus.
    pub bus: Bus,
    /// The clusters' registries.
    pub registries: Registries,
    /// Apps get hosts below this domain.
    pub base_domain: String,
    /// The longest a build may take, in seconds.
    pub build_limit_seconds: u32,
    /// Builds at once in a cluster.
    pub builds_at_once: usize,
    /// The system and architecture that images are for, such as `linux/amd64`.
    pub image_platform: String,
    /// How long workloads may take to come up.
    pub roll_out_limit: Duration,
    /// How many seconds nobody may have asked for an app before it goes to sleep; `None` if apps never sleep.
    pub idle_after_seconds: Option<u32>,
    /// Whether builds share a builder, or each has one of its own.
    pub builder: Builder,
}

impl ReleasePlatform {
    /// Starts the log and makes the clients from the environment.
    pub async fn start() -> Result<Self, StartError> {
        let base = Platform::start().await?;
        // Otherwise every URL for writing would be bound to the checksum of nothing.
        let s3 = aws_sdk_s3::config::Builder::from(&base.aws)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        Ok(Self {
            objects: Objects::new(aws_sdk_s3::Client::from_conf(s3.build()), required("ROOST_ARTIFACT_BUCKET")?),
            bus: Bus::new(aws_sdk_eventbridge::Client::new(&base.aws), required("ROOST_EVENT_BUS")?),
            registries: Registries::new(base.secrets.clone()),
            base_domain: required("ROOST_BASE_DOMAIN")?,
            build_limit_seconds: number("ROOST_BUILD_LIMIT_SECONDS")?,
            builds_at_once: usize::try_from(number("ROOST_BUILDS_AT_ONCE")?).unwrap_or(usize::MAX),
            image_platform: required("ROOST_IMAGE_PLATFORM")?,
            roll_out_limit: Duration::from_secs(number("ROOST_ROLL_OUT_LIMIT_SECONDS")?.into()),
            idle_after_seconds: Some(number("ROOST_IDLE_AFTER_SECONDS")?).filter(|seconds| *seconds > 0),
            builder: if required("ROOST_BUILDER")? == "isolated" { Builder::Isolated } else { Builder::Shared },
            base,
        })
    }
}

fn required(name: &'static str) -> Result<String, SettingsError> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(SettingsError::Missing(name))
}

fn number(name: &'static str) -> Result<u32, SettingsError> {
    required(name)?.parse().map_err(|_| SettingsError::Number(name))
}

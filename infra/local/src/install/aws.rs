//! Clients of the AWS emulator.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;

use super::stack::{ACCESS_KEY, REGION};
use crate::instance::Instance;

pub(crate) async fn configuration(instance: &Instance) -> SdkConfig {
    let credentials = Credentials::new(ACCESS_KEY, ACCESS_KEY, None, None, "roost-local");
    let loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(REGION));
    loader.credentials_provider(credentials).endpoint_url(instance.aws_node_endpoint()).load().await
}

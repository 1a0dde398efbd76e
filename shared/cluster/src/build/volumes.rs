//! What the containers of a build Job find mounted, and where.

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, SecretVolumeSource, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use roost_domain::build::{BuildJobName, Builder};

use super::BuildSettings;

/// The group of our own program; the kubelet gives it the mounted files.
pub(super) const GROUP: i64 = 65532;
const READABLE_BY_GROUP: i32 = 0o440;

pub(super) const ORDER: &str = "order";
pub(super) const ORDER_FOLDER: &str = "/etc/roost/order";
pub(super) const REGISTRY: &str = "registry";
pub(super) const REGISTRY_FOLDER: &str = "/etc/roost/registry";
pub(super) const CERTIFICATES: &str = "certificates";
pub(super) const CERTIFICATES_FOLDER: &str = "/etc/roost/builder";
pub(super) const WORKSPACE: &str = "workspace";
pub(super) const WORKSPACE_FOLDER: &str = "/workspace";
pub(super) const SOCKET: &str = "socket";
pub(super) const SOCKET_FOLDER: &str = "/run/buildkit";
pub(super) const CACHE: &str = "cache";
pub(super) const CACHE_FOLDER: &str = "/var/lib/buildkit";
pub(super) const TEMPORARY: &str = "temporary";
pub(super) const TEMPORARY_FOLDER: &str = "/tmp";
pub(super) const CONFIGURATION: &str = "configuration";
pub(super) const CONFIGURATION_FOLDER: &str = "/etc/buildkit";

/// The chart's names.
const CLIENT_CERTIFICATES: &str = "buildkitd-client-tls";
const ISOLATED_CONFIGURATION: &str = "buildkitd-isolated";

pub(super) fn volumes(name: &BuildJobName, builder: Builder, settings: &BuildSettings) -> Vec<Volume> {
    let mut volumes = vec![
        secret(ORDER, name.order_secret()),
        secret(REGISTRY, name.registry_secret()),
        empty(WORKSPACE, Some(&settings.workspace_size)),
    ];
    match builder {
        Builder::Shared => volumes.push(secret(CERTIFICATES, CLIENT_CERTIFICATES.to_owned())),
        Builder::Isolated => {
            volumes.extend([
                empty(SOCKET, None),
                empty(TEMPORARY, None),
                empty(CACHE, Some(&settings.builder_cache_size)),
                configuration(),
            ]);
        }
    }
    volumes
}

pub(super) fn mount(volume: &str, folder: &str) -> VolumeMount {
    VolumeMount { name: volume.to_owned(), mount_path: folder.to_owned(), ..VolumeMount::default() }
}

pub(super) fn mount_to_read(volume: &str, folder: &str) -> VolumeMount {
    VolumeMount { read_only: Some(true), ..mount(volume, folder) }
}

fn secret(volume: &str, name: String) -> Volume {
    let secret = SecretVolumeSource {
        secret_name: Some(name),
        default_mode: Some(READABLE_BY_GROUP),
        ..SecretVolumeSource::default()
    };
    Volume { name: volume.to_owned(), secret: Some(secret), ..Volume::default() }
}

fn empty(volume: &str, limit: Option<&String>) -> Volume {
    let size_limit = limit.cloned().map(Quantity);
    let folder = EmptyDirVolumeSource { size_limit, ..EmptyDirVolumeSource::default() };
    Volume { name: volume.to_owned(), empty_dir: Some(folder), ..Volume::default() }
}

fn configuration() -> Volume {
    let map = ConfigMapVolumeSource { name: ISOLATED_CONFIGURATION.to_owned(), ..ConfigMapVolumeSource::default() };
    Volume { name: CONFIGURATION.to_owned(), config_map: Some(map), ..Volume::default() }
}

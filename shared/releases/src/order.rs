//! The order for a build, written when its turn has come: the rights in it are good for as long as the build may take.

use std::time::Duration;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use roost_aws::objects::ObjectKey;
use roost_domain::build::{
    BUILD_LOG_TYPE, BUILD_REPORT_TYPE, BuildOrder, Nonce, NonceError, OrderedComponent, SignedUrl, Uploads,
};
use roost_domain::image::Repository;
use roost_domain::naming::TenantId;
use roost_domain::release::{Origin, Release, ReleaseComponent};
use roost_registry::docker_config;
use roost_registry::grant::Grant;
use roost_registry::settings::RegistrySettings;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use crate::{ReleasePlatform, StepFailure};

/// A build that is at its limit still has to put its log and its report, and clocks differ.
const MARGIN: Duration = Duration::from_mins(10);
/// 2000-01-01, in seconds since 1970: the age of every file in every image, so that the same content is the same layer.
const FILES_DATED: i64 = 946_684_800;
/// What one step may use: more than most compilers need, less than a builder has.
const STEP_MEMORY_BYTES: u64 = 2 << 30;
/// Names this way of building in the images' provenance.
const BUILDER_ID: &str = "https://roost.dev/build/v1";

/// A nonce that nobody can guess: 160 bits of chance.
pub fn draw_nonce() -> Result<Nonce, NonceError> {
    Nonce::parse(&format!("{}{}", Ulid::new(), Ulid::new()))
}

/// Writes the order for a release that waits for its build, with fresh rights.
pub(crate) async fn write_order(
    platform: &ReleasePlatform,
    registry: &RegistrySettings,
    release: &Release,
) -> Result<Option<(BuildOrder, SecretString)>, StepFailure> {
    let (Some(attempt), Origin::Upload(upload)) = (release.state.attempt(), &release.origin) else { return Ok(None) };
    let limit = platform.build_limit_seconds;
    let lifetime = Duration::from_secs(u64::from(limit)) + MARGIN;
    let (tenant, project, number) = (&release.tenant, &release.project, release.number);
    let to_write = async |key: ObjectKey, media_type| {
        let url = platform.objects.url_to_write(&key, media_type, lifetime).await?;
        Ok::<_, StepFailure>(SignedUrl::new(url))
    };
    let archive = ObjectKey::artifact(tenant, project);
    let order = BuildOrder {
        nonce: attempt.nonce.clone(),
        tenant: tenant.clone(),
        project: project.clone(),
        release: number,
        archive: SignedUrl::new(platform.objects.url_to_read(&archive, &upload.version_id, lifetime).await?),
        uploads: Uploads {
            live_log: to_write(ObjectKey::live_log(tenant, project, number), BUILD_LOG_TYPE).await?,
            log: to_write(ObjectKey::build_log(tenant, project, number), BUILD_LOG_TYPE).await?,
            report: to_write(ObjectKey::result(tenant, project, number), BUILD_REPORT_TYPE).await?,
        },
        registry: registry.name.clone(),
        builder: platform.builder,
        components: release.components.iter().filter(|component| component.is_to_be_built()).map(ordered).collect(),
        platform: platform.image_platform.clone(),
        files_dated: Timestamp::from_second(FILES_DATED).unwrap_or(Timestamp::UNIX_EPOCH),
        cache_namespace: cache_namespace(registry, tenant)?,
        builder_id: BUILDER_ID.to_owned(),
        step_memory_bytes: STEP_MEMORY_BYTES,
        limit_seconds: limit,
    };
    let grants = order.components.iter().map(|component| Grant::push(Repository::of(tenant, project, &component.name)));
    let subject = format!("build {tenant} {}", release.title());
    let token = registry.signing_key.token(&subject, &grants.collect::<Vec<_>>(), lifetime, Timestamp::now())?;
    Ok(Some((order, docker_config::for_pushing(&registry.name, &token))))
}

fn ordered(component: &ReleaseComponent) -> OrderedComponent {
    OrderedComponent {
        name: component.name.clone(),
        context: component.context.clone(),
        dockerfile: component.dockerfile.clone(),
        content: component.content.clone(),
        expected_ms: component.built_in_ms,
    }
}

/// Keeps the tenants' cache mounts apart on a builder they share: a name that follows from a key cannot be guessed.
fn cache_namespace(registry: &RegistrySettings, tenant: &TenantId) -> Result<String, StepFailure> {
    let password = registry.pull_key.credential(tenant)?.password;
    let digest = Sha256::new().chain_update("cache/v1/").chain_update(password.expose_secret()).finalize();
    Ok(HEXLOWER.encode(&digest[..16]))
}

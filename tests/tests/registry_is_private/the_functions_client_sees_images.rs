//! What functions ask of the registry.

use std::collections::BTreeMap;

use anyhow::Result;
use roost_domain::image::ImageDigest;
use roost_registry::client::RegistryClient;
use roost_tests::registry::{Registry, repository};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::user::User;

#[tokio::test]
async fn images_are_found_listed_and_deleted() -> Result<()> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let client = RegistryClient::new(&registry.settings)?;
    let own = repository(&User::new("owner").id, "web")?;
    let missing = ImageDigest::parse(&format!("sha256:{}", "0".repeat(64)))?;
    assert!(!client.has_manifest(&own, &missing).await? && client.tagged_images(&own).await?.is_empty());

    let (first, second) = (registry.push(&own, "r1").await?, registry.push(&own, "r2").await?);
    assert!(client.has_manifest(&own, &first.digest).await? && !client.has_manifest(&own, &missing).await?);
    let both = [("r1".to_owned(), first.digest.clone()), ("r2".to_owned(), second.digest.clone())];
    assert_eq!(client.tagged_images(&own).await?, BTreeMap::from(both.clone()));

    client.delete(&own, &first.digest).await?;
    client.delete(&own, &first.digest).await?;
    assert!(!client.has_manifest(&own, &first.digest).await?);
    assert_eq!(client.tagged_images(&own).await?, BTreeMap::from([both[1].clone()]));
    client.delete(&own, &second.digest).await?;
    assert!(client.tagged_images(&own).await?.is_empty());
    Ok(())
}

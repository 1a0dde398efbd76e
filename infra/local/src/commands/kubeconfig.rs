//! Prints the kubeconfig of a tenant's owner.

use anyhow::{Context, bail};
use kube::config::Kubeconfig;
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::{ClusterRecord, Table};
use roost_aws::vault::{KmsVault, Owner, SecretsManagerVault, Vault};
use roost_cluster::connection::{Connection, tenant_kubeconfig};
use roost_domain::cluster::ConnectionSource;
use roost_domain::credential::SealedToken;
use roost_domain::naming::TenantId;
use secrecy::ExposeSecret;

use crate::install::{aws, stack};
use crate::instance::Instance;

pub(crate) async fn run(instance: &Instance, tenant: &str) -> anyhow::Result<()> {
    let kubeconfig = of_owner(instance, &TenantId::parse(tenant)?).await?;
    // JSON is YAML, too.
    println!("{}", serde_json::to_string_pretty(&kubeconfig)?);
    Ok(())
}

/// The kubeconfig with the tenant's credential in force.
pub(super) async fn of_owner(instance: &Instance, id: &TenantId) -> anyhow::Result<Kubeconfig> {
    let configuration = aws::configuration(instance).await;
    let outputs = stack::outputs(instance)?;
    let output = |name: &str| outputs.get(name).cloned().with_context(|| format!("the stack has no output {name}"));
    let table = Table::new(aws_sdk_dynamodb::Client::new(&configuration), output("TableName")?);
    let tenant = table.tenant(id).await?.with_context(|| format!("there is no tenant {id}"))?;
    let state = tenant.state.name();
    let home = tenant.home().with_context(|| format!("{id} has no namespace: it is {state}"))?;
    let credential = home.credential.as_ref().with_context(|| format!("{id} has no credential yet: it is {state}"))?;
    let secrets = aws_sdk_secretsmanager::Client::new(&configuration);
    let vault = match &credential.sealed {
        SealedToken::Kms(_) => {
            Vault::Kms(KmsVault::new(aws_sdk_kms::Client::new(&configuration), output("TenantKeyArn")?))
        }
        SealedToken::SecretsManager(_) => Vault::SecretsManager(SecretsManagerVault::new(secrets.clone())),
    };
    let owner = Owner { tenant: id, cluster: &home.cluster, number: credential.number };
    let token = vault.open(owner, &credential.sealed).await?;
    let clusters = table.clusters().await?;
    let cluster = clusters.iter().find(|cluster| cluster.name == home.cluster);
    let cluster = cluster.with_context(|| format!("the cluster {} is not registered", home.cluster))?;
    let connection = connection(cluster, &PlatformSecrets::new(secrets)).await?;
    Ok(tenant_kubeconfig(&connection, &home.slug.namespace(), &token)?)
}

async fn connection(cluster: &ClusterRecord, secrets: &PlatformSecrets) -> anyhow::Result<Connection> {
    match &cluster.connection {
        ConnectionSource::Secret { secret_id } => {
            Ok(Connection::from_secret(secrets.read(secret_id).await?.expose_secret())?)
        }
        ConnectionSource::Eks { .. } => bail!("{} is an EKS cluster; a local platform has none", cluster.name),
    }
}

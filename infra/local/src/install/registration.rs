//! Makes the cluster known to the functions.

use std::fs;
use std::time::Duration;

use anyhow::Context;
use aws_config::SdkConfig;
use jiff::Timestamp;
use kube::config::{AuthInfo, Kubeconfig};
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::Table;
use roost_domain::cluster::{ClusterState, ConnectionSource};
use roost_domain::naming::ClusterName;
use roost_registry::settings::RegistrySettings;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{aws, kubectl, registry_keys, stack};
use crate::certificates::BASE_DOMAIN;
use crate::instance::{API_SERVER, Instance, REGISTRY};
use crate::mode::Cluster;
use crate::progress::Progress;

const CLUSTER: &str = "local";
/// As in names of images.
const REGISTRY_NAME: &str = "registry.roost-system.svc:5000";
/// Kubernetes is good for 10,000 namespaces, those that are being removed and its own included.
const CAPACITY: u32 = 8_000;
const TOKEN_LIFETIME: Duration = Duration::from_hours(8760);

/// As the API server answers a request for a token; it may grant less time than was asked for.
#[derive(Deserialize)]
struct TokenRequest {
    status: TokenStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenStatus {
    token: SecretString,
    expiration_timestamp: Timestamp,
}

pub(crate) async fn register(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    let configuration = aws::configuration(instance).await;
    let token = provisioner_token(instance).await?;
    let connection = match instance.mode.cluster {
        Cluster::Own => own_connection(instance, &token.status.token)?,
        Cluster::Existing { .. } => existing_connection(instance, &token.status.token).await?,
    };
    let secret_id = format!("roost/clusters/{CLUSTER}");
    let secrets = PlatformSecrets::new(aws_sdk_secretsmanager::Client::new(&configuration));
    secrets.write(&secret_id, &SecretString::from(connection.to_string())).await?;
    register_cluster(instance, &configuration, secret_id).await?;
    register_registry(instance, &secrets).await?;
    progress.say(format!("the cluster is registered, with a token until {}", token.status.expiration_timestamp));
    Ok(())
}

async fn register_cluster(instance: &Instance, aws: &SdkConfig, secret_id: String) -> anyhow::Result<()> {
    let outputs = stack::outputs(instance)?;
    let table = outputs.get("TableName").context("the stack has no output TableName")?;
    let table = Table::new(aws_sdk_dynamodb::Client::new(aws), table.clone());
    let connection = ConnectionSource::Secret { secret_id };
    table.register_cluster(&ClusterName::parse(CLUSTER)?, &connection, ClusterState::Open, CAPACITY).await?;
    Ok(())
}

/// The functions sign tokens for it by themselves.
async fn register_registry(instance: &Instance, secrets: &PlatformSecrets) -> anyhow::Result<()> {
    let keys = registry_keys::read(instance).await?;
    let endpoint = match instance.mode.cluster {
        Cluster::Own => format!("http://{}:{}", instance.node_address(), REGISTRY.port),
        Cluster::Existing { .. } => format!("https://registry.{BASE_DOMAIN}"),
    };
    let registry =
        json!({"name": REGISTRY_NAME, "endpoint": endpoint, "signing_key": keys.signing, "pull_key": keys.pull});
    let secret_id = RegistrySettings::secret_id(&ClusterName::parse(CLUSTER)?);
    Ok(secrets.write(&secret_id, &SecretString::from(registry.to_string())).await?)
}

/// The functions act as the chart's identity, not as the administrator.
async fn provisioner_token(instance: &Instance) -> anyhow::Result<TokenRequest> {
    let lifetime = format!("--duration={}s", TOKEN_LIFETIME.as_secs());
    let create = ["create", "token", "roost-provisioner", "--namespace=roost-system", "--output=json", &lifetime];
    let answer = kubectl::call(instance, &create).await;
    let answer = answer.context("the functions get no token: the kubeconfig's user must be allowed to create one")?;
    serde_json::from_str(&answer).context("the answer to the request for a token is not readable")
}

fn own_connection(instance: &Instance, token: &SecretString) -> anyhow::Result<Value> {
    Ok(json!({
        "host": format!("https://{}:{}", instance.node_address(), API_SERVER.port),
        "token": token.expose_secret(),
        "ca": fs::read_to_string(instance.authority_file())?,
    }))
}

/// Flattened, the kubeconfig holds the authority itself where it named a file.
async fn existing_connection(instance: &Instance, token: &SecretString) -> anyhow::Result<Value> {
    let view = kubectl::call(instance, &["config", "view", "--raw", "--minify", "--flatten", "--output=json"]).await?;
    let kubeconfig = with_token(Kubeconfig::from_yaml(&view).context("the kubeconfig")?, token);
    Ok(json!({ "kubeconfig": serde_json::to_string(&kubeconfig)? }))
}

/// The same cluster, for the token's owner. Keeps how the server is reached: a proxy, another name in its certificate.
fn with_token(mut kubeconfig: Kubeconfig, token: &SecretString) -> Kubeconfig {
    for user in &mut kubeconfig.auth_infos {
        user.auth_info = Some(AuthInfo { token: Some(token.clone()), ..AuthInfo::default() });
    }
    kubeconfig
}

#[cfg(test)]
mod tests {
    use kube::config::Kubeconfig;
    use secrecy::SecretString;

    use super::with_token;

    const ADMINISTRATOR: &str = "
        clusters: [{ name: c, cluster: { server: https://example.com, certificate-authority-data: Q0E= } }]
        users: [{ name: u, user: { client-certificate-data: Q0VSVA==, client-key-data: S0VZ } }]
        contexts: [{ name: x, context: { cluster: c, user: u } }]
        current-context: x";

    #[test]
    fn nothing_of_the_administrator_is_handed_on() {
        let token = SecretString::from("t0ken".to_owned());
        let kubeconfig = with_token(Kubeconfig::from_yaml(ADMINISTRATOR).unwrap(), &token);
        let written = serde_json::to_string(&kubeconfig).unwrap();
        assert!(written.contains("https://example.com") && written.contains("Q0E=") && written.contains("t0ken"));
        assert!(!written.contains("Q0VSVA") && !written.contains("S0VZ"), "{written}");
    }
}

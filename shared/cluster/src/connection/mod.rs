//! Connections to clusters: by host, token and CA, by kubeconfig, or to EKS.

mod eks;
mod kubeconfig;

use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use jiff::Timestamp;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config, client::ClientBuilder};
use secrecy::SecretString;
use serde::Deserialize;

pub use eks::EksTokenError;
pub use kubeconfig::tenant_kubeconfig;

/// A function has 30 s in all, and an API server that is well answers in milliseconds.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// All that is needed to talk to a cluster.
#[derive(Debug, Clone)]
pub enum Connection {
    /// The API server's address, a token, and the authority that signed the server's certificate.
    Host {
        /// `https://…`
        host: String,
        /// A bearer token.
        token: SecretString,
        /// PEM; absent for a server on plain HTTP, such as a local proxy.
        ca: Option<String>,
    },
    /// A kubeconfig with its current context.
    Kubeconfig(SecretString),
    /// An EKS cluster, as one of its access entries.
    Eks(EksCluster),
}

/// Where an EKS cluster is.
#[derive(Debug, Clone)]
pub struct EksCluster {
    /// Its name in EKS.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Its API server's address.
    pub endpoint: String,
    /// Its authority's certificate: PEM in base64, as EKS gives it.
    pub ca: String,
}

/// Why there is no connection to a cluster.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The secret is in none of the two forms.
    #[error("the cluster's secret must be JSON, {{\"host\", \"token\", \"ca\"}} or {{\"kubeconfig\"}}")]
    Secret,
    /// The kubeconfig does not hold together.
    #[error("the cluster's kubeconfig is not usable: {0}")]
    Kubeconfig(#[from] kube::config::KubeconfigError),
    /// The token for EKS could not be signed.
    #[error(transparent)]
    Eks(#[from] EksTokenError),
    /// The client could not be built.
    #[error("no client for the cluster: {0}")]
    Client(#[from] Box<kube::Error>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SecretForm {
    Host { host: String, token: SecretString, ca: Option<String> },
    Kubeconfig { kubeconfig: SecretString },
}

impl Connection {
    /// Reads a connection from a cluster's secret.
    pub fn from_secret(json: &str) -> Result<Self, ConnectionError> {
        // The parser's own words could repeat a part of the secret.
        match serde_json::from_str(json).map_err(|_| ConnectionError::Secret)? {
            SecretForm::Host { host, token, ca } => Ok(Self::Host { host, token, ca }),
            SecretForm::Kubeconfig { kubeconfig } => Ok(Self::Kubeconfig(kubeconfig)),
        }
    }

    /// A client for the cluster, and until when it is good if its token ends.
    pub async fn connect(
        &self,
        aws: &SharedCredentialsProvider,
    ) -> Result<(Client, Option<Timestamp>), ConnectionError> {
        let (kubeconfig, valid_until) = match self {
            Self::Host { host, token, ca } => (kubeconfig::for_token(host, ca.as_deref(), token), None),
            Self::Kubeconfig(text) => (kubeconfig::parse(text)?, None),
            Self::Eks(cluster) => {
                let (token, valid_until) = eks::token(cluster, aws, std::time::SystemTime::now()).await?;
                (kubeconfig::for_eks(cluster, &token), Some(valid_until))
            }
        };
        Ok((client(kubeconfig).await?, valid_until))
    }
}

async fn client(kubeconfig: Kubeconfig) -> Result<Client, ConnectionError> {
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    config.read_timeout = Some(READ_TIMEOUT);
    config.reset_reader_on_write = true;
    // What fails goes back to its queue; a function that waits costs money.
    config.default_retry = false;
    Ok(ClientBuilder::try_from(config).map_err(Box::new)?.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clusters_secret_has_one_of_two_forms() {
        let host = Connection::from_secret(r#"{"host": "https://a", "token": "t", "ca": "PEM"}"#).unwrap();
        assert!(matches!(host, Connection::Host { ca: Some(_), .. }));
        let kubeconfig = Connection::from_secret(r#"{"kubeconfig": "apiVersion: v1"}"#).unwrap();
        assert!(matches!(kubeconfig, Connection::Kubeconfig(_)));
    }

    #[test]
    fn an_unreadable_secret_is_not_repeated_in_the_error() {
        let error = Connection::from_secret(r#"{"host": "https://a", "tokens": "hunter2"}"#).unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }
}

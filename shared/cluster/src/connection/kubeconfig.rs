//! Kubeconfigs: those the functions use, and the one a tenant's owner gets.

use data_encoding::BASE64;
use kube::config::{
    AuthInfo, Cluster, Context, Kubeconfig, KubeconfigError, NamedAuthInfo, NamedCluster, NamedContext,
};
use secrecy::{ExposeSecret, SecretString};

use super::{Connection, ConnectionError, EksCluster};

const NAME: &str = "roost";

pub(super) fn parse(text: &SecretString) -> Result<Kubeconfig, KubeconfigError> {
    Kubeconfig::from_yaml(text.expose_secret())
}

pub(super) fn for_token(host: &str, ca_pem: Option<&str>, token: &SecretString) -> Kubeconfig {
    assemble(host, ca_pem.map(|pem| BASE64.encode(pem.as_bytes())), "default", token)
}

pub(super) fn for_eks(cluster: &EksCluster, token: &SecretString) -> Kubeconfig {
    assemble(&cluster.endpoint, Some(cluster.ca.clone()), "default", token)
}

/// The kubeconfig with which a tenant's owner reaches the tenant's namespace and nothing else.
pub fn tenant_kubeconfig(
    connection: &Connection,
    namespace: &str,
    token: &SecretString,
) -> Result<Kubeconfig, ConnectionError> {
    let (host, ca) = match connection {
        Connection::Host { host, ca, .. } => (host.clone(), ca.as_ref().map(|pem| BASE64.encode(pem.as_bytes()))),
        Connection::Eks(cluster) => (cluster.endpoint.clone(), Some(cluster.ca.clone())),
        Connection::Kubeconfig(text) => server(parse(text)?)?,
    };
    Ok(assemble(&host, ca, namespace, token))
}

/// The address and authority of a kubeconfig's current cluster.
fn server(kubeconfig: Kubeconfig) -> Result<(String, Option<String>), ConnectionError> {
    let current = kubeconfig.current_context.unwrap_or_default();
    let context = kubeconfig.contexts.into_iter().find(|context| context.name == current);
    let cluster = context.and_then(|named| named.context).map(|context| context.cluster).unwrap_or_default();
    let cluster = kubeconfig.clusters.into_iter().find(|named| named.name == cluster).and_then(|named| named.cluster);
    let cluster = cluster.ok_or(ConnectionError::Secret)?;
    Ok((cluster.server.unwrap_or_default(), cluster.certificate_authority_data))
}

fn assemble(host: &str, ca: Option<String>, namespace: &str, token: &SecretString) -> Kubeconfig {
    let cluster = Cluster { server: Some(host.to_owned()), certificate_authority_data: ca, ..Cluster::default() };
    let user = AuthInfo { token: Some(token.clone()), ..AuthInfo::default() };
    let context = Context {
        cluster: NAME.to_owned(),
        user: Some(NAME.to_owned()),
        namespace: Some(namespace.to_owned()),
        ..Context::default()
    };
    Kubeconfig {
        api_version: Some("v1".to_owned()),
        kind: Some("Config".to_owned()),
        clusters: vec![NamedCluster { name: NAME.to_owned(), cluster: Some(cluster), ..NamedCluster::default() }],
        auth_infos: vec![NamedAuthInfo { name: NAME.to_owned(), auth_info: Some(user), ..NamedAuthInfo::default() }],
        contexts: vec![NamedContext { name: NAME.to_owned(), context: Some(context), ..NamedContext::default() }],
        current_context: Some(NAME.to_owned()),
        ..Kubeconfig::default()
    }
}

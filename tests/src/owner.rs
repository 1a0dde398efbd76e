//! A tenant's owner, with the kubeconfig the platform hands out.

use anyhow::{Context, Result, bail};
use http::request::Builder;
use http::{Method, Request};
use kube::Client;
use kube::config::{KubeConfigOptions, Kubeconfig};
use roost_domain::naming::TenantId;
use serde_json::Value;
use tokio::process::Command;

use crate::function::binaries;

/// A tenant's owner.
#[derive(Clone)]
pub struct Owner {
    client: Client,
    /// The owner's namespace.
    pub namespace: String,
}

/// What the API server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub code: u16,
    /// Why it refused, or what it was asked for.
    pub message: String,
}

impl Owner {
    /// The owner of a tenant of the running platform, by the command a person would use.
    pub async fn of(tenant: &TenantId) -> Result<Self> {
        let command = binaries()?.join("roost-local");
        let printed = Command::new(command).args(["kubeconfig", tenant.as_str()]).output().await?;
        if !printed.status.success() {
            bail!("no kubeconfig for {tenant}: {}", String::from_utf8_lossy(&printed.stderr));
        }
        Self::with(Kubeconfig::from_yaml(&String::from_utf8(printed.stdout)?)?).await
    }

    /// An owner with that kubeconfig.
    pub async fn with(kubeconfig: Kubeconfig) -> Result<Self> {
        let config = kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
        let namespace = config.default_namespace.clone();
        Ok(Self { client: Client::try_from(config)?, namespace })
    }

    /// Another account, at home in that namespace, as the cluster's administrator may act as it.
    pub async fn acting_as(account: &str, namespace: &str) -> Result<Self> {
        let mut config = kube::Config::from_kubeconfig(&KubeConfigOptions::default()).await?;
        config.auth_info.impersonate = Some(account.to_owned());
        Ok(Self { client: Client::try_from(config)?, namespace: namespace.to_owned() })
    }

    /// Asks the API server for something, as the owner.
    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        self.send(Request::builder().method(method).uri(path), body).await
    }

    /// Sends a request, as the owner.
    pub async fn send(&self, request: Builder, body: Option<&Value>) -> Result<Answer> {
        let patches = request.method_ref() == Some(&Method::PATCH);
        let content = if patches { "application/merge-patch+json" } else { "application/json" };
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let request = request.header("content-type", content).body(body)?;
        let asked = format!("{} {}", request.method(), request.uri());
        match self.client.request_text(request).await {
            Ok(text) => Ok(Answer { code: 200, message: text }),
            Err(kube::Error::Api(status)) => Ok(Answer { code: status.code, message: status.message }),
            Err(error) => Err(error).context(asked),
        }
    }

    /// Reads an object, a list or a log, or fails with the refusal.
    pub async fn read(&self, path: &str) -> Result<String> {
        let answer = self.ask("GET", path, None).await?;
        if answer.code != 200 {
            bail!("GET {path}: {} {}", answer.code, answer.message);
        }
        Ok(answer.message)
    }

    /// Creates an object in the owner's namespace, or fails with the refusal.
    pub async fn create(&self, group: &str, resource: &str, object: &Value) -> Result<()> {
        let answer = self.ask_at_home("POST", group, resource, Some(object)).await?;
        if answer.code != 200 {
            bail!("POST {group} {resource}: {} {}", answer.code, answer.message);
        }
        Ok(())
    }

    /// The path of resources of that kind in the owner's namespace; `group` is `api/v1`, `apis/apps/v1` and so on.
    #[must_use]
    pub fn path(&self, group: &str, resource: &str) -> String {
        format!("/{group}/namespaces/{}/{resource}", self.namespace)
    }

    /// Asks the API server for something in the owner's namespace; `group` is `api/v1`, `apis/apps/v1` and so on.
    pub async fn ask_at_home(&self, method: &str, group: &str, rest: &str, body: Option<&Value>) -> Result<Answer> {
        self.ask(method, &self.path(group, rest), body).await
    }
}

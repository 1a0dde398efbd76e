//! The API's function in a process of its own, over the running platform's records: it answers piece by piece, as on AWS,
//! where the platform's emulator collects an answer first.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Result, bail};
use roost_domain::naming::TenantId;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::api::Issuer;
use crate::function::{Ending, Function, binaries};
use crate::running_platform::variable;
use crate::streamed::Streamed;

/// As long as an agent may take to wake.
const LIMIT: Duration = Duration::from_mins(6);

/// The function, asked by one user.
pub struct StreamingApi {
    function: Function,
    token: String,
    _folder: TempDir,
}

impl StreamingApi {
    /// The function with those agents, for a user of the platform.
    pub async fn start(user: &TenantId, agents: &Value) -> Result<Self> {
        let (folder, issuer) = (tempfile::tempdir()?, Issuer::of_the_platform()?);
        let log = folder.path().join("api.log");
        let function = Function::start(&binaries()?.join("api"), "api", &environment(agents)?, &log).await?;
        let token = issuer.sign(&issuer.claims(user.as_str()))?;
        Ok(Self { function: function.within(LIMIT), token, _folder: folder })
    }

    /// Asks for something; answers as soon as the answer begins.
    pub async fn ask(&self, method: &str, path: &str, more: &Value, body: &str) -> Result<Streamed> {
        let mut headers = json!({
            "authorization": format!("Bearer {}", self.token), "content-type": "application/json", "accept": "*/*",
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            headers[name] = value.clone();
        }
        let event = json!({
            "version": "2.0", "rawPath": path, "rawQueryString": "", "headers": headers, "body": body,
            "isBase64Encoded": false, "requestContext": {"http": {"method": method, "path": path}},
        });
        match self.function.invoke(event).await? {
            Ending::Streaming(streamed) => Ok(streamed),
            ending => bail!("no answer that streams: {ending:?}; {:?}", self.function.logged().await?.last()),
        }
    }
}

fn environment(agents: &Value) -> Result<HashMap<String, String>> {
    let gateway = variable("ROOST_GATEWAY_HTTPS")?;
    let port = gateway.rsplit(':').next().unwrap_or_default().to_owned();
    let mut environment = HashMap::from([
        ("ROOST_AGENTS".to_owned(), agents.to_string()),
        ("ROOST_GATEWAY_ADDRESS".to_owned(), gateway),
        ("ROOST_GATEWAY_PORT".to_owned(), port),
        ("ROOST_INVOKE_MODE".to_owned(), "RESPONSE_STREAM".to_owned()),
        ("ROOST_OIDC_AUDIENCE".to_owned(), "roost".to_owned()),
        ("ROOST_SWEEP_QUEUE_URL".to_owned(), "http://127.0.0.1/unused".to_owned()),
        ("ROOST_TENANT_KEY".to_owned(), "unused".to_owned()),
        ("ROOST_VAULT".to_owned(), "kms".to_owned()),
        ("SSL_CERT_FILE".to_owned(), variable("ROOST_CA_FILE")?),
    ]);
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "ROOST_ARTIFACT_BUCKET",
        "ROOST_BASE_DOMAIN",
        "ROOST_EVENT_BUS",
        "ROOST_OIDC_ISSUER",
        "ROOST_TABLE",
    ] {
        environment.insert(name.to_owned(), variable(name)?);
    }
    Ok(environment)
}

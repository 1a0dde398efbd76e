//! What infra/template.yaml sets for this function, read once.

use std::net::SocketAddr;

use roost_domain::agent::{Agents, AgentsError};
use roost_function_url::InvokeMode;
use roost_identity::Expectation;
use roost_runtime::SettingsError;

/// Why the settings are of no use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiSettingsError {
    #[error(transparent)]
    Setting(#[from] SettingsError),
    #[error(transparent)]
    Agents(#[from] AgentsError),
    #[error("ROOST_GATEWAY_ADDRESS has to be an address with a port, such as 10.0.0.7:443")]
    GatewayAddress,
    #[error("ROOST_INVOKE_MODE has to be BUFFERED or RESPONSE_STREAM")]
    InvokeMode,
}

/// The function's settings.
#[derive(Debug, Clone)]
pub(crate) struct ApiSettings {
    /// Whose tokens count.
    pub(crate) expectation: Expectation,
    /// Apps get hosts below this domain.
    pub(crate) base_domain: String,
    /// The port at which the gateway is reached, if it is not the usual one.
    pub(crate) gateway_port: Option<String>,
    /// The bucket.
    pub(crate) bucket: String,
    /// Where archives are sent, if not to S3's own address.
    pub(crate) upload_endpoint: Option<String>,
    /// Where people find the console, if there is to be one.
    pub(crate) console_url: Option<String>,
    /// The bus.
    pub(crate) bus: String,
    /// Where the sweep is asked for.
    pub(crate) sweep_queue_url: String,
    /// Where the gateway is reached, if not where the apps' names lead.
    pub(crate) gateway_address: Option<SocketAddr>,
    /// How the function URL takes answers.
    pub(crate) invoke_mode: InvokeMode,
    /// The agents that projects may run.
    pub(crate) agents: Agents,
    /// How many requests one caller may send in a minute; absent for any number.
    pub(crate) requests_per_minute: Option<u32>,
}

impl ApiSettings {
    /// Reads them with `variable`, which looks one up by name; an empty one counts as not set.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ApiSettingsError> {
        let optional = |name| variable(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(SettingsError::Missing(name));
        let most = optional("ROOST_REQUESTS_PER_MINUTE").map(|most| most.parse::<u32>()).transpose();
        let most = most.map_err(|_| SettingsError::Number("ROOST_REQUESTS_PER_MINUTE"))?;
        Ok(Self {
            requests_per_minute: most.filter(|most| *most > 0),
            expectation: Expectation {
                issuer: required("ROOST_OIDC_ISSUER")?,
                audience: required("ROOST_OIDC_AUDIENCE")?,
            },
            base_domain: required("ROOST_BASE_DOMAIN")?,
            gateway_port: optional("ROOST_GATEWAY_PORT"),
            gateway_address: optional("ROOST_GATEWAY_ADDRESS").map(|place| address(&place)).transpose()?,
            invoke_mode: InvokeMode::parse(&required("ROOST_INVOKE_MODE")?).ok_or(ApiSettingsError::InvokeMode)?,
            agents: optional("ROOST_AGENTS").map(|json| Agents::parse(&json)).transpose()?.unwrap_or_default(),
            bucket: required("ROOST_ARTIFACT_BUCKET")?,
            upload_endpoint: optional("ROOST_UPLOAD_ENDPOINT"),
            console_url: optional("ROOST_CONSOLE_URL"),
            bus: required("ROOST_EVENT_BUS")?,
            sweep_queue_url: required("ROOST_SWEEP_QUEUE_URL")?,
        })
    }
}

fn address(text: &str) -> Result<SocketAddr, ApiSettingsError> {
    text.parse().map_err(|_| ApiSettingsError::GatewayAddress)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<ApiSettings, ApiSettingsError> {
        ApiSettings::read(|asked| {
            let usual = match asked {
                "ROOST_INVOKE_MODE" => "BUFFERED",
                "ROOST_REQUESTS_PER_MINUTE" | "ROOST_AGENTS" | "ROOST_GATEWAY_ADDRESS" => "",
                _ => "something",
            };
            Some(if asked == name { value } else { usual }.to_owned())
        })
    }

    #[test]
    fn without_agents_there_are_none_and_without_an_address_names_lead_to_apps() {
        let settings = read("", "").unwrap();
        assert_eq!((settings.agents.all().count(), settings.gateway_address), (0, None));
    }

    #[test]
    fn each_unusable_setting_is_named() {
        for (name, value) in [
            ("ROOST_INVOKE_MODE", "STREAM"),
            ("ROOST_INVOKE_MODE", ""),
            ("ROOST_GATEWAY_ADDRESS", "gateway"),
            ("ROOST_OIDC_ISSUER", ""),
        ] {
            assert!(read(name, value).unwrap_err().to_string().contains(name), "{name}");
        }
        assert!(matches!(read("ROOST_AGENTS", "{"), Err(ApiSettingsError::Agents(_))));
    }
}

//! What infra/template.yaml sets for this function, read once.

use roost_identity::Expectation;
use roost_runtime::SettingsError;

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
    /// How many requests one caller may send in a minute; absent for any number.
    pub(crate) requests_per_minute: Option<u32>,
}

impl ApiSettings {
    /// Reads them with `variable`, which looks one up by name; an empty one counts as not set.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
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
            bucket: required("ROOST_ARTIFACT_BUCKET")?,
            upload_endpoint: optional("ROOST_UPLOAD_ENDPOINT"),
            console_url: optional("ROOST_CONSOLE_URL"),
            bus: required("ROOST_EVENT_BUS")?,
            sweep_queue_url: required("ROOST_SWEEP_QUEUE_URL")?,
        })
    }
}

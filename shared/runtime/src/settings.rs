//! A function's settings, read once from its environment.

use std::str::FromStr;

use roost_aws::vault::{VaultKind, VaultKindError};
use roost_domain::plan::{Plans, PlansError};

/// The shortest life of a token that Kubernetes allows, in seconds
/// (<https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/>).
const SHORTEST_TOKEN_LIFETIME: i64 = 600;

/// What infra/template.yaml sets for each function.
#[derive(Debug, Clone)]
pub struct FoundationSettings {
    /// The table's name.
    pub table: String,
    /// The KMS key that seals tenants' tokens.
    pub tenant_key: String,
    /// Where tenants' tokens are kept.
    pub vault: VaultKind,
    /// The plans on offer.
    pub plans: Plans,
}

/// What it sets for each function with a queue.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The function's own queue.
    pub queue_url: String,
    /// Where messages go about which nothing can be done.
    pub dead_letter_queue_url: String,
    /// The life of a tenant's token, in seconds.
    pub credential_lifetime_seconds: i64,
}

/// Why the settings are of no use.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// One is not there.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// One is no number.
    #[error("the environment variable {0} must be a whole number")]
    Number(&'static str),
    /// The lifetime is no number, or too short.
    #[error("ROOST_CREDENTIAL_LIFETIME_SECONDS must be a whole number of at least {SHORTEST_TOKEN_LIFETIME}")]
    Lifetime,
    /// The vault is unknown.
    #[error(transparent)]
    Vault(#[from] VaultKindError),
    /// The plans cannot be read.
    #[error(transparent)]
    Plans(#[from] PlansError),
}

impl FoundationSettings {
    /// Reads them with `variable`, which looks one up by name; an empty one counts as not set.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let optional = |name| variable(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(SettingsError::Missing(name));
        Ok(Self {
            table: required("ROOST_TABLE")?,
            tenant_key: required("ROOST_TENANT_KEY")?,
            vault: required("ROOST_VAULT")?.parse()?,
            plans: optional("ROOST_PLANS").map_or_else(Plans::built_in, |json| Plans::parse(&json))?,
        })
    }
}

impl Settings {
    /// Reads them with `variable`, which looks one up by name; an empty one counts as not set.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let optional = |name| variable(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(SettingsError::Missing(name));
        let lifetime = i64::from_str(&required("ROOST_CREDENTIAL_LIFETIME_SECONDS")?);
        Ok(Self {
            queue_url: required("ROOST_QUEUE_URL")?,
            dead_letter_queue_url: required("ROOST_DEAD_LETTER_QUEUE_URL")?,
            credential_lifetime_seconds: lifetime
                .ok()
                .filter(|seconds| *seconds >= SHORTEST_TOKEN_LIFETIME)
                .ok_or(SettingsError::Lifetime)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changes: &[(&str, &str)]) -> Result<(FoundationSettings, Settings), SettingsError> {
        let variable = |name: &str| {
            let own = changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
            let usual = match name {
                "ROOST_VAULT" => "kms",
                "ROOST_CREDENTIAL_LIFETIME_SECONDS" => "86400",
                "ROOST_PLANS" => "",
                _ => "something",
            };
            Some(own.unwrap_or(usual).to_owned())
        };
        Ok((FoundationSettings::read(variable)?, Settings::read(variable)?))
    }

    #[test]
    fn without_plans_the_built_in_ones_are_on_offer() {
        assert!(read(&[]).unwrap().0.plans.find("free").is_ok());
    }

    #[test]
    fn each_unusable_setting_is_named() {
        assert!(matches!(read(&[("ROOST_TABLE", "")]), Err(SettingsError::Missing("ROOST_TABLE"))));
        assert!(matches!(read(&[("ROOST_VAULT", "drawer")]), Err(SettingsError::Vault(_))));
        assert!(matches!(read(&[("ROOST_PLANS", "{")]), Err(SettingsError::Plans(_))));
        for lifetime in ["1 day", "599"] {
            assert!(matches!(read(&[("ROOST_CREDENTIAL_LIFETIME_SECONDS", lifetime)]), Err(SettingsError::Lifetime)));
        }
    }
}

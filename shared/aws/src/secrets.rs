//! The platform's own secrets.

use aws_sdk_secretsmanager::Client;
use secrecy::SecretString;

use crate::ServiceFailure;

/// Reads the platform's own secrets.
#[derive(Debug, Clone)]
pub struct PlatformSecrets {
    client: Client,
}

impl PlatformSecrets {
    /// Secrets in the client's account and region.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The current value of a secret, empty if it holds bytes instead of text.
    pub async fn read(&self, secret_id: &str) -> Result<SecretString, ServiceFailure> {
        let got = self.client.get_secret_value().secret_id(secret_id).send().await;
        let got = got.map_err(|error| ServiceFailure::new("read the platform's secret", &error))?;
        Ok(SecretString::from(got.secret_string.unwrap_or_default()))
    }

    /// Puts a secret's value, creating the secret if it is not there.
    pub async fn write(&self, name: &str, value: &SecretString) -> Result<(), ServiceFailure> {
        use secrecy::ExposeSecret;
        let put = self.client.put_secret_value().secret_id(name).secret_string(value.expose_secret()).send().await;
        match put.map_err(|error| ServiceFailure::new("write the platform's secret", &error)) {
            Err(failure) if failure.code() == Some("ResourceNotFoundException") => {}
            put => return put.map(|_| ()),
        }
        let created = self.client.create_secret().name(name).secret_string(value.expose_secret()).send().await;
        created.map(|_| ()).map_err(|error| ServiceFailure::new("create the platform's secret", &error))
    }
}

//! The keys, from the folder where a Secret is mounted.

use std::fs;
use std::path::Path;

use roost_registry::pull_credential::{PullKey, PullKeyError};
use roost_registry::signing_key::{SigningKey, SigningKeyError};
use secrecy::SecretString;

use crate::issue::Issuer;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    #[error("{file} cannot be read: {source}")]
    Read { file: String, source: std::io::Error },
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
    #[error(transparent)]
    PullKey(#[from] PullKeyError),
}

/// Reads `signing.key` and `pull.key`.
pub(crate) fn read(folder: &Path) -> Result<Issuer, KeysError> {
    let signing_key = SigningKey::from_pem(&read_secret(&folder.join("signing.key"))?)?;
    let pull_key = PullKey::from_base64(&read_secret(&folder.join("pull.key"))?)?;
    Ok(Issuer { signing_key, pull_key })
}

fn read_secret(file: &Path) -> Result<SecretString, KeysError> {
    let text = fs::read_to_string(file);
    text.map(SecretString::from).map_err(|source| KeysError::Read { file: file.display().to_string(), source })
}

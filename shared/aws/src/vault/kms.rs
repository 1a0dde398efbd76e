//! Tokens encrypted by KMS, kept in the tenant's record.

use std::collections::HashMap;

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use data_encoding::BASE64;
use roost_domain::credential::SealedToken;
use secrecy::{ExposeSecret, SecretString};

use super::{Owner, VaultError};
use crate::ServiceFailure;

/// Seals tokens with one key. A service account's token has about 1 KB and KMS encrypts up to 4 KB by itself.
#[derive(Debug, Clone)]
pub struct KmsVault {
    client: Client,
    key: String,
}

/// KMS opens nothing whose context differs: a record copied to another tenant stays closed.
fn context(owner: Owner<'_>) -> HashMap<String, String> {
    HashMap::from([
        ("tenant".to_owned(), owner.tenant.to_string()),
        ("cluster".to_owned(), owner.cluster.to_string()),
        ("credential".to_owned(), owner.number.to_string()),
    ])
}

impl KmsVault {
    /// Seals with the key of that id or ARN.
    #[must_use]
    pub fn new(client: Client, key: String) -> Self {
        Self { client, key }
    }

    pub(super) async fn seal(&self, owner: Owner<'_>, token: &SecretString) -> Result<SealedToken, VaultError> {
        let encrypt = self.client.encrypt().key_id(&self.key).set_encryption_context(Some(context(owner)));
        let sealed = encrypt.plaintext(Blob::new(token.expose_secret().as_bytes())).send().await;
        let sealed = sealed.map_err(|error| ServiceFailure::new("seal the token", &error))?;
        let ciphertext = sealed.ciphertext_blob.ok_or(VaultError::Unreadable("KMS answered without a ciphertext"))?;
        Ok(SealedToken::Kms(BASE64.encode(ciphertext.as_ref())))
    }

    pub(super) async fn open(&self, owner: Owner<'_>, ciphertext: &str) -> Result<SecretString, VaultError> {
        let ciphertext =
            BASE64.decode(ciphertext.as_bytes()).map_err(|_| VaultError::Unreadable("it is not base64"))?;
        let decrypt = self.client.decrypt().key_id(&self.key).set_encryption_context(Some(context(owner)));
        let opened = decrypt.ciphertext_blob(Blob::new(ciphertext)).send().await;
        let opened = opened.map_err(|error| ServiceFailure::new("open the token", &error))?;
        let token = opened.plaintext.ok_or(VaultError::Unreadable("KMS answered without a plaintext"))?;
        let token = String::from_utf8(token.into_inner()).map_err(|_| VaultError::Unreadable("it is not text"))?;
        Ok(SecretString::from(token))
    }
}

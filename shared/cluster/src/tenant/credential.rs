//! The owner's tokens: issued, and revoked one by one.

use jiff::Timestamp;
use k8s_openapi::api::authentication::v1::{BoundObjectReference, TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::{Secret, ServiceAccount};
use kube::Api;
use kube::api::{DeleteParams, PostParams};
use secrecy::SecretString;

use super::{OWNER_ACCOUNT, TenantSpace};
use crate::ClusterError;
use crate::error::found;

/// A token, and when the cluster stops accepting it: clusters may shorten the life that was asked for.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: SecretString,
    /// When it ends.
    pub expires_at: Timestamp,
}

fn anchor_name(number: u32) -> String {
    format!("roost-credential-{number}")
}

impl TenantSpace {
    /// Issues the tenant's first token. It ends with its account: nothing else has to be made, or awaited.
    pub async fn issue_first_token(&self, lifetime_seconds: i64) -> Result<IssuedToken, ClusterError> {
        self.request_token(lifetime_seconds, None).await
    }

    /// Issues a later token, bound to a Secret of its own: with that it ends, while others go on.
    pub async fn issue_token(&self, number: u32, lifetime_seconds: i64) -> Result<IssuedToken, ClusterError> {
        let anchor = Secret { metadata: self.metadata(&anchor_name(number)), ..Secret::default() };
        let anchor = self.apply("anchor the token", anchor).await?;
        let reference = BoundObjectReference {
            api_version: Some("v1".to_owned()),
            kind: Some("Secret".to_owned()),
            name: anchor.metadata.name,
            uid: anchor.metadata.uid,
        };
        self.request_token(lifetime_seconds, Some(reference)).await
    }

    /// Ends a token before its time. The first one has no Secret, and ends by itself.
    pub async fn revoke_token(&self, number: u32) -> Result<(), ClusterError> {
        let secrets: Api<Secret> = Api::namespaced(self.client.clone(), &self.namespace);
        let deleted = found(secrets.delete(&anchor_name(number), &DeleteParams::default()).await);
        deleted.map(|_| ()).map_err(ClusterError::during("revoke the token"))
    }

    async fn request_token(
        &self,
        lifetime_seconds: i64,
        bound_object_ref: Option<BoundObjectReference>,
    ) -> Result<IssuedToken, ClusterError> {
        let spec =
            TokenRequestSpec { audiences: Vec::new(), expiration_seconds: Some(lifetime_seconds), bound_object_ref };
        let request = TokenRequest { spec, ..TokenRequest::default() };
        let accounts: Api<ServiceAccount> = Api::namespaced(self.client.clone(), &self.namespace);
        let issued = accounts.create_token_request(OWNER_ACCOUNT, &PostParams::default(), &request).await;
        let no_token = || kube::Error::Service("the answer holds no token".into());
        let status = issued.and_then(|issued| issued.status.ok_or_else(no_token));
        let status = status.map_err(ClusterError::during("issue a token"))?;
        Ok(IssuedToken { token: SecretString::from(status.token), expires_at: status.expiration_timestamp.0 })
    }
}

//! Calls as the tenant's own account: what the tenant may not do, the platform does not do for it either.

use http::{HeaderValue, Request};
use serde::de::DeserializeOwned;

use super::Deployment;
use crate::tenant::OWNER_ACCOUNT;

/// <https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/>
const IMPERSONATE: &str = "impersonate-user";

impl Deployment {
    /// Makes a call as the tenant.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: Request<Vec<u8>>) -> Result<T, kube::Error> {
        self.client.request(self.as_tenant(request)?).await
    }

    /// The same for an answer that is text.
    pub(super) async fn call_text(&self, request: Request<Vec<u8>>) -> Result<String, kube::Error> {
        self.client.request_text(self.as_tenant(request)?).await
    }

    fn as_tenant(&self, mut request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, kube::Error> {
        let account = format!("system:serviceaccount:{}:{OWNER_ACCOUNT}", self.namespace);
        let account = HeaderValue::try_from(account).map_err(|error| kube::Error::HttpError(error.into()))?;
        request.headers_mut().insert(IMPERSONATE, account);
        Ok(request)
    }
}

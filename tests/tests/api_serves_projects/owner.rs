//! An owner with a tenant of its own.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use data_encoding::HEXLOWER;
use reqwest::{Client, Method, StatusCode};
use roost_tests::api::Api;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::until;
use roost_tests::user::User;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// How long a build and its roll-out may take on a slow, busy machine.
const PATIENCE: Duration = Duration::from_mins(4);

/// Somebody who has signed up.
pub(crate) struct Owner {
    pub(crate) api: Api,
    pub(crate) base: String,
}

impl Owner {
    pub(crate) async fn new(name: &str) -> Result<Self> {
        let (platform, user) = (RunningPlatform::connect().await?, User::new(name));
        sign_up(&platform, &user, "free").await?;
        Ok(Self { api: Api::of_user(&user.id)?, base: format!("/api/users/{}", user.id) })
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.base)
    }

    pub(crate) async fn begin(&self, project: &str) -> Result<Value> {
        self.api.post(&self.path("projects"), &json!({"id": project})).await?.expect(StatusCode::CREATED)
    }

    /// Uploads an archive as the API says; answers with its version.
    pub(crate) async fn upload(&self, project: &str, archive: &[u8]) -> Result<String> {
        let announced = json!({"size": archive.len(), "sha256": HEXLOWER.encode(&Sha256::digest(archive))});
        let place = self.api.post(&self.path(&format!("projects/{project}/uploads")), &announced).await?;
        let place = place.expect(StatusCode::CREATED)?;
        let url = place["url"].as_str().context("there is no URL")?;
        let method: Method = place["method"].as_str().context("there is no method")?.parse()?;
        let mut put = Client::builder().no_proxy().build()?.request(method, url).body(archive.to_vec());
        for (name, value) in place["headers"].as_object().context("there are no headers")? {
            put = put.header(name, value.as_str().unwrap_or_default());
        }
        let answer = put.send().await?;
        ensure!(answer.status().is_success(), "{} {}", answer.status(), answer.text().await?);
        let version = answer.headers().get("x-amz-version-id").context("the upload has no version")?;
        Ok(version.to_str()?.to_owned())
    }

    /// Uploads an archive, and waits until its release has ended.
    pub(crate) async fn release(&self, project: &str, archive: &[u8]) -> Result<Value> {
        let version = self.upload(project, archive).await?;
        let place = self.path(&format!("projects/{project}/uploads?version={version}"));
        until::some_within(PATIENCE, "the end of a release", || async {
            let release = self.api.get(&place).await?;
            let has_ended = release.body["has_ended"] == true;
            ensure!(release.status == StatusCode::OK || release.is_problem(404), "{release:?}");
            Ok(has_ended.then_some(release.body))
        })
        .await
    }

    /// How a project's app is.
    pub(crate) async fn status(&self, project: &str) -> Result<Value> {
        self.api.read(&self.path(&format!("projects/{project}/status"))).await
    }

    /// Asks for something about a project, and follows it to its end.
    pub(crate) async fn ask(&self, project: &str, what: &str, wish: &Value) -> Result<Value> {
        let begun = self.api.post(&self.path(&format!("projects/{project}/{what}")), wish).await?;
        self.api.follow(&begun).await
    }
}

//! Uploads to the platform's own bucket, which its own functions bring to life.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use roost_aws::objects::ObjectKey;
use roost_domain::naming::ProjectName;
use roost_domain::release::{ReleaseNumber, ReleaseState};
use roost_tests::application::Application;
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::until;
use roost_tests::user::User;

/// A user with all that uploads need.
pub(crate) struct Deployer {
    pub(crate) platform: RunningPlatform,
    pub(crate) user: User,
    s3: aws_sdk_s3::Client,
    bucket: String,
}

impl Deployer {
    /// Signs a new user up.
    pub(crate) async fn sign_up() -> Result<Self> {
        let platform = RunningPlatform::connect().await?;
        let user = User::new("bench-deploy");
        platform.publish("user.signed-up", &user.signed_up("team", 1)).await?;
        until::some("the tenant", || async {
            let tenant = platform.table.tenant(&user.id).await?;
            Ok(tenant.filter(|tenant| tenant.state.name() == "ready"))
        })
        .await?;
        let s3 = aws_sdk_s3::config::Builder::from(&platform.aws).force_path_style(true);
        let s3 = aws_sdk_s3::Client::from_conf(s3.build());
        Ok(Self { platform, user, s3, bucket: variable("ROOST_ARTIFACT_BUCKET")? })
    }

    /// Uploads an application, and waits until it is live as that release; in milliseconds.
    pub(crate) async fn deploy(&self, project: &str, release: u32, application: &Application) -> Result<f64> {
        let (project, number) = (ProjectName::parse(project)?, ReleaseNumber::new(release).context("from 1")?);
        let key = ObjectKey::artifact(&self.user.id, &project);
        let body = application.archive()?.into();
        let started = Instant::now();
        self.s3.put_object().bucket(&self.bucket).key(key.as_str()).body(body).send().await?;
        let release = until::some_soon("the release", || async {
            let release = self.platform.table.release(&self.user.id, &project, number).await?;
            Ok(release.filter(|release| release.state.is_terminal()))
        })
        .await?;
        let took = started.elapsed().as_secs_f64() * 1e3;
        ensure!(release.state == ReleaseState::Live, "{release:?}");
        Ok(took)
    }
}

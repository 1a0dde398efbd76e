//! Somebody who has signed up, before a browser.

use std::path::PathBuf;

use anyhow::{Context, Result};
use roost_tests::browser::{Browser, Setup};
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use tempfile::TempDir;
use tokio::process::Command;

/// Somebody who has signed up, before a browser.
pub(crate) struct OwnerAtAScreen {
    pub(crate) user: User,
    pub(crate) browser: Browser,
    files: TempDir,
}

impl OwnerAtAScreen {
    /// Signs somebody up; nobody is signed in yet.
    pub(crate) async fn new(name: &str, setup: Setup) -> Result<Self> {
        let (platform, user) = (RunningPlatform::connect().await?, User::new(name));
        sign_up(&platform, &user, "free").await?;
        Ok(Self { user, browser: Browser::start(setup).await?, files: tempfile::tempdir()? })
    }

    /// The same, and signs in by saying who it is.
    pub(crate) async fn signed_in(name: &str, setup: Setup) -> Result<Self> {
        let owner = Self::new(name, setup).await?;
        owner.open("").await?;
        owner.browser.sees("Welcome").await?;
        owner.browser.press("main a.button").await?;
        owner.browser.sees("Who are you?").await?;
        owner.browser.write("input[name=login_hint]", owner.user.id.as_str()).await?;
        owner.browser.press("form button").await?;
        owner.browser.sees("Begin another one").await?;
        Ok(owner)
    }

    /// Goes to a page of the console.
    pub(crate) async fn open(&self, page: &str) -> Result<()> {
        self.browser.open(&address(page)?).await
    }

    /// The archive of an app, whose front page says that.
    pub(crate) async fn archive(&self, says: &str) -> Result<PathBuf> {
        let fixture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/hello");
        let folder = self.files.path().join("app");
        run("cp", &["-r", path(&fixture)?, path(&folder)?]).await?;
        let page = folder.join("web/public/index.html");
        std::fs::write(&page, format!("<h1>{says}</h1>"))?;
        let archive = self.files.path().join(format!("{says}.tar.gz"));
        run("tar", &["-czf", path(&archive)?, "-C", path(&folder)?, "."]).await?;
        std::fs::remove_dir_all(&folder)?;
        Ok(archive)
    }
}

/// A page's address.
pub(crate) fn address(page: &str) -> Result<String> {
    Ok(format!("{}/console{page}", variable("ROOST_API_ADDRESS")?))
}

fn path(path: &std::path::Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

async fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program).args(arguments).status().await?;
    anyhow::ensure!(status.success(), "{program} {arguments:?} ended with {status}");
    Ok(())
}

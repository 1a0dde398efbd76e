//! A headless Chromium that a test drives, as somebody at a screen would.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::until;

const DRIVER: &str = "chromedriver";
const START_LIMIT: Duration = Duration::from_secs(30);
/// As long as a request may be held, and some time for what it sends.
const SCRIPT_LIMIT: Duration = Duration::from_secs(90);
const STARTED: &str = "started successfully on port ";

/// How a browser is set up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup {
    /// Whether its user prefers dark pages.
    pub is_dark: bool,
    /// Whether pages may run no scripts.
    pub is_without_scripts: bool,
}

/// A browser with one window.
pub struct Browser {
    client: Client,
    // Both live as long as the browser.
    _driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts one with an empty profile.
    pub async fn start(setup: Setup) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let (driver, port) = start_driver().await?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let builder = builder.capabilities(capabilities(setup, &profile)?);
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.context("no browser starts")?;
        let limits = fantoccini::wd::TimeoutConfiguration::new(Some(SCRIPT_LIMIT), Some(SCRIPT_LIMIT), None);
        client.update_timeouts(limits).await?;
        Ok(Self { client, _driver: driver, _profile: profile })
    }

    /// Goes to an address, and waits until it has loaded.
    pub async fn open(&self, address: &str) -> Result<()> {
        Ok(self.client.goto(address).await?)
    }

    /// Where it is.
    pub async fn address(&self) -> Result<String> {
        Ok(self.client.current_url().await?.into())
    }

    /// What a reader sees.
    pub async fn text(&self) -> Result<String> {
        let text = self.client.execute("return document.body ? document.body.innerText : ''", Vec::new()).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a reader sees that text.
    pub async fn sees(&self, expected: &str) -> Result<String> {
        until::some(&format!("{expected:?} on the screen"), || async {
            // Between two pages there is none to look at.
            Ok(self.text().await.ok().filter(|text| text.contains(expected)))
        })
        .await
    }

    /// Runs the body of an asynchronous function in the page; answers what it returns.
    pub async fn run(&self, body: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async () => {{ {body} }})().then(value => done({{ value }}), error => done({{ error: String(error) }}));"
        );
        let answer = self.client.execute_async(&script, Vec::new()).await?;
        if let Some(error) = answer["error"].as_str() {
            bail!("the page's script failed: {error}");
        }
        Ok(answer["value"].clone())
    }

    /// Presses something, as soon as it is there.
    pub async fn press(&self, selector: &str) -> Result<()> {
        until::some(&format!("{selector} to press"), || async {
            let Ok(found) = self.client.find(Locator::Css(selector)).await else { return Ok(None) };
            // It may have been replaced in between.
            Ok(found.click().await.ok())
        })
        .await
    }

    /// Writes into a field, or names a file to it.
    pub async fn write(&self, selector: &str, text: &str) -> Result<()> {
        Ok(self.client.find(Locator::Css(selector)).await?.send_keys(text).await?)
    }

    /// Keeps a picture of the window in `target/screenshots`.
    pub async fn keep_picture(&self, name: &str) -> Result<()> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(name).with_extension("png"), self.client.screenshot().await?)?)
    }

    /// Ends it.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.clone().close().await?)
    }
}

async fn start_driver() -> Result<(Child, u16)> {
    let mut command = Command::new(DRIVER);
    let mut driver = command
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{DRIVER} does not start; `make test` installs it"))?;
    let mut lines = BufReader::new(driver.stdout.take().context("the driver says nothing")?).lines();
    let port = timeout(START_LIMIT, async {
        while let Some(line) = lines.next_line().await? {
            if let Some((_, port)) = line.split_once(STARTED) {
                return Ok(port.trim_end_matches('.').parse()?);
            }
        }
        bail!("{DRIVER} ended")
    });
    let port = port.await.context("the driver is not ready in time")??;
    Ok((driver, port))
}

fn capabilities(setup: Setup, profile: &TempDir) -> Result<Capabilities> {
    let profile = format!("--user-data-dir={}", profile.path().display());
    let mut arguments = vec![
        "--headless=new",
        // The tests run as root, for whom Chromium has no sandbox.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        // By a pipe it also notices when its driver is killed.
        "--remote-debugging-pipe",
        "--window-size=1000,700",
        &profile,
    ];
    if setup.is_dark {
        arguments.push("--blink-settings=preferredColorScheme=0");
    }
    // 2 stands for "blocked".
    let scripts = if setup.is_without_scripts { 2 } else { 1 };
    let capabilities = json!({
        "browserName": "chrome",
        "acceptInsecureCerts": true,
        // What loads slowly is looked at while it does.
        "pageLoadStrategy": "eager",
        "goog:chromeOptions": {
            "args": arguments,
            "prefs": {"profile.managed_default_content_settings.javascript": scripts},
        },
    });
    Ok(serde_json::from_value(capabilities)?)
}

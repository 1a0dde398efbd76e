//! A registry that runs for a moment, to be filled.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::time::{Instant, sleep};

use super::temporary;
use crate::command::last_lines;
use crate::instance::Instance;
use crate::node::namespace;
use crate::node::parts::mirror;

const START_LIMIT: Duration = Duration::from_secs(30);
const SHOWN_LINES: usize = 20;

pub(super) struct Registry {
    process: Child,
    address: SocketAddr,
}

impl Registry {
    /// Keeps its images in the folder `registry` of `work`.
    pub(super) async fn start(instance: &Instance, work: &Path) -> anyhow::Result<Self> {
        let address = free_address()?;
        let configuration = work.join("registry.yaml");
        fs::write(&configuration, mirror::configuration(&work.join("registry"), address, mirror::Access::Write)?)?;
        let mut command = namespace::isolated(&instance.program("registry"));
        command.arg("serve").arg(configuration).envs(mirror::environment());
        let log = work.join("registry.log");
        let registry = Self { process: temporary::start(command, &log)?, address };
        registry.wait_until_answering(&log).await?;
        Ok(registry)
    }

    /// Where `buildctl` is to put an image of that name.
    pub(super) fn output(&self, name: &str) -> String {
        format!("type=image,name={}/{name},push=true,registry.insecure=true", self.address)
    }

    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("the temporary registry cannot be stopped")
    }

    async fn wait_until_answering(&self, log: &Path) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        while let Err(error) = TcpStream::connect(self.address).await {
            if Instant::now() > deadline {
                let log = last_lines(&fs::read_to_string(log).unwrap_or_default(), SHOWN_LINES);
                return Err(error).context(format!("the registry does not start; its log:\n{log}"));
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// The kernel does not hand the port out again at once.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?)
}

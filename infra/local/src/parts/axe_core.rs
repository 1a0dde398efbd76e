//! axe-core, which tests look with for what keeps people out of pages (<https://www.npmjs.com/package/axe-core>).

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use data_encoding::HEXLOWER;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tar::Archive;

use crate::instance::Instance;
use crate::progress::Progress;

const VERSION: &str = "4.14.1";
const DIGEST: &str = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745";
const MEMBER: &str = "package/axe.min.js";
const LIMIT: Duration = Duration::from_mins(2);

/// Where it is kept.
pub(crate) fn file(instance: &Instance) -> PathBuf {
    instance.cache.join(format!("axe-core-{VERSION}.js"))
}

/// Fetches it unless it is there.
pub(super) async fn fetch(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    if file(instance).exists() {
        return Ok(());
    }
    progress.say(format!("fetching axe-core {VERSION}"));
    let address = format!("https://registry.npmjs.org/axe-core/-/axe-core-{VERSION}.tgz");
    let client = reqwest::Client::builder().timeout(LIMIT).build()?;
    let package = client.get(address).send().await?.error_for_status()?.bytes().await?;
    let digest = HEXLOWER.encode(&Sha256::digest(&package));
    ensure!(digest == DIGEST, "axe-core {VERSION} has the digest {digest} in place of {DIGEST}");
    let program = member(&package)?;
    fs::create_dir_all(&instance.cache)?;
    Ok(fs::write(file(instance), program)?)
}

fn member(package: &[u8]) -> anyhow::Result<Vec<u8>> {
    for entry in Archive::new(GzDecoder::new(package)).entries()? {
        let mut entry = entry?;
        if entry.path()?.as_os_str() == MEMBER {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            return Ok(content);
        }
    }
    None.context("axe-core's package has no axe.min.js")
}

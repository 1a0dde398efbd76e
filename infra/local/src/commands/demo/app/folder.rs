//! The folder in which somebody works on an application.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::command::{output, program};
use crate::instance::Instance;

const FIXTURE: &str = "tests/fixtures/hello";
const PACK_LIMIT: Duration = Duration::from_secs(30);

pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A new folder with a copy of the fixture.
    pub(super) fn with_fixture(instance: &Instance) -> anyhow::Result<Self> {
        let path = instance.state.join("demo/hello");
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        copy(&instance.project.join(FIXTURE), &path).with_context(|| format!("{FIXTURE} cannot be copied"))?;
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces a text that the file contains once.
    pub(super) fn change(&self, file: &str, old: &str, new: &str) -> anyhow::Result<()> {
        let file = self.path.join(file);
        let content = fs::read_to_string(&file)?;
        ensure!(content.matches(old).count() == 1, "{} does not contain {old:?} once", file.display());
        Ok(fs::write(file, content.replace(old, new))?)
    }

    /// The archive, as anybody would make it.
    pub(super) async fn pack(&self) -> anyhow::Result<Vec<u8>> {
        let archive = self.path.with_extension("tar.gz");
        let mut command = program("tar", &["--create", "--gzip", "--file"]);
        command.arg(&archive).arg("--directory").arg(&self.path).arg(".");
        output(&mut command, PACK_LIMIT).await?;
        Ok(fs::read(archive)?)
    }
}

fn copy(source: &Path, target: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(target)?;
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        let place = target.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::write(place, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

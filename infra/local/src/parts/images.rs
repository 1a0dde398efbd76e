//! Container images of the platform's own parts: static programs, each on an empty file system.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use crate::command::{output, program};

const BUILD_LIMIT: Duration = Duration::from_mins(2);

/// An image whose Dockerfile is `images/<name>/Dockerfile`.
pub(crate) struct Image {
    pub(crate) name: &'static str,
    /// Built programs that go into it.
    parts: &'static [&'static str],
    /// Programs of Debian packages that go into it.
    system: &'static [&'static str],
}

const CATATONIT: &str = "/usr/bin/catatonit";
pub(super) const BUSYBOX: &str = "/bin/busybox";

pub(crate) const IMAGES: [Image; 6] = [
    Image { name: "pause", parts: &[], system: &[CATATONIT] },
    Image { name: "coredns", parts: &["coredns"], system: &[] },
    Image { name: "traefik", parts: &["traefik"], system: &[] },
    Image { name: "registry", parts: &["registry"], system: &[BUSYBOX] },
    Image { name: "prometheus", parts: &["prometheus"], system: &[] },
    Image { name: "buildkit", parts: &["buildkitd", "buildctl", "runc"], system: &[BUSYBOX] },
];

impl Image {
    pub(crate) fn reference(&self) -> String {
        format!("localhost/roost/{}:local", self.name)
    }

    /// Everything the image is made from; a built program's resolved path names what it was built from.
    pub(super) fn ingredients(&self, project: &Path, programs: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
        let read = |path: &Path| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
        let mut ingredients = vec![self.name.as_bytes().to_vec(), read(&self.recipe(project).join("Dockerfile"))?];
        for part in self.parts {
            ingredients.push(fs::canonicalize(programs.join(part))?.as_os_str().as_encoded_bytes().to_vec());
        }
        for file in self.system {
            ingredients.push(read(Path::new(file))?);
        }
        Ok(ingredients)
    }

    /// Builds the image into an OCI archive.
    pub(super) async fn build(&self, project: &Path, programs: &Path, work: &Path) -> anyhow::Result<PathBuf> {
        let context = work.join(self.name);
        fs::create_dir_all(&context)?;
        let built = self.parts.iter().map(|part| programs.join(part));
        for file in built.chain(self.system.iter().map(PathBuf::from)) {
            let name = file.file_name().context("a program has a name")?;
            fs::copy(&file, context.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
        }
        let archive = work.join(format!("{}.tar", self.name));
        self.run_builder(project, programs, work, &context, &archive).await?;
        Ok(archive)
    }

    async fn run_builder(
        &self,
        project: &Path,
        programs: &Path,
        work: &Path,
        context: &Path,
        archive: &Path,
    ) -> anyhow::Result<()> {
        let mut command = program(programs.join("buildctl"), &["--addr"]);
        command.arg(super::temporary::builder_address(work));
        command.args(["build", "--progress=plain", "--frontend=dockerfile.v0"]);
        command.arg(format!("--local=context={}", context.display()));
        command.arg(format!("--local=dockerfile={}", self.recipe(project).display()));
        command.arg(format!("--output=type=oci,name={},dest={}", self.reference(), archive.display()));
        let built = output(&mut command, BUILD_LIMIT).await;
        built.with_context(|| format!("the image of {} could not be built", self.name)).map(drop)
    }

    fn recipe(&self, project: &Path) -> PathBuf {
        project.join("infra/local/images").join(self.name)
    }
}

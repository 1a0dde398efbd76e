//! An order as a test wishes it, the storage it speaks of, and what came of it.

mod archive;
mod daemon;
mod storage;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use roost_build::{build, fetch};
use roost_domain::artifact::{EntryPath, Limits};
use roost_domain::build::{BuildEvent, BuildOrder, BuildReport, Builder, Nonce, OrderedComponent, Uploads};
use roost_domain::naming::{ComponentName, ProjectName, TenantId};
use roost_domain::release::ReleaseNumber;
use tokio::time::timeout;

use storage::Storage;

const LIMIT: Duration = Duration::from_mins(3);
const PLENTY_OF_MEMORY: u64 = 1 << 30;

/// Files by their path in the archive.
type Files = BTreeMap<String, Vec<u8>>;

/// An order in the making.
pub(crate) struct Order {
    tenant: String,
    files: Files,
    sent: Option<Files>,
    components: Vec<String>,
    step_memory_bytes: u64,
    limit_seconds: u32,
}

/// What came of an order.
pub(crate) struct Done {
    pub(crate) report: BuildReport,
    pub(crate) log: Vec<BuildEvent>,
    pub(crate) took: Duration,
}

impl Order {
    /// Of a tenant that no other test knows.
    pub(crate) fn new(tenant: &str) -> Self {
        Self {
            tenant: format!("driver-{tenant}"),
            files: Files::new(),
            sent: None,
            components: Vec::new(),
            step_memory_bytes: PLENTY_OF_MEMORY,
            limit_seconds: 120,
        }
    }

    /// With a component in a folder of its name, which holds a shell besides the files.
    pub(crate) fn component(mut self, name: &str, dockerfile: &str, files: &[(&str, &str)]) -> Self {
        self.files.insert(format!("{name}/Dockerfile"), dockerfile.as_bytes().to_vec());
        for (file, content) in files {
            self.files.insert(format!("{name}/{file}"), content.as_bytes().to_vec());
        }
        self.components.push(name.to_owned());
        self
    }

    pub(crate) fn step_memory(self, step_memory_bytes: u64) -> Self {
        Self { step_memory_bytes, ..self }
    }

    pub(crate) fn limit(self, limit_seconds: u32) -> Self {
        Self { limit_seconds, ..self }
    }

    /// The archive that is sent differs in these files of the first component.
    pub(crate) fn with_archive_of(mut self, files: &[(&str, &str)]) -> Self {
        let mut sent = self.files.clone();
        for (file, content) in files {
            sent.insert(format!("{}/{file}", self.components[0]), content.as_bytes().to_vec());
        }
        self.sent = Some(sent);
        self
    }

    /// No archive is sent.
    pub(crate) fn without_archive(self) -> Self {
        Self { sent: Some(Files::new()), ..self }
    }

    /// Does what the two containers do.
    pub(crate) async fn carry_out(mut self) -> Result<Done> {
        self.add_shells()?;
        let storage = Storage::start().await?;
        let sent = self.sent.as_ref().unwrap_or(&self.files);
        if !sent.is_empty() {
            storage.put("archive", archive::pack(sent)?);
        }
        let order = self.order(&storage)?;
        let workspace = tempfile::tempdir()?;
        let settings = daemon::settings(workspace.path(), &order).await?;
        let begun = Instant::now();
        fetch::run(&settings, &order).await?;
        let nonce = order.nonce.clone();
        timeout(LIMIT, build::run(&settings, order)).await.context("the build does not end")??;
        let took = begun.elapsed();
        let report = BuildReport::parse(&storage.get("report")?, &nonce)?;
        let log = String::from_utf8(storage.get("log")?)?;
        let log = log.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok(Done { report, log, took })
    }

    fn add_shells(&mut self) -> Result<()> {
        let shell = std::fs::read("/bin/busybox").context("the package busybox-static is not installed")?;
        let sent = self.sent.as_mut().filter(|sent| !sent.is_empty());
        for files in [Some(&mut self.files), sent].into_iter().flatten() {
            files.extend(self.components.iter().map(|name| (format!("{name}/busybox"), shell.clone())));
        }
        Ok(())
    }

    fn order(&self, storage: &Storage) -> Result<BuildOrder> {
        let checked = roost_archive::inspect(&archive::pack(&self.files)?[..], &Limits::standard())?;
        let component = |name: &String| {
            let folder = EntryPath::parse(name)?;
            let dockerfile = EntryPath::parse(&format!("{name}/Dockerfile"))?;
            anyhow::Ok(OrderedComponent {
                name: ComponentName::parse(name)?,
                content: checked.tree.digest(&folder).context("the component has files")?,
                context: folder,
                dockerfile,
                expected_ms: None,
            })
        };
        Ok(BuildOrder {
            nonce: Nonce::parse("0123456789abcdef")?,
            tenant: TenantId::parse(&self.tenant)?,
            project: ProjectName::parse("shop")?,
            release: ReleaseNumber::new(1).context("a release")?,
            archive: storage.url("archive"),
            uploads: Uploads { live_log: storage.url("live"), log: storage.url("log"), report: storage.url("report") },
            registry: daemon::registry()?,
            builder: Builder::Shared,
            components: self.components.iter().map(component).collect::<Result<_>>()?,
            platform: if cfg!(target_arch = "aarch64") { "linux/arm64" } else { "linux/amd64" }.to_owned(),
            files_dated: Timestamp::from_second(1_000_000_000)?,
            cache_namespace: self.tenant.clone(),
            builder_id: "https://roost.localhost/builder".to_owned(),
            step_memory_bytes: self.step_memory_bytes,
            limit_seconds: self.limit_seconds,
        })
    }
}

//! The log of a build, shown as it grows.

use roost_aws::objects::{ObjectKey, Objects};
use roost_domain::build::{BuildEvent, Happening};
use roost_domain::release::Release;

use crate::progress::Progress;

const LONGEST_LOG: u64 = 64 * 1024 * 1024;

pub(super) struct BuildLog {
    objects: Objects,
    progress: Progress,
    shown: usize,
}

impl BuildLog {
    pub(super) fn new(objects: Objects, progress: Progress) -> Self {
        Self { objects, progress, shown: 0 }
    }

    /// Shows the lines that have come since the last call.
    pub(super) async fn show_news(&mut self, release: &Release) -> anyhow::Result<()> {
        let log = self.read(release).await?;
        let lines: Vec<&str> = log.lines().collect();
        for line in lines.iter().skip(self.shown) {
            self.show(&serde_json::from_str(line)?);
        }
        self.shown = self.shown.max(lines.len());
        Ok(())
    }

    /// The whole log once it is there, until then what there is of it.
    async fn read(&self, release: &Release) -> anyhow::Result<String> {
        let (tenant, project, number) = (&release.tenant, &release.project, release.number);
        let whole = ObjectKey::build_log(tenant, project, number);
        let content = match self.objects.read(&whole, LONGEST_LOG).await? {
            Some(whole) => Some(whole),
            None => self.objects.read(&ObjectKey::live_log(tenant, project, number), LONGEST_LOG).await?,
        };
        Ok(String::from_utf8(content.unwrap_or_default())?)
    }

    fn show(&self, event: &BuildEvent) {
        if let Some(words) = words(&event.what) {
            let component = event.component.as_ref().map_or("", |component| component.as_str());
            self.progress.say(format!("    {component:4} {words}"));
        }
    }
}

fn words(what: &Happening) -> Option<String> {
    Some(match what {
        Happening::Note { text } => text.clone(),
        Happening::StepStarted { .. } => return None,
        Happening::StepFinished { name, cached: true, .. } => format!("{name}  (cached)"),
        Happening::StepFinished { name, ms, .. } => format!("{name}  ({ms} ms)"),
        Happening::StepFailed { name, text, .. } => format!("{name}  failed: {text}"),
        Happening::Log { text, .. } => format!("  | {text}"),
        Happening::Progress { percent, remaining_ms: Some(remaining) } => {
            format!("{percent} %, about {remaining} ms to go")
        }
        Happening::Progress { percent, remaining_ms: None } => format!("{percent} %"),
        Happening::Built { digest, steps, cached_steps, ms } => {
            format!("built in {ms} ms, {cached_steps} of {steps} steps cached: {digest}")
        }
        Happening::Failed { text, .. } => format!("failed: {text}"),
        Happening::Dropped { lines, .. } => format!("({lines} lines were left out)"),
    })
}

//! What a project's pods print.

use futures::future::join_all;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use kube::Resource;
use kube::api::ListParams;
use kube::core::Request;
use kube::core::subresource::LogParams;
use roost_domain::build::log_line::clean;

use super::Deployment;
use crate::ClusterError;

/// More containers than these are not read at once.
const MOST_CONTAINERS: usize = 20;
/// Of one container's log, in bytes.
const BYTES: i64 = 256 * 1024;

/// Which part of the logs is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Whether what the containers printed before they were last started again is meant.
    pub previous: bool,
    /// Only what was printed after this time.
    pub after: Option<Timestamp>,
    /// The last lines of each container, at most so many.
    pub tail: u32,
}

/// A line that a container printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedLine {
    /// When.
    pub at: Timestamp,
    /// The pod's name.
    pub pod: String,
    /// The container's name.
    pub container: String,
    /// The line, fit to be shown.
    pub text: String,
}

impl Deployment {
    /// What the project's pods print, by time. A container that has nothing to read is passed over.
    pub async fn printed(&self, section: &Section) -> Result<Vec<PrintedLine>, ClusterError> {
        let pods = self.pods().await.map_err(ClusterError::during("list the project's pods"))?;
        let containers = pods.iter().flat_map(|pod| containers_of(pod, section.previous)).take(MOST_CONTAINERS);
        let read = join_all(containers.map(|(pod, container)| self.printed_by(pod, container, section))).await;
        let mut lines: Vec<_> = read.into_iter().flatten().collect();
        lines.sort_by_key(|line| line.at);
        Ok(lines)
    }

    async fn pods(&self) -> Result<Vec<Pod>, kube::Error> {
        let own = ListParams::default().labels(&self.label_selector());
        let request = Request::new(Pod::url_path(&(), Some(&self.namespace))).list(&own);
        let listed: kube::core::ObjectList<Pod> = self.call(request.map_err(kube::Error::BuildRequest)?).await?;
        Ok(listed.items)
    }

    async fn printed_by(&self, pod: String, container: String, section: &Section) -> Vec<PrintedLine> {
        let parameters = LogParams {
            container: Some(container.clone()),
            previous: section.previous,
            // To the second: what was read before is left out below.
            since_time: section.after,
            tail_lines: Some(i64::from(section.tail)),
            limit_bytes: Some(BYTES),
            timestamps: true,
            ..LogParams::default()
        };
        let pods = Request::new(Pod::url_path(&(), Some(&self.namespace)));
        let Ok(request) = pods.logs(&pod, &parameters) else { return Vec::new() };
        // One that has just started has no log yet.
        let text = self.call_text(request).await.unwrap_or_default();
        let is_new = |at: &Timestamp| section.after.is_none_or(|after| *at > after);
        let line =
            |(at, text): (Timestamp, String)| PrintedLine { at, pod: pod.clone(), container: container.clone(), text };
        text.lines().filter_map(stamped).filter(|(at, _)| is_new(at)).map(line).collect()
    }
}

/// Those that have printed anything, or may have.
fn containers_of(pod: &Pod, previous: bool) -> Vec<(String, String)> {
    let name = pod.metadata.name.clone().unwrap_or_default();
    let status = pod.status.clone().unwrap_or_default();
    let all = [status.init_container_statuses, status.container_statuses].into_iter().flatten().flatten();
    let has_log = |container: &ContainerStatus| !previous || container.restart_count > 0;
    all.filter(has_log).map(|container| (name.clone(), container.name)).collect()
}

/// As Kubernetes writes a line with its time.
fn stamped(line: &str) -> Option<(Timestamp, String)> {
    let (at, text) = line.split_once(' ').unwrap_or((line, ""));
    Some((at.parse().ok()?, clean(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_time_and_nothing_that_moves_the_cursor() {
        let (at, text) = stamped("2026-11-21T15:00:00.123456789Z \u{1b}[31mhello\u{1b}[0m world").unwrap();
        assert_eq!((at.subsec_nanosecond(), text.as_str()), (123_456_789, "hello world"));
        assert_eq!(stamped("2026-11-21T15:00:00Z").unwrap().1, "");
        assert_eq!(stamped("no time here"), None);
    }
}

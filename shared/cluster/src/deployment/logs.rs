//! The last a container said.

use k8s_openapi::api::core::v1::Pod;
use kube::Resource;
use kube::core::Request;
use kube::core::subresource::LogParams;
use roost_domain::build::log_line::clean;
use roost_domain::release::observation::LogPlace;

use super::Deployment;

const LINES: i64 = 20;
/// A container may print lines without end, in bytes.
const BYTES: i64 = 16 * 1024;

impl Deployment {
    /// The last lines of a container's log, fit to be shown; none if there is no log.
    pub async fn last_lines(&self, place: &LogPlace) -> Vec<String> {
        let parameters = LogParams {
            container: Some(place.container.clone()),
            previous: place.previous,
            tail_lines: Some(LINES),
            limit_bytes: Some(BYTES),
            ..LogParams::default()
        };
        let pods = Request::new(Pod::url_path(&(), Some(&self.namespace)));
        let Ok(request) = pods.logs(&place.pod, &parameters) else { return Vec::new() };
        // They explain a failure; without them it is still one.
        let text = self.call_text(request).await.unwrap_or_default();
        text.lines().map(|line| clean(line.as_bytes())).collect()
    }
}

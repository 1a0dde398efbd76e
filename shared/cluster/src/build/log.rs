//! A build's log while it runs: what its container prints.

use futures::AsyncBufRead;
use kube::ResourceExt;
use kube::api::{ListParams, LogParams};
use roost_domain::build::BuildJobName;

use super::{BuildJobs, containers};
use crate::ClusterError;
use crate::error::has_code;

impl BuildJobs {
    /// The log from its beginning, and on as it grows; `None` as long as there is none.
    pub async fn follow_log(&self, name: &BuildJobName) -> Result<Option<impl AsyncBufRead + use<>>, ClusterError> {
        let of_job = ListParams::default().labels(&format!("batch.kubernetes.io/job-name={name}"));
        let pods = self.pods().list(&of_job).await.map_err(ClusterError::during("look for the build's pod"))?;
        let Some(pod) = pods.items.first() else { return Ok(None) };
        let container = Some(containers::BUILD.to_owned());
        let parameters = LogParams { container, follow: true, ..LogParams::default() };
        match self.pods().log_stream(&pod.name_any(), &parameters).await {
            Ok(log) => Ok(Some(log)),
            // The container has not started, or the pod has just gone.
            Err(error) if has_code(&error, 400) || has_code(&error, 404) => Ok(None),
            Err(error) => Err(ClusterError::during("read the build's log")(error)),
        }
    }
}

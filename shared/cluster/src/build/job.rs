//! The Job of a build, as Kubernetes reads it.

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{PodSecurityContext, PodSpec, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use roost_domain::build::Builder;
use roost_domain::label::{ATTEMPT, MANAGED_BY, PROJECT, RELEASE, TENANT};

use super::volumes::{GROUP, volumes};
use super::{BuildSettings, NAMESPACE, WantedBuild, containers};

/// For starting, fetching and reporting, before Kubernetes ends what has not ended itself.
const SPARE_SECONDS: i64 = 300;
/// For the report on a build that is stopped.
const GRACE_SECONDS: i64 = 30;
/// Log and events stay for so long.
const KEPT_SECONDS: i32 = 3600;
/// What the chart's network policies and its selectors look for.
const SELECTOR: [(&str, &str); 2] = [("app.kubernetes.io/name", "roost"), ("app.kubernetes.io/component", "build")];

/// The Job of a build. It waits, suspended, for its turn; what it needs to run is made when it gets it.
#[must_use]
pub fn job(wanted: &WantedBuild, settings: &BuildSettings) -> Job {
    let labels = labels(wanted);
    let pod = PodTemplateSpec {
        metadata: Some(ObjectMeta { labels: Some(labels.clone()), ..ObjectMeta::default() }),
        spec: Some(pod(wanted, settings)),
    };
    let spec = JobSpec {
        suspend: Some(true),
        // A build that fails says so in its report. What breaks otherwise is looked at from outside.
        backoff_limit: Some(0),
        active_deadline_seconds: Some(i64::from(wanted.limit_seconds) + SPARE_SECONDS),
        ttl_seconds_after_finished: Some(KEPT_SECONDS),
        pod_replacement_policy: Some("Failed".to_owned()),
        template: pod,
        ..JobSpec::default()
    };
    let metadata = ObjectMeta {
        name: Some(wanted.name().to_string()),
        namespace: Some(NAMESPACE.to_owned()),
        labels: Some(labels),
        ..ObjectMeta::default()
    };
    Job { metadata, spec: Some(spec), status: None }
}

fn pod(wanted: &WantedBuild, settings: &BuildSettings) -> PodSpec {
    let builder = wanted.builder;
    PodSpec {
        init_containers: (builder == Builder::Isolated).then(|| vec![containers::daemon(settings)]),
        containers: vec![containers::fetch(builder, settings), containers::build(builder, settings)],
        volumes: Some(volumes(&wanted.name(), builder, settings)),
        restart_policy: Some("Never".to_owned()),
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        termination_grace_period_seconds: Some(GRACE_SECONDS),
        security_context: Some(PodSecurityContext { fs_group: Some(GROUP), ..PodSecurityContext::default() }),
        ..PodSpec::default()
    }
}

fn labels(wanted: &WantedBuild) -> BTreeMap<String, String> {
    let own = [
        (MANAGED_BY, "roost".to_owned()),
        (TENANT, wanted.tenant.to_string()),
        (PROJECT, wanted.project.to_string()),
        (RELEASE, wanted.release.to_string()),
        (ATTEMPT, wanted.attempt.to_string()),
    ];
    let selector = SELECTOR.map(|(name, value)| (name, value.to_owned()));
    own.into_iter().chain(selector).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{Container, ResourceRequirements};
    use roost_domain::naming::{ProjectName, TenantId};
    use roost_domain::release::ReleaseNumber;

    use super::*;

    fn pod_of(builder: Builder) -> PodSpec {
        let wanted = WantedBuild {
            tenant: TenantId::parse("u1").unwrap(),
            project: ProjectName::parse("shop").unwrap(),
            release: ReleaseNumber::new(7).unwrap(),
            attempt: 1,
            builder,
            limit_seconds: 1500,
        };
        let settings = BuildSettings {
            image: "build:1".to_owned(),
            builder_image: "buildkit:1".to_owned(),
            image_pull_policy: "IfNotPresent".to_owned(),
            workspace_size: "2Gi".to_owned(),
            builder_cache_size: "10G".to_owned(),
            resources: ResourceRequirements::default(),
            builder_resources: ResourceRequirements::default(),
        };
        let spec = job(&wanted, &settings).spec.unwrap();
        assert_eq!((spec.suspend, spec.backoff_limit), (Some(true), Some(0)));
        spec.template.spec.unwrap()
    }

    fn mounts(container: &Container) -> Vec<&str> {
        container.volume_mounts.iter().flatten().map(|mount| mount.name.as_str()).collect()
    }

    #[test]
    fn each_container_sees_only_what_it_needs() {
        let pod = pod_of(Builder::Isolated);
        let [daemon] = &pod.init_containers.as_deref().unwrap() else { panic!() };
        let [fetch, build] = &pod.containers[..] else { panic!() };
        assert_eq!(mounts(fetch), ["order", "workspace"]);
        assert_eq!(mounts(build), ["order", "workspace", "registry", "socket"]);
        // Users' programs run there.
        assert!(!mounts(daemon).iter().any(|mount| ["order", "registry", "workspace"].contains(mount)));
    }

    #[test]
    fn our_own_containers_are_restricted_and_nothing_speaks_to_the_api_server() {
        let pod = pod_of(Builder::Shared);
        assert_eq!(pod.automount_service_account_token, Some(false));
        for container in pod.init_containers.iter().flatten().chain(&pod.containers) {
            let context = container.security_context.as_ref().unwrap();
            assert_eq!(context.run_as_non_root, Some(true), "{}", container.name);
            assert_eq!(context.allow_privilege_escalation, Some(false), "{}", container.name);
            assert_eq!(context.privileged, None, "{}", container.name);
        }
    }
}

//! The objects by which a project runs its agent: as an archive could have brought them, so that all rules for those hold.

use serde_json::{Value, json};

use super::{AgentImage, AgentVolume};
use crate::manifest::{CheckedObjects, Route};
use crate::naming::ProjectName;
use crate::routing::PathPrefix;

/// Under this name the key stands in its Secret.
pub const KEY_FIELD: &str = "key";
/// Agents run as this user, whatever their image says: none as root.
const USER: u32 = 1000;
const SERVICE_PORT: u16 = 80;
const DATA: &str = "data";

/// The Secret with the key of a project's agent.
#[must_use]
pub fn key_secret_name(project: &ProjectName) -> String {
    format!("proj-{project}-key")
}

/// The objects, and a route to them. The key itself is in none of them: it is drawn once, and stays.
#[must_use]
pub fn objects_of(project: &ProjectName, agent: &AgentImage) -> CheckedObjects {
    let (claim, service) = (format!("proj-{project}-data"), format!("proj-{project}-svc"));
    let objects = vec![
        object("v1", "Secret", &key_secret_name(project), "type", &json!("Opaque")),
        object("v1", "PersistentVolumeClaim", &claim, "spec", &claim_spec(&agent.volume)),
        object("v1", "Service", &service, "spec", &service_spec(project, agent)),
        object("apps/v1", "Deployment", &workload(project), "spec", &deployment_spec(project, agent, &claim)),
    ];
    let whole_host = PathPrefix::parse("/").into_iter();
    let routes = whole_host.map(|path| Route { path, service: service.clone(), port: SERVICE_PORT }).collect();
    CheckedObjects { objects, components: Vec::new(), routes, idle_time: agent.sleep, awake_hours: None }
}

fn workload(project: &ProjectName) -> String {
    format!("proj-{project}-api")
}

fn object(api_version: &str, kind: &str, name: &str, content: &str, value: &Value) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, content: value})
}

fn claim_spec(volume: &AgentVolume) -> Value {
    json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": volume.size}}})
}

fn service_spec(project: &ProjectName, agent: &AgentImage) -> Value {
    let port = json!({"name": "http", "port": SERVICE_PORT, "targetPort": agent.port});
    json!({"type": "ClusterIP", "selector": labels(project), "ports": [port]})
}

fn deployment_spec(project: &ProjectName, agent: &AgentImage, claim: &str) -> Value {
    json!({
        "replicas": 1,
        // Two pods at once would share the volume, and may not even get it.
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": labels(project)},
        "template": {
            "metadata": {"labels": labels(project)},
            "spec": {
                "securityContext": {"runAsUser": USER, "runAsGroup": USER},
                "containers": [container(project, agent)],
                "volumes": [{"name": DATA, "persistentVolumeClaim": {"claimName": claim}}],
            },
        },
    })
}

fn container(project: &ProjectName, agent: &AgentImage) -> Value {
    let key = json!({"secretKeyRef": {"name": key_secret_name(project), "key": KEY_FIELD}});
    let asked = [("cpu", &agent.cpu), ("memory", &agent.memory)];
    let amounts: serde_json::Map<_, _> =
        asked.into_iter().filter_map(|(name, amount)| Some((name.to_owned(), json!(amount.as_ref()?)))).collect();
    json!({
        "name": "agent",
        "image": agent.image,
        "ports": [{"containerPort": agent.port}],
        "env": [
            {"name": agent.key_variable, "valueFrom": key},
            {"name": "HOME", "value": agent.volume.mount_path},
        ],
        "readinessProbe": {"httpGet": {"path": agent.health_path, "port": agent.port}, "periodSeconds": 1},
        "resources": {"requests": amounts, "limits": amounts},
        "volumeMounts": [{"name": DATA, "mountPath": agent.volume.mount_path}],
    })
}

fn labels(project: &ProjectName) -> Value {
    json!({"app": workload(project)})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Agents;
    use crate::artifact::EntryPath;
    use crate::image::ImageRules;
    use crate::manifest::check;
    use crate::routing::Routing;

    fn agent(more: &str) -> AgentImage {
        let json = format!(
            r#"{{"goose": {{"image": "ghcr.io/example/goose:1.2", "key_variable": "KEY", "key_header": "x-secret-key",
                "volume": {{"mount_path": "/data", "size": "1Gi"}} {more}}}}}"#
        );
        Agents::parse(&json).unwrap().find("goose").unwrap().image
    }

    #[test]
    fn an_agents_objects_keep_all_rules_for_what_users_bring() {
        // The longest name makes the longest names of objects.
        for project in ["chat", &"a".repeat(40)] {
            let project = ProjectName::parse(project).unwrap();
            let made = objects_of(&project, &agent(r#", "memory": "1Gi", "sleep": "30m""#));
            let files = made
                .objects
                .iter()
                .enumerate()
                .map(|(number, object)| (EntryPath::parse(&format!("{number}.yaml")).unwrap(), object.to_string()));
            let rules = ImageRules { registry_names: vec!["registry.roost-system.svc:5000".to_owned()] };
            let checked = check(&files.collect::<Vec<_>>(), &[], &Routing::default(), &rules).unwrap();
            assert_eq!((&checked.routes, &checked.objects), (&made.routes, &made.objects));
            assert_eq!(made.idle_time, "30m".parse().ok());
        }
    }

    #[test]
    fn the_names_are_the_projects_and_no_key_is_in_any_object() {
        let made = objects_of(&ProjectName::parse("chat").unwrap(), &agent(""));
        let names: Vec<_> = made.objects.iter().map(|object| object["metadata"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["proj-chat-key", "proj-chat-data", "proj-chat-svc", "proj-chat-api"]);
        assert!(made.objects[0].get("data").is_none() && made.objects[0].get("stringData").is_none());
        assert_eq!(made.objects[2]["spec"]["type"], "ClusterIP");
        assert_eq!(made.objects[3]["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"], json!({}));
    }
}

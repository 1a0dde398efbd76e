//! The check of all of a project's objects, as users wrote them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::object::{Object, objects, read};
use super::route::Route;
use super::{image_use, metadata, policy, reference, route};
use crate::app::{AwakeHours, IdleTime};
use crate::artifact::{EntryPath, Findings};
use crate::finding::Finding;
use crate::image::ImageRules;
use crate::naming::ComponentName;
use crate::routing::Routing;

/// Objects that keep all rules, as users wrote them, and where the paths of their address lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckedObjects {
    /// The objects, those in lists included.
    pub objects: Vec<Value>,
    /// The components they run: their names stand where images stand otherwise.
    pub components: Vec<ComponentName>,
    /// The routes, longest prefix first. A project without any has no address.
    pub routes: Vec<Route>,
    /// After how long the app sleeps, if its owner says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_time: Option<IdleTime>,
    /// In which hours it stays awake, if its owner says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awake_hours: Option<AwakeHours>,
}

/// Checks all objects of a project. Everything wrong is reported together.
pub fn check(
    files: &[(EntryPath, String)],
    components: &[ComponentName],
    routing: &Routing,
    rules: &ImageRules,
) -> Result<CheckedObjects, Vec<Finding>> {
    let mut findings = Findings::default();
    let sources = read(files, &mut findings);
    let objects = objects(&sources, &mut findings);
    for object in &objects {
        policy::check(object, &mut findings);
    }
    metadata::names::check(&objects, &mut findings);
    reference::check(&objects, &mut findings);
    image_use::check(&objects, components, rules, &mut findings);
    let routes = route::resolve(&objects, routing, &mut findings);
    let findings = findings.into_vec();
    if findings.is_empty() { Ok(checked(&objects, components, routes)) } else { Err(findings) }
}

fn checked(objects: &[Object], components: &[ComponentName], routes: Vec<Route>) -> CheckedObjects {
    let objects = objects.iter().map(|object| object.node.value().clone()).collect();
    CheckedObjects { objects, components: components.to_vec(), routes, idle_time: None, awake_hours: None }
}

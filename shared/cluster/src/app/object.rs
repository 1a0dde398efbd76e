//! The App object: infra/cluster/templates/apps/definition.yaml says the same to the API server.

use std::borrow::Cow;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::core::{Resource, TypeMeta};
use roost_domain::app::{AppSpec, AppStatus};
use serde::{Deserialize, Serialize};

use super::metadata;

const GROUP: &str = "apps.roost.dev";
const VERSION: &str = "v1alpha1";
const KIND: &str = "App";
const PLURAL: &str = "apps";

/// An app: its name is the project's, its namespace the tenant's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct App {
    /// What kind of object this is.
    #[serde(flatten, default = "App::types")]
    types: TypeMeta,
    /// What every object has, as far as it matters here.
    #[serde(deserialize_with = "metadata::read")]
    pub metadata: ObjectMeta,
    /// What the app consists of.
    pub spec: AppSpec,
    /// Where it stands; absent before its first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AppStatus>,
}

impl App {
    /// An app as it is to be, in the tenant's namespace.
    #[must_use]
    pub fn new(namespace: &str, spec: AppSpec) -> Self {
        let name = Some(spec.project.to_string());
        let metadata = ObjectMeta { name, namespace: Some(namespace.to_owned()), ..ObjectMeta::default() };
        Self { types: Self::types(), metadata, spec, status: None }
    }

    /// The tenant's namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.metadata.namespace.as_deref().unwrap_or_default()
    }

    /// The project's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata.name.as_deref().unwrap_or_default()
    }

    fn types() -> TypeMeta {
        TypeMeta { api_version: format!("{GROUP}/{VERSION}"), kind: KIND.to_owned() }
    }
}

impl Resource for App {
    type DynamicType = ();
    type Scope = NamespaceResourceScope;

    fn kind((): &()) -> Cow<'_, str> {
        KIND.into()
    }

    fn group((): &()) -> Cow<'_, str> {
        GROUP.into()
    }

    fn version((): &()) -> Cow<'_, str> {
        VERSION.into()
    }

    fn plural((): &()) -> Cow<'_, str> {
        PLURAL.into()
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

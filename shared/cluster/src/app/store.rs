//! Reading apps, and changing where they stand by compare-and-set.

use futures::{Stream, stream};
use jiff::Timestamp;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use roost_domain::app::{AppSpec, AppStatus, Event, Phase, Refused, Step};
use roost_domain::fault::{Classified, Fault};
use roost_domain::label::{MANAGED_BY, PROJECT, TENANT};

use super::App;
use crate::error::{found, has_code};
use crate::{ClusterError, FIELD_MANAGER};

/// How often a step is tried anew after somebody else took one.
const TRIES: usize = 5;
/// The API server answers lists in pieces of so many.
const PAGE: u32 = 500;
/// The definition allows to select by this field: asleep for good, until somebody asks.
const UNSETTLED: &str = "status.settled!=true";
/// Those of them that are woken as their hours begin.
const SETTLED_WITH_HOURS: &str = "status.settled=true,spec.awakeHours!=";

/// The apps of a cluster.
#[derive(Clone)]
pub struct Apps {
    pub(super) client: Client,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The rules say no, for the app as it is now.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is no such app.
    #[error("there is no such app")]
    Missing,
    /// Somebody else was faster.
    #[error("somebody else changed the app meanwhile")]
    Contended,
    /// The cluster did not do it.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl Classified for CommitError {
    fn fault(&self) -> Fault {
        match self {
            Self::Refused(_) | Self::Missing | Self::Contended => Fault::Passing,
            Self::Cluster(error) => error.fault(),
        }
    }
}

impl Apps {
    /// The apps of the client's cluster.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// An app as it is at this moment.
    pub async fn get(&self, namespace: &str, name: &str) -> Result<Option<App>, ClusterError> {
        found(self.api(namespace).get(name).await).map_err(ClusterError::during("read the app"))
    }

    /// All apps in a namespace, asleep or not; a tenant has a few dozen at most.
    pub async fn list_in(&self, namespace: &str) -> Result<Vec<App>, ClusterError> {
        let listed = self.api(namespace).list(&ListParams::default()).await;
        listed.map(|apps| apps.items).map_err(ClusterError::during("list the apps of a tenant"))
    }

    /// All apps about which there may be something to do, page by page; those that sleep for good are not among them.
    pub fn in_motion(&self) -> impl Stream<Item = Result<Vec<App>, ClusterError>> + use<> {
        stream::select(self.pages(UNSETTLED), self.pages(SETTLED_WITH_HOURS))
    }

    fn pages(&self, which: &str) -> impl Stream<Item = Result<Vec<App>, ClusterError>> + use<> {
        let all: Api<App> = Api::all(self.client.clone());
        let first = ListParams::default().fields(which).limit(PAGE);
        stream::try_unfold(Some(first), move |next| {
            let all = all.clone();
            async move {
                let Some(parameters) = next else { return Ok(None) };
                let page = all.list(&parameters).await.map_err(ClusterError::during("list the apps"))?;
                let token = page.metadata.continue_.filter(|token| !token.is_empty());
                Ok(Some((page.items, token.map(|token| parameters.continue_token(&token)))))
            }
        })
    }

    /// Sets what an app consists of; where it stands is not touched.
    pub async fn apply(&self, namespace: &str, spec: AppSpec) -> Result<App, ClusterError> {
        let labels = [(MANAGED_BY, "roost"), (TENANT, spec.tenant.as_str()), (PROJECT, spec.project.as_str())];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let mut app = App::new(namespace, spec);
        app.metadata.labels = Some(labels);
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        let applied = self.api(namespace).patch(app.name(), &parameters, &Patch::Apply(&app)).await;
        applied.map_err(ClusterError::during("apply the app"))
    }

    /// Takes an app away, if it is there.
    pub async fn delete(&self, namespace: &str, name: &str) -> Result<(), ClusterError> {
        let deleted = found(self.api(namespace).delete(name, &DeleteParams::background()).await);
        deleted.map(drop).map_err(ClusterError::during("delete the app"))
    }

    /// Commits a status in place of the one that was read. `None`: somebody changed the app meanwhile.
    pub async fn commit(&self, read: &App, status: AppStatus) -> Result<Option<App>, ClusterError> {
        let mut next = read.clone();
        next.status = Some(status);
        let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        match self.api(read.namespace()).replace_status(read.name(), &parameters, &next).await {
            Ok(app) => Ok(Some(app)),
            Err(error) if has_code(&error, 409) => Ok(None),
            Err(error) => Err(ClusterError::during("change where the app stands")(error)),
        }
    }

    /// Takes the step that an event calls for; answers with the app after the commit, and the step, whose effects are the
    /// caller's. If somebody else changed the app meanwhile, only an event that holds in any state is tried again.
    pub async fn advance(&self, read: App, event: &Event) -> Result<(App, Step), CommitError> {
        let mut app = read;
        for _ in 0..TRIES {
            let step = app.standing().after(event.clone(), Timestamp::now())?;
            if let Some(committed) = Box::pin(self.commit(&app, step.status.clone())).await? {
                return Ok((committed, step));
            }
            if !event.holds_in_any_state() {
                break;
            }
            app = self.get(app.namespace(), app.name()).await?.ok_or(CommitError::Missing)?;
        }
        Err(CommitError::Contended)
    }

    /// Whether an app is in that phase, and has been since it was read.
    pub(super) async fn is_still(&self, app: &App, phase: Phase) -> Result<bool, ClusterError> {
        let now = self.get(app.namespace(), app.name()).await?;
        let (read, epoch) = (app.standing(), now.map(|app| app.standing().epoch));
        Ok(read.phase == phase && epoch == Some(read.epoch))
    }

    fn api(&self, namespace: &str) -> Api<App> {
        Api::namespaced(self.client.clone(), namespace)
    }
}

impl App {
    /// Where the app stands.
    #[must_use]
    pub fn standing(&self) -> AppStatus {
        let born = self.metadata.creation_timestamp.as_ref().map_or_else(Timestamp::now, |time| time.0);
        self.status.clone().unwrap_or_else(|| AppStatus::new(born))
    }
}

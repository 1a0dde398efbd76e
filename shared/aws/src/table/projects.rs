//! Projects, their releases, and the images that were built for them.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::Timestamp;
use roost_domain::image::ImageDigest;
use roost_domain::naming::{ComponentName, ProjectName, TenantId};
use roost_domain::release::{Fingerprint, Origin, Project, Release, ReleaseNumber};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::item::{Item, from_item, key, number, sortable, text, to_item};
use super::page::Range;
use super::tenants::partition;
use super::transaction::{Outcome, put};
use super::{HistoryEntry, Page, PageRequest, Table, TableError};
use crate::ServiceFailure;

/// What releases that nobody looked after are found by.
const DUE: &str = "release";

/// An image that was built, which any release of its project can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltImage {
    /// Its content.
    pub digest: ImageDigest,
    /// The release it was built for.
    pub release: ReleaseNumber,
    /// How long that took, in milliseconds.
    pub milliseconds: u64,
}

/// Which version of an archive a release came from.
#[derive(Serialize, Deserialize)]
struct RegisteredUpload {
    release: ReleaseNumber,
}

pub(super) fn project_key(project: &ProjectName) -> String {
    format!("PROJECT#{project}")
}

/// Padded, so that releases sort by number.
fn release_key(project: &ProjectName, number: ReleaseNumber) -> String {
    format!("RELEASE#{project}#r{:010}", number.get())
}

fn upload_key(project: &ProjectName, version_id: &str) -> String {
    format!("UPLOAD#{project}#{version_id}")
}

fn image_key(project: &ProjectName, component: &ComponentName, fingerprint: &Fingerprint) -> String {
    format!("IMAGE#{project}#{component}#{}", fingerprint.as_str())
}

impl Table {
    /// The project of that name, if anything was ever uploaded to it.
    pub async fn project(&self, tenant: &TenantId, name: &ProjectName) -> Result<Option<Project>, TableError> {
        self.read(tenant, &project_key(name), "read the project").await
    }

    /// All projects of a tenant.
    pub async fn projects(&self, tenant: &TenantId) -> Result<Vec<Project>, TableError> {
        let query = self.client.query().table_name(&self.name).consistent_read(true);
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :projects)");
        let query = query.expression_attribute_values(":pk", text(partition(tenant)));
        let query = query.expression_attribute_values(":projects", text("PROJECT#"));
        let items = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let items = items.map_err(|error| ServiceFailure::new("list the projects", &error))?;
        items.into_iter().map(from_item).collect()
    }

    /// A tenant's projects by name, a page at a time.
    pub async fn projects_page(&self, tenant: &TenantId, request: &PageRequest) -> Result<Page<Project>, TableError> {
        let (partition, prefix) = (partition(tenant), "PROJECT#".to_owned());
        self.page(Range { partition, prefix, is_newest_first: false, action: "list the projects", request }).await
    }

    /// Begins a project; false if there is one of that name.
    pub async fn begin_project(&self, project: &Project, entry: &HistoryEntry) -> Result<bool, TableError> {
        let items = vec![put(self.project_put(project)?), put(self.history_put(&project.tenant, entry)?)];
        match self.transact("begin the project", items).await? {
            Outcome::Written => Ok(true),
            Outcome::Refused(refused) if refused.first() == Some(&true) => Ok(false),
            Outcome::Refused(_) => Err(TableError::Conflict),
        }
    }

    /// A project's releases, the newest first, a page at a time.
    pub async fn releases_page(
        &self,
        (tenant, project): (&TenantId, &ProjectName),
        request: &PageRequest,
    ) -> Result<Page<Release>, TableError> {
        let (partition, prefix) = (partition(tenant), format!("RELEASE#{project}#"));
        self.page(Range { partition, prefix, is_newest_first: true, action: "list the releases", request }).await
    }

    /// The release of that number.
    pub async fn release(
        &self,
        tenant: &TenantId,
        project: &ProjectName,
        number: ReleaseNumber,
    ) -> Result<Option<Release>, TableError> {
        self.read(tenant, &release_key(project, number), "read the release").await
    }

    /// The release that a version of the archive became.
    pub async fn release_of_upload(
        &self,
        tenant: &TenantId,
        project: &ProjectName,
        version_id: &str,
    ) -> Result<Option<Release>, TableError> {
        let registered: Option<RegisteredUpload> =
            self.read(tenant, &upload_key(project, version_id), "find the upload").await?;
        match registered {
            Some(registered) => self.release(tenant, project, registered.release).await,
            None => Ok(None),
        }
    }

    /// A project's releases, the newest first, at most `limit`.
    pub async fn releases(
        &self,
        tenant: &TenantId,
        project: &ProjectName,
        limit: i32,
    ) -> Result<Vec<Release>, TableError> {
        let query = self.client.query().table_name(&self.name).consistent_read(true).scan_index_forward(false);
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :releases)").limit(limit);
        let query = query.expression_attribute_values(":pk", text(partition(tenant)));
        let query = query.expression_attribute_values(":releases", text(format!("RELEASE#{project}#")));
        let page = query.send().await.map_err(|error| ServiceFailure::new("list the releases", &error))?;
        page.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    /// Registers a release together with the project that counts it, once for each version of an archive.
    pub async fn register_release(&self, project: &Project, release: &Release) -> Result<(), TableError> {
        let mut items = vec![put(self.project_put(project)?), put(self.release_put(release)?)];
        if let Origin::Upload(upload) = &release.origin {
            let pk = partition(&release.tenant);
            let item = to_item(
                &pk,
                &upload_key(&release.project, &upload.version_id),
                RegisteredUpload { release: release.number },
            )?;
            let only_once = Put::builder().table_name(&self.name).set_item(Some(item));
            items.push(put(only_once.condition_expression("attribute_not_exists(pk)").build()?));
        }
        self.transact_or_conflict("register the release", items).await
    }

    /// Writes a release in place of the revision before it, with the project if it changes too, and with what is to be
    /// remembered of the change.
    pub async fn save_release(
        &self,
        release: &Release,
        project: Option<&Project>,
        entry: Option<&HistoryEntry>,
    ) -> Result<(), TableError> {
        let project = project.map(|project| self.project_put(project)).transpose()?;
        let entry = entry.map(|entry| entry.clone().about(&release.project));
        let entry = entry.map(|entry| self.history_put(&release.tenant, &entry)).transpose()?;
        let items: Vec<TransactWriteItem> =
            [self.release_put(release)?].into_iter().chain(project).chain(entry).map(put).collect();
        self.transact_or_conflict("save the release", items).await
    }

    /// Writes a project in place of the revision before it.
    pub async fn save_project(&self, project: &Project) -> Result<(), TableError> {
        self.transact_or_conflict("save the project", vec![put(self.project_put(project)?)]).await
    }

    /// Releases that nobody looked after in time, the longest overdue first, at most `limit`.
    pub async fn releases_due(&self, now: Timestamp, limit: i32) -> Result<Vec<Release>, TableError> {
        let query = self.client.query().table_name(&self.name).index_name("due").limit(limit);
        let query = query.key_condition_expression("due_pk = :what AND due_at <= :now");
        let query = query.expression_attribute_values(":what", text(DUE));
        let page = query.expression_attribute_values(":now", sortable(now)).send().await;
        let page = page.map_err(|error| ServiceFailure::new("find releases nobody looks after", &error))?;
        page.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    /// The image that was built from the same things before.
    pub async fn built_image(
        &self,
        tenant: &TenantId,
        project: &ProjectName,
        component: &ComponentName,
        fingerprint: &Fingerprint,
    ) -> Result<Option<BuiltImage>, TableError> {
        self.read(tenant, &image_key(project, component, fingerprint), "find the image").await
    }

    /// Remembers an image for later releases.
    pub async fn remember_image(
        &self,
        tenant: &TenantId,
        project: &ProjectName,
        component: &ComponentName,
        (fingerprint, image): (&Fingerprint, &BuiltImage),
    ) -> Result<(), TableError> {
        let item = to_item(&partition(tenant), &image_key(project, component, fingerprint), image)?;
        let sent = self.client.put_item().table_name(&self.name).set_item(Some(item)).send().await;
        sent.map_err(|error| ServiceFailure::new("remember the image", &error))?;
        Ok(())
    }

    /// Forgets an image that is no longer in the registry.
    pub async fn forget_image(
        &self,
        tenant: &TenantId,
        project: &ProjectName,
        component: &ComponentName,
        fingerprint: &Fingerprint,
    ) -> Result<(), TableError> {
        let key = key(&partition(tenant), &image_key(project, component, fingerprint));
        let sent = self.client.delete_item().table_name(&self.name).set_key(Some(key)).send().await;
        sent.map_err(|error| ServiceFailure::new("forget the image", &error))?;
        Ok(())
    }

    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        sk: &str,
        action: &'static str,
    ) -> Result<Option<T>, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key(&partition(tenant), sk)));
        let got = get.consistent_read(true).send().await;
        got.map_err(|error| ServiceFailure::new(action, &error))?.item.map(from_item).transpose()
    }

    pub(super) fn project_put(&self, project: &Project) -> Result<Put, TableError> {
        let item = to_item(&partition(&project.tenant), &project_key(&project.name), project)?;
        self.put_of_revision(item, project.revision)
    }

    fn release_put(&self, release: &Release) -> Result<Put, TableError> {
        let sk = release_key(&release.project, release.number);
        let mut item = to_item(&partition(&release.tenant), &sk, release)?;
        if let Some(due_at) = release.due_at() {
            item.insert("due_pk".to_owned(), text(DUE));
            item.insert("due_at".to_owned(), sortable(due_at));
        }
        self.put_of_revision(item, release.revision)
    }

    /// In place of the revision before, which must be the one in the table.
    pub(super) fn put_of_revision(&self, item: Item, revision: u64) -> Result<Put, TableError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = match revision {
            1 => put.condition_expression("attribute_not_exists(pk)"),
            revision => put
                .condition_expression("revision = :before")
                .expression_attribute_values(":before", number(revision - 1)),
        };
        Ok(put.build()?)
    }
}

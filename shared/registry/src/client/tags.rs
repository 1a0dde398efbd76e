//! The tags of a repository.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use roost_domain::image::{ImageDigest, Repository};
use serde::Deserialize;

use super::{RegistryClient, RegistryError, answer, send};

const ACTION: &str = "list the tags of a repository";
/// The registry answers with at most as many.
const PAGE: usize = 1000;

#[derive(Deserialize)]
struct Page {
    /// Null when the last tag was deleted.
    tags: Option<Vec<String>>,
}

impl RegistryClient {
    /// The images of a repository by their tags, none if the repository is not there.
    pub async fn tagged_images(&self, repository: &Repository) -> Result<BTreeMap<String, ImageDigest>, RegistryError> {
        let mut images = BTreeMap::new();
        for tag in self.tags(repository).await? {
            if let Some(digest) = self.digest(repository, &tag).await? {
                images.insert(tag, digest);
            }
        }
        Ok(images)
    }

    async fn tags(&self, repository: &Repository) -> Result<Vec<String>, RegistryError> {
        let mut all: Vec<String> = Vec::new();
        loop {
            let last = all.last().map(|tag| format!("&last={tag}")).unwrap_or_default();
            let page = self.page(repository, &last).await?;
            let is_last = page.len() < PAGE;
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    async fn page(&self, repository: &Repository, last: &str) -> Result<Vec<String>, RegistryError> {
        let path = format!("{repository}/tags/list?n={PAGE}{last}");
        let response = send(ACTION, self.read(Method::GET, &path, repository)?).await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        Ok(answer::json::<Page>(ACTION, response).await?.tags.unwrap_or_default())
    }
}

//! Where things are in the bucket. Whose a thing is stands in its key and nowhere else.

use roost_domain::naming::{LabelError, ProjectName, TenantId, TenantIdError};
use roost_domain::release::{ReleaseNumber, ReleaseNumberError};

/// The key of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectKey(String);

/// Why a key is not one of an artifact or of a result.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// It has another form.
    #[error("{key:?} is not {form}")]
    Form {
        /// The key as it came.
        key: String,
        /// The form it should have.
        form: &'static str,
    },
    /// Its tenant is none.
    #[error(transparent)]
    Tenant(#[from] TenantIdError),
    /// Its project is none.
    #[error(transparent)]
    Project(#[from] LabelError),
    /// Its release is none.
    #[error(transparent)]
    Release(#[from] ReleaseNumberError),
}

impl ObjectKey {
    /// The archive of a project.
    #[must_use]
    pub fn artifact(tenant: &TenantId, project: &ProjectName) -> Self {
        Self(format!("artifacts/{tenant}/{project}.tar.gz"))
    }

    /// The checked Kubernetes objects of a release.
    #[must_use]
    pub fn release_objects(tenant: &TenantId, project: &ProjectName, release: ReleaseNumber) -> Self {
        Self(format!("releases/{tenant}/{project}/{release}/objects.json"))
    }

    /// The log of a build as far as it is.
    #[must_use]
    pub fn live_log(tenant: &TenantId, project: &ProjectName, release: ReleaseNumber) -> Self {
        Self(format!("logs/{tenant}/{project}/{release}/live.jsonl"))
    }

    /// The log of a build that has ended.
    #[must_use]
    pub fn build_log(tenant: &TenantId, project: &ProjectName, release: ReleaseNumber) -> Self {
        Self(format!("logs/{tenant}/{project}/{release}/build.jsonl"))
    }

    /// What came of a build.
    #[must_use]
    pub fn result(tenant: &TenantId, project: &ProjectName, release: ReleaseNumber) -> Self {
        Self(format!("results/{tenant}/{project}/{release}.json"))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose archive of which project has that key.
    pub fn parse_artifact(key: &str) -> Result<(TenantId, ProjectName), KeyError> {
        let form = "artifacts/<user id>/<project>.tar.gz";
        let parts = key.strip_prefix("artifacts/").and_then(|rest| rest.strip_suffix(".tar.gz")?.split_once('/'));
        let (tenant, project) = parts.ok_or_else(|| KeyError::Form { key: shortened(key), form })?;
        Ok((TenantId::parse(tenant)?, ProjectName::parse(project)?))
    }

    /// Of which release the result with that key is.
    pub fn parse_result(key: &str) -> Result<(TenantId, ProjectName, ReleaseNumber), KeyError> {
        let form = "results/<user id>/<project>/r<number>.json";
        let wrong = || KeyError::Form { key: shortened(key), form };
        let parts = key.strip_prefix("results/").and_then(|rest| rest.strip_suffix(".json"));
        let (tenant, rest) = parts.and_then(|rest| rest.split_once('/')).ok_or_else(wrong)?;
        let (project, release) = rest.split_once('/').ok_or_else(wrong)?;
        Ok((TenantId::parse(tenant)?, ProjectName::parse(project)?, ReleaseNumber::parse(release)?))
    }
}

fn shortened(key: &str) -> String {
    key.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_read_from_the_key_alone() {
        let (tenant, project) = ObjectKey::parse_artifact("artifacts/01JD/shop.tar.gz").unwrap();
        assert_eq!((tenant.as_str(), project.as_str()), ("01JD", "shop"));
        assert_eq!(ObjectKey::artifact(&tenant, &project).as_str(), "artifacts/01JD/shop.tar.gz");
        let release = ReleaseNumber::new(7).unwrap();
        let key = ObjectKey::result(&tenant, &project, release);
        assert_eq!(ObjectKey::parse_result(key.as_str()), Ok((tenant, project, release)));
    }

    #[test]
    fn a_key_of_another_form_is_nobodys() {
        for key in [
            "",
            "artifacts/shop.tar.gz",
            "artifacts//shop.tar.gz",
            "artifacts/u1/.tar.gz",
            "artifacts/u1/../u2/shop.tar.gz",
            "artifacts/u1/a/b.tar.gz",
            "artifacts/u1/Shop.tar.gz",
            "artifacts/u1/shop.zip",
            "artifacts/u1/shop.tar.gz/",
            "Artifacts/u1/shop.tar.gz",
            "results/u1/shop.tar.gz",
        ] {
            assert!(ObjectKey::parse_artifact(key).is_err(), "{key:?}");
        }
        for key in ["results/u1/shop.json", "results/u1/shop/7.json", "results/u1/shop/r0.json", "logs/u1/shop/r7.json"]
        {
            assert!(ObjectKey::parse_result(key).is_err(), "{key:?}");
        }
    }
}

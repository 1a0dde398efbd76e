//! Where the platform's registry keeps the images of a component.

use crate::naming::{ComponentName, ProjectName, Slug, TenantId};

/// The repository of one component: `{tenant part}/{project}/{component}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Repository(String);

impl Repository {
    /// The repository of a tenant's component.
    #[must_use]
    pub fn of(tenant: &TenantId, project: &ProjectName, component: &ComponentName) -> Self {
        Self(format!("{}{component}", Self::project_prefix(tenant, project)))
    }

    /// What the names of all of a project's repositories begin with; it ends with `/`, so that no project's prefix is
    /// the beginning of another's.
    #[must_use]
    pub fn project_prefix(tenant: &TenantId, project: &ProjectName) -> String {
        format!("{}/{project}/", Self::tenant_part(tenant))
    }

    /// The first part of the names of all of a tenant's repositories. Made of the tenant's id alone: lower case, as
    /// repositories must be, never another tenant's, and never used again.
    #[must_use]
    pub fn tenant_part(tenant: &TenantId) -> String {
        Slug::candidates(tenant.as_str(), tenant).last().map(ToString::to_string).unwrap_or_default()
    }

    /// The name as text, without the registry.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::image::{ImageDigest, ImageReference, RegistryName};

    fn repository(tenant: &str, project: &str, component: &str) -> Repository {
        let (tenant, project) = (TenantId::parse(tenant).unwrap(), ProjectName::parse(project).unwrap());
        Repository::of(&tenant, &project, &ComponentName::parse(component).unwrap())
    }

    #[test]
    fn tenants_whose_ids_differ_only_in_case_have_repositories_apart() {
        let (upper, lower) = (repository("U1", "shop", "api"), repository("u1", "shop", "api"));
        assert_ne!(upper, lower);
        assert!(lower.as_str().starts_with("u1---") && lower.as_str().ends_with("/shop/api"), "{lower}");
    }

    proptest! {
        #[test]
        fn every_repository_is_one_that_registries_take(
            tenant in "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
            project in "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?",
            component in "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?",
        ) {
            let repository = repository(&tenant, &project, &component);
            let digest = ImageDigest::parse(&format!("sha256:{}", "0".repeat(64))).unwrap();
            let name = RegistryName::parse("registry.roost-system.svc:5000").unwrap();
            let reference = ImageReference::parse(&name.pinned(&repository, &digest)).unwrap();
            prop_assert_eq!(reference.registry(), name.as_str());
            prop_assert_eq!(reference.repository(), repository.as_str());
            prop_assert!(reference.is_pinned());
        }
    }
}

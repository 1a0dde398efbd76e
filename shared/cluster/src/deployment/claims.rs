//! The claims of a project, with whose volumes all goes that its app remembers.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use kube::ResourceExt;
use kube::api::ListParams;

use super::Deployment;
use super::kinds::resource;
use crate::ClusterError;

impl Deployment {
    /// Deletes the project's claims: those that an archive brought, and those that its `StatefulSet`s made for their
    /// pods, which have no label that says so. They are known as long as the sets are there, so claims go first.
    pub async fn remove_claims(&self) -> Result<(), ClusterError> {
        let during = ClusterError::during("remove the project's claims");
        let own = ListParams::default().labels(&self.label_selector());
        let sets = self.list_whole::<StatefulSet>(&own).await.map_err(during)?;
        let prefixes: BTreeSet<_> = sets.iter().flat_map(prefixes_of).collect();
        let kind = resource("v1", "PersistentVolumeClaim");
        let labelled = self.list_whole::<PersistentVolumeClaim>(&own).await.map_err(during)?;
        let everything = ListParams::default();
        let is_any = !prefixes.is_empty();
        let all = if is_any { self.list_whole::<PersistentVolumeClaim>(&everything).await } else { Ok(Vec::new()) };
        let all = all.map_err(during)?;
        let made = all.into_iter().filter(|claim| prefixes.iter().any(|prefix| is_made_by(prefix, &claim.name_any())));
        let names: BTreeSet<_> = labelled.into_iter().chain(made).map(|claim| claim.name_any()).collect();
        let gone = names.iter().map(|name| self.delete_named(&kind, name));
        try_join_all(gone).await.map(drop).map_err(during)
    }
}

/// What the names of the claims begin with that a set makes, before the pod's number.
fn prefixes_of(set: &StatefulSet) -> Vec<String> {
    let templates = set.spec.iter().flat_map(|spec| spec.volume_claim_templates.iter().flatten());
    templates.map(|template| format!("{}-{}-", template.name_any(), set.name_any())).collect()
}

fn is_made_by(prefix: &str, claim: &str) -> bool {
    let number = claim.strip_prefix(prefix);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_set_is_known_by_the_names_of_its_claims() {
        let template = json!({"metadata": {"name": "data"}, "spec": {}});
        let spec = json!({
            "selector": {}, "serviceName": "db", "template": {}, "volumeClaimTemplates": [template],
        });
        let set: StatefulSet = serde_json::from_value(json!({"metadata": {"name": "db"}, "spec": spec})).unwrap();
        assert_eq!(prefixes_of(&set), ["data-db-"]);
        assert!(is_made_by("data-db-", "data-db-0") && is_made_by("data-db-", "data-db-12"));
        for claim in ["data-db-", "data-db-main-0", "data-db", "other-db-0"] {
            assert!(!is_made_by("data-db-", claim), "{claim}");
        }
    }
}

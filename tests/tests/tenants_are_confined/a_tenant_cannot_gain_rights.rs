//! More rights, other identities, longer lives, wider limits: none of it can be had from inside a tenant.

use anyhow::Result;
use k8s_openapi::api::core::v1::Secret;
use kube::Api;
use kube::api::PostParams;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::manifests::{object, secret};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const RBAC: &str = "apis/rbac.authorization.k8s.io/v1";
const NETWORKING: &str = "apis/networking.k8s.io/v1";

/// A namespace's labels set Pod Security's level and what the chart's policies hold for; network policies add up.
fn attempts_on_the_fence(owner: &Owner) -> Vec<Attempt> {
    let home = format!("/{CORE}/namespaces/{}", owner.namespace);
    let core = |rest: &str| owner.path(CORE, rest);
    let unmanaged = json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": null}}});
    let privileged = json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}});
    let finalized = object("v1", "Namespace", &owner.namespace, &json!({"spec": {"finalizers": []}}));
    let more = json!({"spec": {"hard": {"limits.cpu": "64", "pods": "1000"}}});
    let unused = json!({"status": {"used": {"limits.cpu": "0"}}});
    let open = json!({"spec": {"podSelector": {}, "ingress": [{}], "egress": [{}]}});
    let opening = object("networking.k8s.io/v1", "NetworkPolicy", "open", &open);
    let policies = |rest: &str| owner.path(NETWORKING, &format!("networkpolicies{rest}"));
    Attempt::without_rights([
        ("patch", "namespaces", home.clone(), privileged),
        ("patch", "namespaces", home.clone(), unmanaged),
        ("update", "namespaces/finalize", format!("{home}/finalize"), finalized),
        ("delete", "namespaces", home, Value::Null),
        ("patch", "resourcequotas", core("resourcequotas/roost-quota"), more),
        ("patch", "resourcequotas/status", core("resourcequotas/roost-quota/status"), unused),
        ("delete", "resourcequotas", core("resourcequotas/roost-quota"), Value::Null),
        ("patch", "limitranges", core("limitranges/roost-limits"), json!({"spec": {"limits": []}})),
        ("delete", "limitranges", core("limitranges/roost-limits"), Value::Null),
        ("create", "networkpolicies", policies(""), opening),
        ("patch", "networkpolicies", policies("/roost-fence"), open),
        ("delete", "networkpolicies", policies("/roost-fence"), Value::Null),
        ("deletecollection", "networkpolicies", policies(""), Value::Null),
        // No quota slows it down.
        ("deletecollection", "pods", core("pods"), Value::Null),
    ])
}

#[tokio::test]
async fn the_fence_and_the_limits_cannot_be_moved() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "fenced").await?;
    all_are_refused(&owner, &attempts_on_the_fence(&owner)).await
}

fn attempts_on_rights(owner: &Owner) -> Vec<Attempt> {
    let rbac = |rest: &str| owner.path(RBAC, rest);
    let group = "rbac.authorization.k8s.io";
    let role = json!({"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"});
    let subject = json!({"kind": "ServiceAccount", "name": "tenant", "namespace": owner.namespace});
    let grant = json!({"roleRef": role, "subjects": [subject]});
    let binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", "more", &grant);
    let everything = json!({"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]});
    let role = object("rbac.authorization.k8s.io/v1", "Role", "more", &everything);
    let guest = json!({"subjects": [{"apiGroup": group, "kind": "User", "name": "guest"}]});
    let account = object("v1", "ServiceAccount", "second", &json!({}));
    let request = object("certificates.k8s.io/v1", "CertificateSigningRequest", "more", &json!({}));
    let requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    let automount = json!({"automountServiceAccountToken": true});
    Attempt::without_rights([
        ("create", "rolebindings", rbac("rolebindings"), binding),
        ("patch", "rolebindings", rbac("rolebindings/roost-tenant"), guest),
        ("delete", "rolebindings", rbac("rolebindings/roost-tenant"), Value::Null),
        ("list", "rolebindings", rbac("rolebindings"), Value::Null),
        ("create", "roles", rbac("roles"), role),
        ("create", "serviceaccounts", owner.path(CORE, "serviceaccounts"), account),
        ("patch", "serviceaccounts", owner.path(CORE, "serviceaccounts/default"), automount),
        ("create", "certificatesigningrequests", requests.to_owned(), request),
        ("patch", "certificatesigningrequests/approval", format!("{requests}/any/approval"), json!({})),
        ("create", "tokenreviews", "/apis/authentication.k8s.io/v1/tokenreviews".to_owned(), json!({})),
        ("create", "subjectaccessreviews", "/apis/authorization.k8s.io/v1/subjectaccessreviews".to_owned(), json!({})),
    ])
}

fn attempts_as_someone_else(owner: &Owner) -> Vec<Attempt> {
    let neighbour = format!("system:serviceaccount:{}:default", owner.namespace);
    let pods = owner.path(CORE, "pods");
    let disguised =
        |name: &str| Attempt::stopped_by(Barrier::Impersonation, "GET", &pods).with_header("impersonate-user", name);
    vec![
        disguised("kubernetes-admin"),
        disguised("kubernetes-admin").with_header("impersonate-group", "system:masters"),
        disguised("system:serviceaccount:roost-system:roost-provisioner"),
        disguised("system:serviceaccount:kube-system:namespace-controller"),
        disguised(&neighbour),
    ]
}

#[tokio::test]
async fn neither_rights_nor_identities_can_be_taken() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "climber").await?;
    all_are_refused(&owner, &attempts_on_rights(&owner)).await?;
    all_are_refused(&owner, &attempts_as_someone_else(&owner)).await
}

/// Of the wrong type it would end all rotation; with a finalizer its token would outlive its revocation. Another one
/// holds what images are pulled with.
fn attempts_on_anchors(owner: &Owner) -> Vec<Attempt> {
    let anchored = Barrier::Policy("roost-tenant-secrets", "The Secrets roost-* belong to Roost");
    let kept = json!({"metadata": {"finalizers": ["example.com/stay"]}});
    let mut typed =
        object("v1", "Secret", "roost-credential-2", &json!({"stringData": {"username": "", "password": ""}}));
    typed["type"] = json!("kubernetes.io/basic-auth");
    vec![
        Attempt::stopped_by(anchored, "POST", &owner.path(CORE, "secrets")).with(typed),
        Attempt::stopped_by(anchored, "POST", &owner.path(CORE, "secrets")).with(secret("roost-credential-3")),
        Attempt::stopped_by(anchored, "PATCH", &owner.path(CORE, "secrets/roost-credential-9")).with(kept),
        Attempt::stopped_by(anchored, "POST", &owner.path(CORE, "secrets")).with(secret("roost-registry")),
    ]
}

/// Tokens of the first sort never expire; those of the second would renew themselves past every rotation.
fn attempts_on_tokens(owner: &Owner) -> Vec<Attempt> {
    let ever = Barrier::Policy("roost-tenant-secrets", "as its token never expires");
    let lasting = |account: &str| {
        let annotated = json!({"metadata": {"annotations": {"kubernetes.io/service-account.name": account}}});
        let mut secret = object("v1", "Secret", "lasting", &annotated);
        secret["type"] = json!("kubernetes.io/service-account-token");
        Attempt::stopped_by(ever, "POST", &owner.path(CORE, "secrets")).with(secret)
    };
    let token = json!({
        "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 31_536_000}
    });
    let renewed = |account: &str| {
        let path = owner.path(CORE, &format!("serviceaccounts/{account}/token"));
        Attempt::without_right("create", "serviceaccounts/token", &path).with(token.clone())
    };
    vec![lasting("tenant"), lasting("default"), renewed("tenant"), renewed("default")]
}

#[tokio::test]
async fn no_token_outlives_the_credential() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "lasting").await?;
    all_are_refused(&owner, &attempts_on_tokens(&owner)).await?;
    let anchor = serde_json::from_value(secret("roost-credential-9"))?;
    let secrets: Api<Secret> = Api::namespaced(platform.cluster.clone(), &owner.namespace);
    secrets.create(&PostParams::default(), &anchor).await?;
    all_are_refused(&owner, &attempts_on_anchors(&owner)).await
}

//! Events on the bus, and the tenants that come of them: the whole way through the running platform.

use anyhow::Result;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Namespace, ResourceQuota};
use kube::Api;
use roost_domain::naming::TenantId;
use roost_domain::tenant::{Tenant, TenantState};
use roost_tests::audit_log;
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::{ready, sign_up};
use roost_tests::until;
use roost_tests::user::User;
use serde_json::json;

async fn happened(platform: &RunningPlatform, id: &TenantId, kind: &str) -> Result<String> {
    until::some(kind, || async {
        let history = platform.table.history(id).await?;
        Ok(history.into_iter().find(|entry| entry.kind == kind).map(|entry| entry.reason))
    })
    .await
}

#[tokio::test]
async fn a_signup_gets_a_namespace_a_quota_and_a_credential_for_nothing_else() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let user = User::new("alice");
    let tenant = sign_up(&platform, &user, "free").await?;
    assert_eq!(tenant.home().unwrap().slug.namespace(), user.namespace());

    let namespace = Api::<Namespace>::all(platform.cluster.clone()).get(&user.namespace()).await?;
    let labels = namespace.metadata.labels.unwrap();
    assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert_eq!(labels["roost.dev/tenant"], user.id.as_str());

    let quota =
        Api::<ResourceQuota>::namespaced(platform.cluster.clone(), &user.namespace()).get("roost-quota").await?;
    let status = quota.status.unwrap();
    let hard = status.hard.unwrap();
    for (name, amount) in [
        ("requests.cpu", "500m"),
        ("limits.cpu", "500m"),
        ("requests.memory", "1Gi"),
        ("limits.memory", "1Gi"),
        ("requests.storage", "10Gi"),
    ] {
        assert_eq!(hard[name].0, amount, "{name}");
    }
    assert!(hard.keys().all(|name| status.used.as_ref().unwrap().contains_key(name)), "a quota key nobody counts");

    let owner = Owner::of(&user.id).await?;
    assert_eq!(owner.namespace, user.namespace());
    assert_eq!(owner.ask_at_home("GET", "api/v1", "pods", None).await?.code, 200);
    assert_eq!(owner.ask("GET", "/api/v1/namespaces/default/pods", None).await?.code, 403);
    assert_eq!(owner.ask("GET", "/api/v1/nodes", None).await?.code, 403);
    Ok(())
}

#[tokio::test]
async fn a_signup_costs_the_api_server_eight_writes_and_a_read() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let user = User::new("counted");
    sign_up(&platform, &user, "free").await?;
    let requests = audit_log::requests_about(&user.namespace()).await?;
    let (writes, reads): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.writes());
    assert_eq!(writes.len(), 8, "{requests:#?}");
    // A busy controller fills the quota late; then the function comes back and reads again.
    assert!(!reads.is_empty() && reads.iter().all(|read| read.uri.contains("/resourcequotas/")), "{requests:#?}");

    Ok(())
}

#[tokio::test]
async fn two_users_racing_for_one_name_both_get_a_namespace_of_their_own() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let first = User::new("racer");
    let second = User { name: first.name.clone(), ..User::new("racer") };
    let (one, two) = (first.signed_up("free", 1), second.signed_up("free", 1));
    futures::try_join!(platform.publish("user.signed-up", &one), platform.publish("user.signed-up", &two))?;
    let (one, two) = (ready(&platform, &first.id).await?, ready(&platform, &second.id).await?);
    let mut slugs = [one, two].map(|tenant| tenant.home().unwrap().slug.to_string());
    slugs.sort();
    assert_eq!(slugs[0], first.name);
    assert!(slugs[1].starts_with(&format!("{}---", first.name)), "{slugs:?}");
    Ok(())
}

#[tokio::test]
async fn names_of_every_kind_become_namespaces() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let unique = User::new("x").name;
    for name in [
        format!("john_doe {unique}"),
        format!("../../{unique}"),
        format!("two\nlines {unique}"),
        "n".repeat(300),
        "аdmin".to_owned(),
        "kube-system".to_owned(),
        String::new(),
    ] {
        let user = User { name: name.clone(), ..User::new("x") };
        let tenant = sign_up(&platform, &user, "free").await?;
        let namespace = tenant.home().unwrap().slug.namespace();
        assert!(namespace.starts_with("user-") && namespace.len() <= 63, "{name:?} became {namespace}");
        assert_eq!(Owner::of(&user.id).await?.namespace, namespace);
    }
    Ok(())
}

#[tokio::test]
async fn a_change_of_plan_changes_the_quota() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let user = User::new("grower");
    sign_up(&platform, &user, "free").await?;
    platform.publish("user.plan-changed", &user.plan_changed("team", 3)).await?;
    let quotas: Api<ResourceQuota> = Api::namespaced(platform.cluster.clone(), &user.namespace());
    until::some("the team's quota", || async {
        let hard = quotas.get("roost-quota").await?.status.and_then(|status| status.hard).unwrap_or_default();
        Ok((hard.get("limits.cpu").is_some_and(|cpu| cpu.0 == "10")).then_some(()))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_change_of_plan_that_overtakes_its_signup_is_kept_for_it() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let user = User::new("early");
    platform.publish("user.plan-changed", &user.plan_changed("team", 2)).await?;
    until::some("the announced plan", || async { platform.table.tenant(&user.id).await.map_err(Into::into) }).await?;
    let tenant = sign_up(&platform, &user, "free").await?;
    assert_eq!(tenant.plan.as_deref(), Some("team"));
    Ok(())
}

#[tokio::test]
async fn an_event_nobody_can_carry_out_is_set_aside_with_a_reason_and_stops_nobody() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let (broken, greedy, fine) = (User::new("broken"), User::new("greedy"), User::new("fine"));
    let mut without_version = broken.signed_up("free", 1);
    without_version.as_object_mut().unwrap().remove("version");
    platform.publish("user.signed-up", &without_version).await?;
    platform.publish("user.signed-up", &greedy.signed_up("gold", 1)).await?;
    platform.publish("user.signed-up", &json!("no detail at all")).await.ok();
    sign_up(&platform, &fine, "free").await?;
    let reason = happened(&platform, &broken.id, "event.refused").await?;
    assert!(reason.contains("version"), "{reason}");
    let reason = happened(&platform, &greedy.id, "event.refused").await?;
    assert_eq!(reason, "there is no plan \"gold\"; choose one of free, team");
    assert!(platform.table.tenant(&greedy.id).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_deleted_users_rights_end_at_once_and_nothing_of_it_stays() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let user = User::new("leaver");
    sign_up(&platform, &user, "free").await?;
    let owner = Owner::of(&user.id).await?;
    assert_eq!(owner.ask_at_home("GET", "api/v1", "pods", None).await?.code, 200);

    platform.publish("user.deleted", &user.deleted(2)).await?;
    happened(&platform, &user.id, "tenant.deleting").await?;
    let refused = |code| {
        let owner = owner.clone();
        until::some("the refusal", move || {
            let owner = owner.clone();
            async move {
                Ok((owner.ask_at_home("GET", "api/v1", "pods", None).await?.code >= code).then_some(Timestamp::now()))
            }
        })
    };
    let started = Timestamp::now();
    let forbidden = refused(401).await?;
    let unknown = until::some("the token's end", || async {
        Ok((owner.ask_at_home("GET", "api/v1", "pods", None).await?.code == 401).then_some(Timestamp::now()))
    })
    .await?;
    println!(
        "first refusal {} ms and first 401 {} ms after the deletion was noted",
        forbidden.duration_since(started).as_millis(),
        unknown.duration_since(started).as_millis()
    );
    let gone = |tenant: &Tenant| tenant.state == TenantState::Deleted;
    let limit = until::PATIENCE * 3;
    let tenant = until::some_within(limit, "the end of the tenant", || async {
        Ok(platform.table.tenant(&user.id).await?.filter(gone))
    })
    .await?;
    assert!(tenant.profile.is_none() && tenant.plan.is_none());
    let namespaces: Api<Namespace> = Api::all(platform.cluster.clone());
    assert!(namespaces.get_opt(&user.namespace()).await?.is_none());

    // The name is kept for a while: a stranger who takes it at once gets another namespace.
    let stranger = User { name: user.name.clone(), ..User::new("stranger") };
    let tenant = sign_up(&platform, &stranger, "free").await?;
    assert_ne!(tenant.home().unwrap().slug.as_str(), user.name);
    Ok(())
}

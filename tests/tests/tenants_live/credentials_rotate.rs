//! Credentials: sealed for one tenant only, renewed with an overlap, revoked one by one, in either vault.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use roost_aws::vault::Owner as TokenOwner;
use roost_domain::credential::{Credential, Retiring};
use roost_domain::naming::{ClusterName, TenantId};
use roost_domain::tenant::{Home, TenantState};
use roost_tests::function::{Ending, Function};
use roost_tests::owner::Owner;
use roost_tests::until;
use roost_tests::user::User;
use roost_tests::world::{CLUSTER, World};

async fn credential(world: &World, user: &User) -> Result<Credential> {
    world.ready_tenant(user).await?.1.credential.context("no credential")
}

/// Brings forward what is due about a credential, and lets the schedule tick.
async fn rotate(world: &World, function: &Function, user: &User) -> Result<Credential> {
    let (tenant, home) = world.ready_tenant(user).await?;
    let now = Timestamp::now();
    let early = |old: Credential| match old.retiring.clone() {
        Some(retiring) => Credential { retiring: Some(Retiring { revoke_at: now, ..retiring }), ..old },
        None => Credential { renew_at: now, ..old },
    };
    let state = TenantState::Ready { home: Home { credential: home.credential.clone().map(early), ..home } };
    world.table.save(&tenant.moved_to(state, now), None).await?;
    let ending = function.handle(&[r#"{"task": "rotate-due-credentials"}"#.to_owned()]).await?;
    ensure!(matches!(ending, Ending::Answered(_)), "{ending:?}");
    credential(world, user).await
}

async fn may_list_pods(owner: &Owner) -> Result<bool> {
    Ok(owner.ask_at_home("GET", "api/v1", "pods", None).await?.code == 200)
}

async fn rotates_with_overlap(world: World) -> Result<()> {
    let user = User::new("rotating");
    let provision = world.start("provision-tenant").await?;
    world.carry_out(&provision, "user.signed-up", &user.signed_up("free", 1)).await?;
    let function = world.start("rotate-credentials").await?;
    let namespace = user.namespace();
    let owner_with = async |credential: &Credential| {
        world.owner_with(&user, &namespace, credential.number, &credential.sealed).await
    };

    let first = credential(&world, &user).await?;
    let second = rotate(&world, &function, &user).await?;
    ensure!(second.number == 2 && second.retiring.as_ref().is_some_and(|old| old.number == 1), "{second:?}");
    let (old, new) = (owner_with(&first).await?, owner_with(&second).await?);
    ensure!(may_list_pods(&old).await? && may_list_pods(&new).await?, "both are good while they overlap");

    let second = rotate(&world, &function, &user).await?;
    ensure!(second.number == 2 && second.retiring.is_none(), "{second:?}");
    let third = rotate(&world, &function, &user).await?;
    ensure!(third.number == 3, "{third:?}");
    let third = rotate(&world, &function, &user).await?;
    ensure!(third.retiring.is_none(), "{third:?}");
    until::some("the end of the second credential", || async { Ok((!may_list_pods(&new).await?).then_some(())) })
        .await?;
    ensure!(may_list_pods(&owner_with(&third).await?).await?, "the third credential is good");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_sealed_by_kms_rotate_with_an_overlap() -> Result<()> {
    rotates_with_overlap(World::new().await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_kept_by_secrets_manager_rotate_with_an_overlap() -> Result<()> {
    rotates_with_overlap(World::new().await?.with_setting("ROOST_VAULT", "secrets-manager")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_tenants_secret_is_gone_from_secrets_manager() -> Result<()> {
    let world = World::new().await?.with_setting("ROOST_VAULT", "secrets-manager");
    let user = User::new("forgotten");
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let name = format!("roost/tenants/{}", user.id);
    ensure!(world.secrets().read(&name).await.is_ok());
    world.carry_out(&function, "user.deleted", &user.deleted(2)).await?;
    ensure!(world.secrets().read(&name).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_sealed_for_one_tenant_opens_for_no_other() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("sealed"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let Credential { number, sealed, .. } = credential(&world, &user).await?;
    let vault = world.vault(&sealed);
    let (stranger, cluster) = (TenantId::parse("stranger")?, ClusterName::parse(CLUSTER)?);
    let other = ClusterName::parse("other")?;
    for owner in [
        TokenOwner { tenant: &stranger, cluster: &cluster, number },
        TokenOwner { tenant: &user.id, cluster: &other, number },
        TokenOwner { tenant: &user.id, cluster: &cluster, number: number + 1 },
    ] {
        ensure!(vault.open(owner, &sealed).await.is_err(), "{owner:?}");
    }
    vault.open(TokenOwner { tenant: &user.id, cluster: &cluster, number }, &sealed).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_in_a_log_or_a_record() -> Result<()> {
    let (world, user) = (World::new().await?, User::new("silent"));
    let function = world.start("provision-tenant").await?;
    world.carry_out(&function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let log = format!("{:?}", function.logged().await?);
    let record = format!("{:?}", world.table.tenant(&user.id).await?);
    // Every JSON web token begins with these letters: {" in base64.
    ensure!(log.contains("event handled") && !log.contains("eyJ"), "{log}");
    ensure!(!record.contains("eyJ"), "{record}");
    Ok(())
}

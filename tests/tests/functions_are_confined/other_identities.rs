//! The functions act as a tenant to bring what its archive holds, and as nobody else.

use anyhow::Result;
use http::Request;
use http::request::Builder;
use roost_tests::functions_identity::functions_identity;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;

fn read_as(identity: &str, path: &str) -> Builder {
    Request::builder().method("GET").uri(path).header("impersonate-user", identity)
}

#[tokio::test]
async fn tenants_can_be_acted_for_and_nobody_else() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "acted-for").await?;
    let functions = functions_identity(&platform, &owner.namespace).await?;
    let path = functions.path("api/v1", "configmaps");
    let tenant = format!("system:serviceaccount:{}:tenant", owner.namespace);
    let answer = functions.send(read_as(&tenant, &path), None).await?;
    assert_eq!(answer.code, 200, "{}", answer.message);
    // The rights are the tenant's then, and end where the tenant's end.
    let answer = functions.send(read_as(&tenant, "/api/v1/namespaces/roost-system/configmaps"), None).await?;
    assert!(answer.code == 403 && answer.message.contains(&tenant), "{}", answer.message);
    for other in [
        "kubernetes-admin",
        "system:serviceaccount:kube-system:namespace-controller",
        &format!("system:serviceaccount:{}:default", owner.namespace),
    ] {
        let answer = functions.send(read_as(other, &path), None).await?;
        assert!(answer.code == 403 && answer.message.contains("cannot impersonate"), "{other}: {}", answer.message);
    }
    let grouped = read_as(&tenant, &path).header("impersonate-group", "system:masters");
    let answer = functions.send(grouped, None).await?;
    assert!(answer.code == 403 && answer.message.contains("cannot impersonate"), "{}", answer.message);
    Ok(())
}

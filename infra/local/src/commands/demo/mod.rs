//! Shows the platform at work; succeeds only if all of it is as it should be.

mod app;
mod rights;
mod signup;

use anyhow::ensure;

use super::up;
use crate::install::api_front;
use crate::instance::Instance;
use crate::mode::Cluster;

pub(crate) async fn run(instance: &Instance) -> anyhow::Result<()> {
    up::run(instance).await?;
    let tenant = signup::sign_up(instance).await?;
    let wrong = rights::show(instance, &tenant).await?;
    ensure!(wrong == 0, "{wrong} of the answers above are not as they should be");
    // Where somebody else's cluster has its registry and its gateway is not known here.
    if instance.mode.cluster == Cluster::Own {
        Box::pin(app::show(instance, &tenant)).await?;
    }
    println!("\nAs its owner you can go on:");
    if instance.mode.cluster == Cluster::Own {
        let console = api_front::address(instance);
        println!("  {console}/console shows what happened. Sign in as its owner:");
        println!("  {console}/console/sign-in?hint={}", tenant.id);
    }
    println!("  target/local/roost-local kubeconfig {} > owner.kubeconfig", tenant.id);
    println!("  eval \"$(make env)\"; kubectl --kubeconfig owner.kubeconfig get all");
    let token = format!("$(target/local/roost-local token {})", tenant.id);
    println!("  curl --header \"Authorization: Bearer {token}\" \"$ROOST_API_URL/api/users/{}/projects\"", tenant.id);
    Ok(())
}

//! How soon a deleted user's credential is worth nothing.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use roost_tests::function::Function;
use roost_tests::owner::Owner;
use roost_tests::until;
use roost_tests::user::{User, envelope};
use roost_tests::world::World;

use roost_tests::report::{Report, quantile};

const DELETIONS: usize = 5;

pub(crate) async fn measure(function: &Path, report: &mut Report) -> Result<()> {
    let world = World::new().await?;
    let running = world.start_binary(function, "provision-tenant").await?;
    let (mut forbidden, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..DELETIONS {
        let [first_403, first_401] = delete_one(&world, &running).await?;
        forbidden.push(first_403);
        unknown.push(first_401);
    }
    for (what, mut seconds, goal) in [("403", forbidden, "within 1 s"), ("401", unknown, "within 15 s")] {
        seconds.sort_by(f64::total_cmp);
        let figure = format!("{:.2} s (max {:.2})", quantile(&seconds, 0.5), quantile(&seconds, 1.0));
        report.add(format!("deletion's receipt to the first {what}, median"), figure, goal);
    }
    Ok(())
}

/// Deletes a user who goes on asking; answers with the seconds until the first 403 and the first 401.
async fn delete_one(world: &World, function: &Function) -> Result<[f64; 2]> {
    let user = User::new("bench-leaver");
    world.carry_out(function, "user.signed-up", &user.signed_up("free", 1)).await?;
    let owner = world.owner(&user).await?;
    let started = Instant::now();
    function.handle(&[envelope("user.deleted", &user.deleted(2))]).await?;
    // An API server that has forgotten the token already answers 401 in place of 403.
    let refused = answered(&owner, started, |code| code >= 401).await?;
    let unknown = answered(&owner, started, |code| code == 401).await?;
    Ok([refused, unknown])
}

async fn answered(owner: &Owner, started: Instant, expected: impl Fn(u16) -> bool) -> Result<f64> {
    until::some_soon("the refusal", || async {
        let code = owner.ask_at_home("GET", "api/v1", "pods", None).await?.code;
        Ok(expected(code).then(|| started.elapsed().as_secs_f64()))
    })
    .await
}

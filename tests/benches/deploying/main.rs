//! How long an upload takes until it is live, beside the same done by hand; prints a table and writes it to a file.

mod by_hand;
mod platform;

use anyhow::Result;
use roost_tests::application::Application;
use roost_tests::report::{Report, quantile_of};

use crate::by_hand::ByHand;
use crate::platform::Deployer;

const FIRSTS: u32 = 3;
const ROUNDS: u32 = 9;
const PAGE: &str = "web/public/index.html";
const LINE: &str = "Hello from the first version";

#[tokio::main]
async fn main() -> Result<()> {
    let mut report = Report::default();
    firsts(&mut report).await?;
    let deployer = Deployer::sign_up().await?;
    rounds(&deployer, &mut report).await?;
    report.write("deploying")
}

/// Two components of a project that nobody has built before. Their base images are there after the first of all.
async fn firsts(report: &mut Report) -> Result<()> {
    let mut took = Vec::new();
    for project in 0..FIRSTS {
        let application = line(&Application::fixture("hello")?, &format!("Project {project}"))?;
        let application = application.with_text("api/server.py", "\"Hello\"", &format!("\"Hello {project}\""))?;
        took.push(Deployer::sign_up().await?.deploy("hello", 1, &application).await?);
    }
    let without_base_images = took.remove(0);
    report.add("first deploy, base images not in the builder", format!("{without_base_images:.0} ms"), "");
    report.add("first deploy of two components, p50", text(&took, 0.5), "");
    Ok(())
}

/// A changed line, the same again, and a changed line by hand, in turn.
async fn rounds(deployer: &Deployer, report: &mut Report) -> Result<()> {
    let hello = Application::fixture("hello")?;
    deployer.deploy("hello", 1, &hello).await?;
    let by_hand = ByHand::of(deployer, "hello").await?;
    by_hand.deploy("The page before").await?;
    let (mut changed, mut unchanged, mut hand) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let application = line(&hello, &format!("Round {round}"))?;
        changed.push(deployer.deploy("hello", round * 2, &application).await?);
        unchanged.push(deployer.deploy("hello", round * 2 + 1, &application).await?);
        hand.push(by_hand.deploy(&format!("By hand, round {round}")).await?);
    }
    let more = quantile_of(&changed, 0.5) - quantile_of(&hand, 0.5);
    report.add("upload to live, nothing changed, p50", text(&unchanged, 0.5), "under 2 s");
    report.add("upload to live, nothing changed, slowest", text(&unchanged, 1.0), "");
    report.add("upload to live, one line changed, p50", text(&changed, 0.5), "");
    report.add("upload to live, one line changed, slowest", text(&changed, 1.0), "");
    report.add("by buildctl and kubectl apply, one line changed, p50", text(&hand, 0.5), "");
    report.add("what the platform takes more, of the medians", format!("{more:.0} ms"), "at most 1,500 ms");
    Ok(())
}

fn line(application: &Application, text: &str) -> Result<Application> {
    application.clone().with_text(PAGE, LINE, text)
}

fn text(milliseconds: &[f64], share: f64) -> String {
    format!("{:.0} ms", quantile_of(milliseconds, share))
}

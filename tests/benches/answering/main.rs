//! How fast the API answers, and what that costs; prints a table and writes it to a file.

mod instance;

use std::time::Instant;

use anyhow::{Result, ensure};
use instance::ApiInstance;
use roost_tests::function::released;
use roost_tests::report::{Report, quantile};

const STARTS: usize = 10;
const READS: u32 = 500;
const PROJECTS: usize = 100;

#[tokio::main]
async fn main() -> Result<()> {
    let (binary, mut report) = (released("api"), Report::default());
    cold_starts(&binary, &mut report).await?;
    reads(&binary, &mut report).await?;
    report.write("answering")
}

async fn cold_starts(binary: &std::path::Path, report: &mut Report) -> Result<()> {
    let (mut polls, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let begun = Instant::now();
        let api = ApiInstance::start(binary).await?;
        polls.push(api.first_poll().await?.as_secs_f64() * 1e3);
        let waited = Instant::now();
        ensure!(api.get("/api/users").await? == 200);
        answers.push(waited.elapsed().as_secs_f64() * 1e3);
        ensure!(begun.elapsed().as_secs() < 30);
    }
    for (what, figures) in [("exec to the first poll", polls), ("the first answer, keys looked up", answers)] {
        let mut sorted = figures;
        sorted.sort_by(f64::total_cmp);
        let figure = format!("{:.1} ms (max {:.1})", quantile(&sorted, 0.5), quantile(&sorted, 1.0));
        report.add(format!("cold start: {what}, median"), figure, "");
    }
    Ok(())
}

async fn reads(binary: &std::path::Path, report: &mut Report) -> Result<()> {
    let api = ApiInstance::start(binary).await?;
    for number in 0..PROJECTS {
        api.begin(&format!("project-{number:03}")).await?;
    }
    let user = format!("/api/users/{}", api.user.id);
    let paths = [
        ("one project", format!("{user}/projects/project-007")),
        ("a page of 100 projects", format!("{user}/projects?limit=100")),
        ("the console with 100 projects", "/console".to_owned()),
        ("the user", user.clone()),
    ];
    for (what, path) in paths {
        let mut millis = Vec::new();
        let begun = Instant::now();
        for _ in 0..READS {
            let asked = Instant::now();
            ensure!(api.get(&path).await? == 200, "{path}");
            millis.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        let rate = f64::from(READS) / begun.elapsed().as_secs_f64();
        millis.sort_by(f64::total_cmp);
        let (middle, late) = (quantile(&millis, 0.5), quantile(&millis, 0.99));
        report.add(format!("reading {what}"), format!("p50 {middle:.1} ms, p99 {late:.1} ms"), "p99 under 50 ms");
        report.add(format!("reading {what}, one after another"), format!("{rate:.0} per second"), "");
    }
    report.add("most memory", format!("{:.1} MB", api.peak_memory()?), "under 64 MB");
    Ok(())
}

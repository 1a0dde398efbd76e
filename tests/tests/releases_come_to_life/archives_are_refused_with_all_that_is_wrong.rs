//! Archives that cannot be built: everything wrong is told at once, and nothing is built.

use anyhow::{Result, bail, ensure};
use roost_domain::finding::Finding;
use roost_domain::release::ReleaseState;
use roost_tests::application::Application;
use roost_tests::pipeline::Pipeline;

async fn refused(pipeline: &Pipeline, number: u32, archive: Vec<u8>) -> Result<Vec<Finding>> {
    let release = pipeline.release_of("app", number, archive).await?;
    let ReleaseState::Rejected { findings, .. } = release.state else { bail!("{release:?}") };
    ensure!(findings.iter().all(|finding| !finding.remedy.is_empty()), "{findings:?}");
    Ok(findings)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_every_file_comes_in_one_answer() -> Result<()> {
    let pipeline = Pipeline::new("faults").await?;
    let hello = Application::fixture("hello")?;
    let route = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: mine\n";
    let faulty = hello
        .with_text("web/Dockerfile", "CMD", "RUN --security=insecure id\nCMD")?
        .with_text("k8s/api.yaml", "      containers:", "      hostNetwork: true\n      containers:")?
        .with_file("k8s/mine.yaml", route);
    let findings = refused(&pipeline, 1, faulty.archive()?).await?;
    let files: Vec<_> = findings.iter().filter_map(|finding| finding.file.as_deref()).collect();
    for file in ["web/Dockerfile", "k8s/api.yaml", "k8s/mine.yaml"] {
        ensure!(files.contains(&file), "{file} is not in {findings:?}");
    }
    ensure!(findings.iter().all(|finding| finding.line.is_some()), "{findings:?}");
    ensure!(!pipeline.keys().await?.iter().any(|key| key.starts_with("logs/")), "something was built");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_cluster_knows_is_told_before_anything_is_built() -> Result<()> {
    let pipeline = Pipeline::new("strict").await?;
    let hello = Application::fixture("hello")?;
    let faulty = hello.with_text("k8s/web.yaml", "            periodSeconds: 1", "            periodSecond: 1")?;
    let findings = refused(&pipeline, 1, faulty.archive()?).await?;
    ensure!(findings.iter().any(|finding| finding.message.contains("periodSecond")), "{findings:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_archive_is_told_so() -> Result<()> {
    let pipeline = Pipeline::new("noise").await?;
    for (number, bytes) in [(1, b"PK\x03\x04 a zip file".to_vec()), (2, Vec::new()), (3, vec![0x1f, 0x8b, 8, 0])] {
        ensure!(!refused(&pipeline, number, bytes).await?.is_empty());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_was_packed_instead_of_its_content_is_recognised() -> Result<()> {
    let pipeline = Pipeline::new("wrapped").await?;
    let config = "repositories: []\nk8s_yaml_path: k8s\n";
    let empty = Application::fixture("hello")?.without("platform-config.yaml")?;
    let findings = refused(&pipeline, 1, empty.with_file("hello/platform-config.yaml", config).archive()?).await?;
    ensure!(
        findings
            .iter()
            .any(|finding| finding.message.contains("hello/platform-config.yaml") || finding.remedy.contains("hello")),
        "{findings:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_upload_becomes_nothing() -> Result<()> {
    let pipeline = Pipeline::new("stranger").await?;
    let key = "artifacts/nobody-of-that-name/app.tar.gz";
    pipeline.give(roost_tests::pipeline::uploaded(key, "v1", "0A", 10)).await?;
    let (_, reason) = pipeline.world.set_aside().await?.unwrap_or_default();
    ensure!(reason.contains("there is no user nobody-of-that-name"), "{reason:?}");
    Ok(())
}

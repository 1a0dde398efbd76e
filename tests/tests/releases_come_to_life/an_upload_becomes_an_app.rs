//! Uploads that are as they should be.

use anyhow::{Context, Result, ensure};
use roost_domain::release::{Release, ReleaseState};
use roost_tests::application::Application;
use roost_tests::pipeline::Pipeline;
use roost_tests::visitor::Visitor;

fn built_by(release: &Release, component: &str) -> Option<u32> {
    let component = release.components.iter().find(|own| own.name.as_str() == component)?;
    component.built_by.map(roost_domain::release::ReleaseNumber::get)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_components_run_behind_one_address() -> Result<()> {
    let pipeline = Pipeline::new("hello").await?;
    let release = pipeline.release_of("hello", 1, Application::fixture("hello")?.archive()?).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    let project = pipeline.project("hello").await?.context("there is no project")?;
    ensure!(project.live == Some(release.number));
    let visitor = Visitor::of(&project)?;
    visitor.sees("/", "Hello from the first version").await?;
    visitor.sees("/api/hello", "\"greeting\": \"Hello\"").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_repositories_with_a_volume_and_a_gateway_work_together() -> Result<()> {
    let pipeline = Pipeline::new("shop").await?;
    let release = pipeline.release_of("shop", 1, Application::fixture("shop")?.archive()?).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    let visitor = Visitor::of(&pipeline.project("shop").await?.context("there is no project")?)?;
    visitor.sees("/api/health", "").await?;
    let (status, answer) = visitor.post("/api/items", r#"{"name": "custard"}"#).await?;
    ensure!(status.is_success(), "{status} {answer}");
    visitor.sees("/api/items", "custard").await?;
    visitor.sees("/gateway/api/items", "custard").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_upload_is_not_built_and_a_changed_line_builds_its_component_only() -> Result<()> {
    let pipeline = Pipeline::new("again").await?;
    let hello = Application::fixture("hello")?;
    pipeline.release_of("hello", 1, hello.archive()?).await?;
    let address = pipeline.project("hello").await?.and_then(|project| project.address);

    let unchanged = pipeline.release_of("hello", 2, hello.archive()?).await?;
    ensure!(unchanged.state == ReleaseState::Live, "{unchanged:?}");
    ensure!((built_by(&unchanged, "web"), built_by(&unchanged, "api")) == (Some(1), Some(1)), "{unchanged:?}");

    let changed = hello.with_text("api/server.py", "\"Hello\"", "\"Good day\"")?;
    let changed = pipeline.release_of("hello", 3, changed.archive()?).await?;
    ensure!(changed.state == ReleaseState::Live, "{changed:?}");
    ensure!((built_by(&changed, "web"), built_by(&changed, "api")) == (Some(1), Some(3)), "{changed:?}");

    let project = pipeline.project("hello").await?.context("there is no project")?;
    ensure!(project.address == address, "the address changed");
    Visitor::of(&project)?.sees("/api/hello", "Good day").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_projects_of_one_user_have_an_address_each() -> Result<()> {
    let pipeline = Pipeline::new("two").await?;
    let first = Application::fixture("hello")?;
    let renamed = |app: Application| -> Result<Application> {
        let app = app.with_text("k8s/web.yaml", "name: web", "name: site")?.with_text(
            "k8s/api.yaml",
            "name: api",
            "name: data",
        )?;
        app.with_text("platform-config.yaml", "  web: /\n  api: /api/*", "  site: /\n  data: /api/*")
    };
    let second = renamed(first.clone())?.with_text("web/public/index.html", "first version", "other project")?;
    pipeline.release_of("one", 1, first.archive()?).await?;
    let other = pipeline.release_of("other", 1, second.archive()?).await?;
    ensure!(other.state == ReleaseState::Live, "{other:?}");
    let (one, other) = (pipeline.project("one").await?, pipeline.project("other").await?);
    let (one, other) = (one.context("no project")?, other.context("no project")?);
    ensure!(one.address != other.address);
    Visitor::of(&one)?.sees("/", "first version").await?;
    Visitor::of(&other)?.sees("/", "other project").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_cannot_take_the_objects_of_another_one() -> Result<()> {
    let pipeline = Pipeline::new("taken").await?;
    let hello = Application::fixture("hello")?.archive()?;
    pipeline.release_of("one", 1, hello.clone()).await?;
    let other = pipeline.release_of("other", 1, hello).await?;
    let ReleaseState::Rejected { findings, .. } = &other.state else { anyhow::bail!("{other:?}") };
    ensure!(findings.iter().any(|finding| finding.message.contains("your project one")), "{findings:?}");
    let one = pipeline.project("one").await?.context("no project")?;
    Visitor::of(&one)?.sees("/", "first version").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_was_given_up_is_nobodys_for_a_while() -> Result<()> {
    let pipeline = Pipeline::new("gone").await?;
    pipeline.release_of("hello", 1, Application::fixture("hello")?.archive()?).await?;
    let project = pipeline.project("hello").await?.context("there is no project")?;
    let address = project.address.clone().context("there is no address")?;
    let world = &pipeline.world;
    let provision = world.start("provision-tenant").await?;
    let deleted = roost_tests::user::envelope("user.deleted", &pipeline.user.deleted(2));
    world.settle(&provision, deleted, roost_tests::until::PATIENCE * 3).await?;

    let stranger = roost_tests::user::User::new("heir");
    let name = roost_domain::naming::ProjectName::parse("hello")?;
    let now = jiff::Timestamp::now();
    let theirs = roost_domain::release::Project::new(stranger.id, name, now).at(address.clone(), now);
    ensure!(!world.table.claim_address(&theirs, &address, now).await?, "a stranger got the address at once");
    let later = now + std::time::Duration::from_hours(31 * 24);
    ensure!(world.table.claim_address(&theirs, &address, later).await?, "nobody ever gets the address again");
    Ok(())
}

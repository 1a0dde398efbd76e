//! Pages are looked at with axe-core, in light and in darkness: nothing that it finds may be serious.

use anyhow::{Result, ensure};
use roost_tests::browser::Setup;
use roost_tests::running_platform::variable;
use serde_json::Value;

use crate::owner_at_a_screen::OwnerAtAScreen;

/// Each with what is on it and on no other.
const PAGES: [(&str, &str); 6] = [
    ("", "Begin another one"),
    ("/projects/shop", "Upload an archive"),
    ("/projects/gone", "Your projects"),
    ("/events", "project.created"),
    ("/tokens", "Make another one"),
    ("/plan", "Plan: free"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_page_keeps_anybody_out() -> Result<()> {
    look_at_all_pages("seeing", Setup::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_dark_page_keeps_anybody_out() -> Result<()> {
    look_at_all_pages("dark", Setup { is_dark: true, ..Setup::default() }).await
}

async fn look_at_all_pages(name: &str, setup: Setup) -> Result<()> {
    let owner = OwnerAtAScreen::new(name, setup).await?;
    owner.open("").await?;
    look(&owner, "welcome").await?;
    owner.browser.close().await?;

    let owner = OwnerAtAScreen::signed_in(name, setup).await?;
    owner.browser.write("#id", "shop").await?;
    owner.browser.press("main form.line button").await?;
    owner.browser.sees("Nothing runs yet").await?;
    for (page, content) in PAGES {
        owner.open(page).await?;
        owner.browser.sees(content).await?;
        look(&owner, page).await?;
        owner.browser.keep_picture(&format!("console-{name}{}", page.replace('/', "-"))).await?;
    }
    owner.browser.close().await
}

/// Looks at what is on the screen.
pub(crate) async fn look(owner: &OwnerAtAScreen, page: &str) -> Result<()> {
    let axe = std::fs::read_to_string(variable("ROOST_AXE_CORE")?)?;
    let found = owner.browser.run(&format!("{axe}; return (await axe.run()).violations;")).await?;
    let is_serious = |one: &&Value| matches!(one["impact"].as_str(), Some("serious" | "critical"));
    let serious: Vec<_> = found.as_array().into_iter().flatten().filter(is_serious).collect();
    ensure!(found.is_array() && serious.is_empty(), "{page}: {serious:#?}");
    Ok(())
}

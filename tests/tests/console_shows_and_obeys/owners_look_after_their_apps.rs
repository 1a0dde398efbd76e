//! From a sign-in to a running app, and all that an owner does with it, by nothing but a browser.

use anyhow::{Context, Result, ensure};
use roost_tests::browser::Setup;
use roost_tests::until;
use roost_tests::visitor::Visitor;

use crate::owner_at_a_screen::{OwnerAtAScreen, address};
use crate::pages_keep_nobody_out::look;

impl OwnerAtAScreen {
    /// Uploads an archive, and waits on the release's page until it is live.
    async fn deploys(&self, says: &str, release: &str) -> Result<String> {
        self.open("/projects/shop").await?;
        let archive = self.archive(says).await?;
        self.browser.write("#archive", archive.to_str().context("a path that is no text")?).await?;
        self.sees_within_minutes(&format!("Release {release}")).await?;
        self.sees_state("#state", "live").await?;
        self.browser.text().await
    }

    /// What takes a build or a sleep takes its time on a busy machine.
    async fn sees_state(&self, part: &str, state: &str) -> Result<()> {
        let word = format!("return document.querySelector('{part} .mark')?.innerText ?? ''");
        until::some_within(until::PATIENCE * 4, &format!("{part} to be {state}"), || async {
            Ok(self.browser.run(&word).await.ok().filter(|word| word == state).map(drop))
        })
        .await
    }

    async fn sees_within_minutes(&self, expected: &str) -> Result<String> {
        until::some_within(until::PATIENCE * 4, &format!("{expected:?} on the screen"), || async {
            Ok(self.browser.text().await.ok().filter(|text| text.contains(expected)))
        })
        .await
    }

    async fn visitor(&self) -> Result<Visitor> {
        let url = self.browser.run("return document.getElementById('address').href").await?;
        let host = url.as_str().and_then(|url| url.strip_prefix("https://")).context("no address")?;
        Visitor::of_host(host.split([':', '/']).next().unwrap_or_default())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_goes_from_a_sign_in_to_an_app_that_sleeps_wakes_and_goes_back() -> Result<()> {
    let owner = OwnerAtAScreen::signed_in("screen", Setup::default()).await?;
    let browser = &owner.browser;
    browser.keep_picture("console-first-visit").await?;
    browser.write("#id", "shop").await?;
    browser.press("main form.line button").await?;
    browser.sees("Nothing runs yet").await?;

    let log = owner.deploys("first", "r1").await?;
    ensure!(log.contains("built in"), "{log}");
    look(&owner, "the release").await?;
    browser.keep_picture("console-release").await?;
    owner.open("/projects/shop").await?;
    owner.sees_state("#status", "Awake").await?;
    look(&owner, "the project").await?;
    browser.keep_picture("console-project").await?;
    let visitor = owner.visitor().await?;
    browser.press("#address").await?;
    browser.sees("first").await?;
    owner.open("/projects/shop").await?;

    browser.press("form[action$='/sleep'] button").await?;
    owner.sees_state("#status", "Asleep").await?;
    browser.keep_picture("console-asleep").await?;
    browser.press("form[action$='/wake'] button").await?;
    owner.sees_state("#status", "Awake").await?;
    visitor.sees("/", "first").await?;

    owner.deploys("second", "r2").await?;
    visitor.sees("/", "second").await?;
    owner.open("/projects/shop").await?;
    browser.press("button[aria-label='Go back to r1']").await?;
    owner.sees_within_minutes("r1 again").await?;
    visitor.sees("/", "first").await?;

    owner.open("/projects/shop/logs").await?;
    browser.sees("What shop prints").await?;
    look(&owner, "the logs").await?;
    owner.open("/events").await?;
    browser.sees("project.rollback-requested").await?;
    owner.open("/projects/shop").await?;
    browser.write("#name", "shop").await?;
    browser.press("button.danger").await?;
    owner.sees_within_minutes("There is no project yet").await?;
    owner.browser.close().await
}

impl OwnerAtAScreen {
    /// Begins a project that runs the platform's own agent, and wakes it.
    async fn begins_a_diary(&self) -> Result<()> {
        self.browser.write("#agent", "the agent diary").await?;
        self.browser.write("#id", "journal").await?;
        self.browser.press("main form.line button").await?;
        self.browser.sees("Chat with the agent diary").await?;
        self.browser.press("form[action$='/wake'] button").await?;
        until::some_within(until::PATIENCE * 4, "the agent to run", || async {
            self.open("/projects/journal").await?;
            Ok(self.browser.text().await?.contains("It runs").then_some(()))
        })
        .await
    }

    async fn says(&self, text: &str) -> Result<()> {
        self.browser.write("#text", text).await?;
        self.browser.press("#chat button").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_begun_and_chatted_with() -> Result<()> {
    let owner = OwnerAtAScreen::signed_in("chatter", Setup::default()).await?;
    owner.begins_a_diary().await?;
    owner.open("/projects/journal/chat").await?;
    owner.says("the kettle is broken").await?;
    // What was said, and the answer, which repeats it.
    until::some("an answer", || async {
        let said = owner.browser.run("return document.getElementById('said').innerText").await?;
        Ok((said.as_str().unwrap_or_default().matches("the kettle is broken").count() == 2).then_some(()))
    })
    .await?;
    look(&owner, "the chat").await?;
    owner.browser.keep_picture("console-chat").await?;
    owner.open("/projects/journal").await?;
    ensure!(owner.browser.text().await?.contains("core h"), "no cost");
    owner.open("/plan?waking=journal").await?;
    owner.browser.sees("with journal awake").await?;
    look(&owner, "the plan with a change").await?;
    owner.browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_does_without_scripts() -> Result<()> {
    let setup = Setup { is_without_scripts: true, ..Setup::default() };
    let owner = OwnerAtAScreen::signed_in("scriptless", setup).await?;
    owner.browser.write("#id", "shop").await?;
    owner.browser.press("main form.line button").await?;
    owner.browser.sees("This needs scripts.").await?;
    owner.open("").await?;
    owner.begins_a_diary().await?;
    owner.open("/projects/journal/chat").await?;
    owner.says("the kettle is broken").await?;
    until::some("an answer", || async {
        let text = owner.browser.text().await?;
        Ok((text.matches("the kettle is broken").count() == 2).then_some(()))
    })
    .await?;
    for (page, content) in [("/events", "project.created"), ("/tokens", "Make another one"), ("/plan", "Plan: free")] {
        owner.open(page).await?;
        owner.browser.sees(content).await?;
    }
    owner.open("/projects/journal").await?;
    owner.browser.write("#name", "journal").await?;
    owner.browser.press("button.danger").await?;
    owner.browser.sees("Begin another one").await?;
    owner.browser.press("form.who button").await?;
    owner.browser.sees("Welcome").await?;
    owner.browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_where_it_was_asked_for() -> Result<()> {
    let owner = OwnerAtAScreen::signed_in("mistaken", Setup::default()).await?;
    let browser = &owner.browser;
    browser.write("#id", "No Such Name").await?;
    browser.press("main form.line button").await?;
    let text = browser.sees("Begin another one").await?;
    ensure!(
        browser
            .run("return document.getElementById('refused').innerText")
            .await?
            .as_str()
            .is_some_and(|words| !words.is_empty()),
        "{text}"
    );
    browser.run("document.getElementById('id').value = ''").await?;
    browser.write("#id", "wrong").await?;
    browser.press("main form.line button").await?;
    browser.sees("Nothing runs yet").await?;
    let archive = owner.archive("broken").await?;
    std::fs::write(&archive, "this is no archive")?;
    browser.write("#archive", archive.to_str().context("a path that is no text")?).await?;
    owner.sees_state("#state", "rejected").await?;
    browser.keep_picture("console-rejected").await?;
    owner.open("/plan?waking=No+Such+Name").await?;
    browser.sees("There is no such page").await?;
    owner.browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_taken_back() -> Result<()> {
    let owner = OwnerAtAScreen::signed_in("token-maker", Setup::default()).await?;
    let browser = &owner.browser;
    owner.open("/tokens").await?;
    browser.write("#name", "my agent").await?;
    browser.press("main form.line button").await?;
    browser.sees("It is shown this once").await?;
    let secret = browser.run("return document.getElementById('secret').innerText").await?;
    let api = roost_tests::api::Api::with_token(secret.as_str().context("no secret")?)?;
    let projects = format!("/api/users/{}/projects", owner.user.id);
    api.read(&projects).await?;
    owner.open("/tokens").await?;
    ensure!(!browser.sees("my agent").await?.contains("It is shown this once"));
    browser.press("button.danger").await?;
    browser.sees("There is none.").await?;
    ensure!(api.get(&projects).await?.is_problem(401));
    owner.browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_is_out() -> Result<()> {
    let owner = OwnerAtAScreen::signed_in("leaver", Setup::default()).await?;
    owner.browser.press("form.who button").await?;
    owner.browser.sees("Welcome").await?;
    owner.browser.open(&address("/tokens")?).await?;
    owner.browser.sees("Welcome").await?;
    owner.browser.close().await
}

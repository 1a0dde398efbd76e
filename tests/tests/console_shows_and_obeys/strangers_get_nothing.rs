//! Who is not signed in, is somebody else, or comes from another page, gets nothing and changes nothing.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, RequestBuilder, StatusCode};
use roost_domain::naming::TenantId;
use roost_tests::api::{Api, Issuer};
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use serde_json::json;

use crate::owner_at_a_screen::address;

const SESSION: &str = "__Host-roost-session";

/// A program that sends what browsers do not let pages send.
struct Forger(Client);

impl Forger {
    fn new() -> Result<Self> {
        let gateway: SocketAddr = variable("ROOST_GATEWAY_HTTPS")?.parse()?;
        let authority = Certificate::from_pem(&std::fs::read(variable("ROOST_CA_FILE")?)?)?;
        let host = format!("api.{}", variable("ROOST_BASE_DOMAIN")?);
        let builder = Client::builder().no_proxy().redirect(Policy::none()).resolve(&host, gateway);
        Ok(Self(builder.tls_certs_only([authority]).build()?))
    }

    fn request(&self, method: Method, page: &str) -> Result<RequestBuilder> {
        Ok(self.0.request(method, address(page)?))
    }

    /// As a browser in which somebody is signed in.
    fn request_of(&self, user: &TenantId, method: Method, page: &str) -> Result<RequestBuilder> {
        let issuer = Issuer::of_the_platform()?;
        let token = issuer.sign(&issuer.claims(user.as_str()))?;
        Ok(self.request(method, page)?.header("cookie", format!("{SESSION}={token}")))
    }
}

async fn owner(name: &str) -> Result<User> {
    let user = User::new(name);
    sign_up(&RunningPlatform::connect().await?, &user, "free").await?;
    Ok(user)
}

async fn names(user: &User) -> Result<Vec<String>> {
    let projects = Api::of_user(&user.id)?.read(&format!("/api/users/{}/projects", user.id)).await?;
    let items = projects["items"].as_array().context("no list")?.iter();
    Ok(items.filter_map(|project| project["id"].as_str().map(str::to_owned)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_sees_nothing() -> Result<()> {
    let forger = Forger::new()?;
    for page in ["", "/projects", "/projects/shop", "/projects/shop/releases/r1", "/events", "/tokens", "/plan"] {
        let answer = forger.request(Method::GET, page)?.send().await?;
        ensure!(answer.status() == StatusCode::UNAUTHORIZED, "{page}: {}", answer.status());
        let policy = answer.headers().get("content-security-policy").context("no policy")?.to_str()?.to_owned();
        ensure!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        ensure!(answer.headers()["cache-control"] == "no-store");
        ensure!(answer.text().await?.contains("Sign in"), "{page}");
    }
    let unsigned = forger.request(Method::GET, "")?.header("cookie", format!("{SESSION}=eyJhbGciOiJub25lIn0.e30."));
    ensure!(unsigned.send().await?.status() == StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_sees_nothing_of_another() -> Result<()> {
    let (alice, mallory) = (owner("alice").await?, owner("mallory").await?);
    let projects = format!("/api/users/{}/projects", alice.id);
    let made = Api::of_user(&alice.id)?.post(&projects, &json!({"id": "secret-shop"})).await?;
    made.expect(StatusCode::CREATED)?;
    let forger = Forger::new()?;
    let list = forger.request_of(&mallory.id, Method::GET, "")?.send().await?.text().await?;
    ensure!(list.contains("There is no project yet"), "{list}");
    for page in ["/projects/secret-shop", "/projects/secret-shop/releases", "/projects/secret-shop/logs"] {
        let answer = forger.request_of(&mallory.id, Method::GET, page)?.send().await?;
        ensure!(answer.status() == StatusCode::NOT_FOUND, "{page}: {}", answer.status());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_changes_nothing() -> Result<()> {
    let user = owner("victim").await?;
    let forger = Forger::new()?;
    let begin = |site: Option<&'static str>, origin: Option<String>, id: &'static str| {
        let request = forger.request_of(&user.id, Method::POST, "")?.form(&[("id", id)]);
        let request = site
            .map(|site| ("sec-fetch-site", site))
            .into_iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        anyhow::Ok(origin.into_iter().fold(request, |request, origin| request.header("origin", origin)))
    };
    // Apps of users are on the same site as the console.
    let app = format!("https://custard-tasty-pie.{}", variable("ROOST_BASE_DOMAIN")?);
    let foreign = [
        (Some("same-site"), Some(app.clone())),
        (Some("cross-site"), Some("https://example.org".to_owned())),
        (None, Some(app)),
        (None, None),
    ];
    for (site, origin) in foreign {
        let answer = begin(site, origin.clone(), "forged")?.send().await?;
        ensure!(answer.status() == StatusCode::FORBIDDEN, "{site:?} {origin:?}: {}", answer.status());
    }
    ensure!(names(&user).await?.is_empty());
    let own = begin(Some("same-origin"), None, "wanted")?.send().await?;
    ensure!(own.status() == StatusCode::SEE_OTHER, "{}", own.status());
    ensure!(names(&user).await? == ["wanted"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_in_by_a_journey_that_began_elsewhere() -> Result<()> {
    let forger = Forger::new()?;
    let begun = forger.request(Method::GET, "/sign-in")?.send().await?;
    ensure!(begun.status() == StatusCode::SEE_OTHER, "{}", begun.status());
    let cookie = begun.headers()["set-cookie"].to_str()?;
    ensure!(cookie.contains("__Host-") && cookie.contains("HttpOnly") && cookie.contains("Secure"), "{cookie}");
    let place = begun.headers()["location"].to_str()?.to_owned();
    let returned = forger.0.get(format!("{place}&login_hint=somebody")).send().await?;
    let place = returned.headers()["location"].to_str()?.to_owned();
    // Without the cookie this is another browser than the one that began.
    let stray = forger.0.get(&place).send().await?;
    ensure!(stray.status() == StatusCode::BAD_REQUEST, "{}", stray.status());
    ensure!(stray.headers().get("set-cookie").is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_leads_to_the_console_and_the_api_stays_where_it_is() -> Result<()> {
    let forger = Forger::new()?;
    let root = variable("ROOST_API_ADDRESS")?;
    let answer = forger.0.get(&root).send().await?;
    ensure!(answer.status() == StatusCode::SEE_OTHER && answer.headers()["location"] == "/console");
    ensure!(forger.0.get(format!("{root}/api/health")).send().await?.status() == StatusCode::OK);
    let nowhere = forger.0.get(format!("{root}/nowhere")).send().await?;
    ensure!(nowhere.status() == StatusCode::NOT_FOUND, "{}", nowhere.status());
    Ok(())
}

//! The two cookies. By their prefix a browser takes them from this very host alone, and apps of users, whose hosts are
//! beside it, cannot set them (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.3>).

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use roost_identity::Journey;

const SESSION: &str = "__Host-roost-session";
const JOURNEY: &str = "__Host-roost-sign-in";

/// The token of whoever is signed in.
pub(super) fn session(cookies: &CookieJar) -> Option<String> {
    cookies.get(SESSION).map(|cookie| cookie.value().to_owned())
}

/// Signs somebody in.
pub(super) fn with_session(cookies: CookieJar, token: String) -> CookieJar {
    cookies.remove(own(JOURNEY, String::new())).add(own(SESSION, token))
}

/// Signs whoever it was out.
pub(super) fn without_session(cookies: CookieJar) -> CookieJar {
    cookies.remove(own(SESSION, String::new()))
}

/// Notes a journey to the issuer.
pub(super) fn with_journey(cookies: CookieJar, journey: &Journey) -> CookieJar {
    cookies.add(own(JOURNEY, format!("{} {}", journey.state, journey.secret)))
}

/// The secret of the journey that somebody comes back from with that state.
pub(super) fn secret_of(cookies: &CookieJar, state: &str) -> Option<String> {
    let noted = cookies.get(JOURNEY)?.value().split_once(' ')?;
    (noted.0 == state).then(|| noted.1.to_owned())
}

/// It ends with the browser's session. From the issuer people come with a cross-site request, which a stricter rule
/// would strip of its cookies.
fn own(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey() -> Journey {
        Journey { url: String::new(), state: "state".to_owned(), secret: "secret".to_owned() }
    }

    #[test]
    fn cookies_are_this_hosts_alone_and_no_scripts() {
        let cookies = with_session(CookieJar::default(), "token".to_owned());
        let cookie = cookies.get(SESSION).map(ToString::to_string);
        assert_eq!(cookie.as_deref(), Some("__Host-roost-session=token; HttpOnly; SameSite=Lax; Secure; Path=/"));
    }

    #[test]
    fn only_the_browser_that_began_a_journey_ends_it() {
        let cookies = with_journey(CookieJar::default(), &journey());
        assert_eq!(secret_of(&cookies, "state").as_deref(), Some("secret"));
        assert_eq!(secret_of(&cookies, "other"), None);
        assert_eq!(secret_of(&CookieJar::default(), "state"), None);
    }
}

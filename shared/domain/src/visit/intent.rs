//! What a request is meant to bring: a page to look at, an answer to wait for, or nothing that is worth waking for.

use serde::{Deserialize, Serialize};

use super::robot::is_robot;

/// What a request says of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs<'a> {
    /// Its method, in upper case.
    pub method: &'a str,
    /// Its path.
    pub path: &'a str,
    /// `Accept`.
    pub accept: Option<&'a str>,
    /// `Sec-Fetch-Mode`.
    pub fetch_mode: Option<&'a str>,
    /// `Sec-Purpose`, or what browsers sent before it: `Purpose`, `X-Purpose`, `X-Moz`.
    pub purpose: Option<&'a str>,
    /// `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// Whether it asks for another protocol, as a web socket does.
    pub is_upgrade: bool,
}

/// What is done for a request whose app does not answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Somebody opens a page: the app wakes, and a page tells so meanwhile.
    Page,
    /// A program wants the app's own answer: the app wakes, and the request waits.
    Answer(Visitor),
    /// Not worth waking anything.
    Nothing(Silence),
}

/// Whom an app wakes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visitor {
    /// Somebody who opens a page.
    Browser,
    /// A page that is open, or any other program.
    Program,
    /// A program that keeps a connection open.
    WebSocket,
}

/// Why a request wakes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// A robot visits every address.
    Robot,
    /// A browser guesses where its user may go next.
    Prefetch,
    /// Somebody only asks whether there is something.
    Head,
    /// A browser looks for a picture to put beside an address, or a robot for what it may visit.
    Custom,
}

/// What is asked for without anybody's wish (<https://www.rfc-editor.org/rfc/rfc9309>,
/// <https://html.spec.whatwg.org/multipage/links.html#rel-icon>).
const CUSTOMARY: [&str; 4] =
    ["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png", "/robots.txt"];

/// Reads a request's intent from its signs.
#[must_use]
pub fn intent(signs: &Signs) -> Intent {
    if signs.user_agent.is_some_and(is_robot) {
        return Intent::Nothing(Silence::Robot);
    }
    if signs.purpose.is_some_and(is_guess) {
        return Intent::Nothing(Silence::Prefetch);
    }
    if CUSTOMARY.contains(&signs.path) && !opens_page(signs) {
        return Intent::Nothing(Silence::Custom);
    }
    match signs.method {
        "HEAD" => Intent::Nothing(Silence::Head),
        _ if signs.is_upgrade => Intent::Answer(Visitor::WebSocket),
        "GET" if opens_page(signs) => Intent::Page,
        _ => Intent::Answer(Visitor::Program),
    }
}

fn is_guess(purpose: &str) -> bool {
    let purpose = purpose.to_ascii_lowercase();
    ["prefetch", "prerender", "preview"].iter().any(|guess| purpose.contains(guess))
}

/// Browsers say it; of what does not, only they ask for HTML by name.
fn opens_page(signs: &Signs) -> bool {
    match signs.fetch_mode {
        Some(mode) => mode.eq_ignore_ascii_case("navigate"),
        None => signs.accept.is_some_and(|accept| accept.to_ascii_lowercase().contains("text/html")),
    }
}

impl Visitor {
    /// The name by which it is counted and shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Program => "program",
            Self::WebSocket => "web-socket",
        }
    }
}

impl Intent {
    /// Whom the app is to wake for, if for anybody.
    #[must_use]
    pub fn visitor(self) -> Option<Visitor> {
        match self {
            Self::Page => Some(Visitor::Browser),
            Self::Answer(visitor) => Some(visitor),
            Self::Nothing(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Signs = Signs {
        method: "GET",
        path: "/",
        accept: None,
        fetch_mode: None,
        purpose: None,
        user_agent: None,
        is_upgrade: false,
    };
    const HTML: Option<&str> = Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

    #[test]
    fn opening_a_page_shows_one() {
        assert_eq!(intent(&Signs { fetch_mode: Some("navigate"), accept: HTML, ..GET }), Intent::Page);
        assert_eq!(intent(&Signs { accept: HTML, ..GET }), Intent::Page);
    }

    #[test]
    fn what_wants_an_answer_waits_for_it() {
        let program = Intent::Answer(Visitor::Program);
        for signs in [
            GET,
            Signs { accept: Some("*/*"), ..GET },
            Signs { fetch_mode: Some("cors"), accept: HTML, ..GET },
            Signs { method: "POST", fetch_mode: Some("navigate"), accept: HTML, ..GET },
            Signs { method: "OPTIONS", ..GET },
        ] {
            assert_eq!(intent(&signs), program, "{signs:?}");
        }
        let socket = Signs { fetch_mode: Some("websocket"), is_upgrade: true, ..GET };
        assert_eq!(intent(&socket), Intent::Answer(Visitor::WebSocket));
    }

    #[test]
    fn guesses_probes_and_robots_wake_nothing() {
        for purpose in ["prefetch", "prefetch;prerender", "Prefetch", "preview"] {
            let signs = Signs { purpose: Some(purpose), accept: HTML, ..GET };
            assert_eq!(intent(&signs), Intent::Nothing(Silence::Prefetch), "{purpose}");
        }
        assert_eq!(intent(&Signs { method: "HEAD", accept: HTML, ..GET }), Intent::Nothing(Silence::Head));
        let icon = Signs { path: "/favicon.ico", fetch_mode: Some("no-cors"), accept: Some("image/*"), ..GET };
        assert_eq!(intent(&icon), Intent::Nothing(Silence::Custom));
        assert_eq!(intent(&Signs { path: "/robots.txt", ..GET }), Intent::Nothing(Silence::Custom));
        assert_eq!(intent(&Signs { fetch_mode: Some("navigate"), ..icon }), Intent::Page);
        let robot = Signs { user_agent: Some("bingbot/2.0"), method: "POST", ..GET };
        assert_eq!(intent(&robot), Intent::Nothing(Silence::Robot));
        assert_eq!(intent(&robot).visitor(), None);
    }
}

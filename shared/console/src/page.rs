//! What all pages have in common.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;
use crate::failure::Failure;

/// A part of the console, for the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Projects,
    Events,
    Tokens,
    Plan,
    /// None of them.
    Elsewhere,
}

/// What is around every page.
pub(crate) struct Frame {
    /// Who is signed in.
    pub(crate) user: Option<String>,
    section: Section,
    pub(crate) assets: &'static str,
}

/// An answer that is a page.
pub(crate) type Shown = Result<Html<String>, Failure>;

impl Frame {
    /// Of a page for somebody.
    pub(crate) fn of(user: String, section: Section) -> Self {
        Self { user: Some(user), section, assets: &assets::PLACE }
    }

    /// Of a page for whoever comes.
    pub(crate) fn of_nobody() -> Self {
        Self { user: None, section: Section::Elsewhere, assets: &assets::PLACE }
    }

    /// The menu: each entry with its place, and whether it is where the reader is.
    pub(crate) fn menu(&self) -> [(&'static str, &'static str, bool); 4] {
        [
            ("Projects", "/console", Section::Projects),
            ("Events", "/console/events", Section::Events),
            ("Tokens", "/console/tokens", Section::Tokens),
            ("Plan", "/console/plan", Section::Plan),
        ]
        .map(|(name, place, section)| (name, place, self.section == section))
    }
}

/// Writes a page.
pub(crate) fn show(page: &impl Template) -> Shown {
    Ok(Html(page.render()?))
}

/// The same for a page that stands for a failure: then there is no other.
pub(crate) fn document(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => format!("The page cannot be written: {error}").into_response(),
    }
}

//! The paths a service may claim.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// Bytes. Long enough for every path people type, short enough for every router.
const LONGEST: usize = 200;
/// What the platform answers itself on every host, with all below it.
const PLATFORMS_OWN: &[&str] = &["/.well-known/acme-challenge", "/.roost"];

/// A path and all paths below it: `/` or `/api`, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathPrefix(String);

/// Why a text is not a path that a service may claim.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum PathPrefixError {
    /// It names a host, with or without a path.
    #[error("names a host")]
    Host,
    /// It does not begin with a slash.
    #[error("does not begin with `/`")]
    Relative,
    /// It is longer than any path needs to be.
    #[error("is longer than {LONGEST} bytes")]
    TooLong,
    /// It has an asterisk that is not its last part.
    #[error("has a `*` elsewhere than in a final `/*`")]
    Wildcard,
    /// It has characters written as `%` and two digits, which proxies decode at different times.
    #[error("has an encoded character (`%…`)")]
    Encoded,
    /// It has a part `.` or `..`, which clients resolve before they ask.
    #[error("has a part `.` or `..`")]
    Dots,
    /// It has two slashes in a row, which proxies may merge.
    #[error("has an empty part (`//`)")]
    EmptyPart,
    /// It has another character that means something else to some reader of addresses.
    #[error("has characters other than letters, digits, `-`, `.`, `_`, `~` and `@`")]
    Character,
    /// It is a path that the platform answers itself.
    #[error("belongs to the platform")]
    PlatformsOwn,
}

impl PathPrefix {
    /// Takes a path as users write it: `/api`, `/api/` and `/api/*` mean the same.
    pub fn parse(text: &str) -> Result<Self, PathPrefixError> {
        if !text.starts_with('/') || text.starts_with("//") {
            return Err(if names_host(text) { PathPrefixError::Host } else { PathPrefixError::Relative });
        }
        if text.len() > LONGEST {
            return Err(PathPrefixError::TooLong);
        }
        let path = text.strip_suffix("/*").or(text.strip_suffix('/')).unwrap_or(text);
        path.split('/').skip(1).try_for_each(check_part)?;
        if is_platforms_own(path) {
            return Err(PathPrefixError::PlatformsOwn);
        }
        Ok(Self(if path.is_empty() { "/" } else { path }.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether something that should be a path looks like a host or an address with one.
pub(super) fn names_host(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let has_scheme = text.contains("://") || text.starts_with("//");
    let has_name = host.contains(['.', ':', '[', '@']) && !host.starts_with('.') || host == "localhost";
    has_scheme || has_name
}

fn check_part(part: &str) -> Result<(), PathPrefixError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '@');
    match part {
        "" => Err(PathPrefixError::EmptyPart),
        "." | ".." => Err(PathPrefixError::Dots),
        _ if part.contains('%') => Err(PathPrefixError::Encoded),
        _ if part.contains('*') => Err(PathPrefixError::Wildcard),
        _ if !part.chars().all(is_plain) => Err(PathPrefixError::Character),
        _ => Ok(()),
    }
}

/// Whether a path is one of the platform's or below it, in whatever case.
fn is_platforms_own(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    PLATFORMS_OWN.iter().any(|own| path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

impl PathPrefixError {
    /// Names the rule; it never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Host => "routing-host",
            Self::Relative => "routing-path-relative",
            Self::TooLong => "routing-path-too-long",
            Self::Wildcard => "routing-path-wildcard",
            Self::Encoded => "routing-path-encoded",
            Self::Dots => "routing-path-dots",
            Self::EmptyPart => "routing-path-empty-part",
            Self::Character => "routing-path-character",
            Self::PlatformsOwn => "routing-path-reserved",
        }
    }

    const fn remedy(self) -> &'static str {
        match self {
            Self::Host => "Write the path only, such as `/api`: the platform gives the address.",
            Self::Relative => "Begin the path with `/`.",
            Self::TooLong => "Claim a shorter path; it covers all paths below it.",
            Self::Wildcard => "Write `/api` or `/api/*`: both mean `/api` and all below it.",
            Self::Encoded | Self::Character => "Use letters, digits, `-`, `.`, `_`, `~` and `@` only.",
            Self::Dots | Self::EmptyPart => "Write the path without it.",
            Self::PlatformsOwn => "Choose another path.",
        }
    }

    /// The fault, told of what a user wrote.
    pub(super) fn finding(self, text: &str) -> Finding {
        Finding::new(self.code(), format!("The path `{}` {self}.", crate::artifact::quoted(text)), self.remedy())
    }
}

impl std::fmt::Display for PathPrefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PathPrefix {
    type Error = PathPrefixError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PathPrefix> for String {
    fn from(path: PathPrefix) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_with_and_without_its_ending_is_one_prefix() {
        let cases = [
            ("/", "/"),
            ("/*", "/"),
            ("/api", "/api"),
            ("/api/", "/api"),
            ("/api/*", "/api"),
            ("/a/b.c/~d/@e/-_", "/a/b.c/~d/@e/-_"),
            ("/.well-known", "/.well-known"),
            ("/.well-known/acme-challenges", "/.well-known/acme-challenges"),
            ("/.roosters", "/.roosters"),
            ("/...", "/..."),
        ];
        for (text, prefix) in cases {
            assert_eq!(PathPrefix::parse(text).map(String::from), Ok(prefix.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_a_plain_path_and_stays_as_it_is(text in "[/a.%*~@é?]{0,12}|/.{0,20}") {
            if let Ok(prefix) = PathPrefix::parse(&text) {
                prop_assert!(prefix.as_str().starts_with('/'));
                prop_assert!(!prefix.as_str().contains("//") && !prefix.as_str().contains(['%', '*', '\\', '?', '#']));
                prop_assert_eq!(PathPrefix::parse(prefix.as_str()), Ok(prefix.clone()));
            }
        }
    }
}

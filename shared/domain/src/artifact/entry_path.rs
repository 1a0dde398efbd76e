//! A path inside an archive, checked: whoever joins it to a folder stays in that folder.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use super::quoted;
use crate::finding::Finding;

/// `PATH_MAX` of Linux, in bytes.
const LONGEST: usize = 4096;
/// `NAME_MAX` of every common file system, in bytes.
const LONGEST_PART: usize = 255;
const DEEPEST: usize = 64;

/// A relative path of parts joined by `/`, none of them empty, `.` or `..`. The root is the path without parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryPath(Box<str>);

/// Why a text is not a path inside an archive.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum PathError {
    #[error("is empty")]
    Empty,
    #[error("is absolute")]
    Absolute,
    #[error("leads upwards by `..`")]
    Upwards,
    #[error("has an empty part or a part `.`")]
    NotNormal,
    #[error("contains a backslash")]
    Backslash,
    #[error("contains a control character")]
    ControlCharacter,
    #[error("is not UTF-8")]
    NotUtf8,
    #[error("is longer than {LONGEST} bytes")]
    TooLong,
    #[error("has a part of more than {LONGEST_PART} bytes")]
    PartTooLong,
    #[error("is more than {DEEPEST} folders deep")]
    TooDeep,
}

impl EntryPath {
    /// The archive's root.
    #[must_use]
    pub fn root() -> Self {
        Self(Box::default())
    }

    /// Takes a path that is already in its only form.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        check_text(text)?;
        text.split('/').try_for_each(check_part)?;
        if text.split('/').count() > DEEPEST { Err(PathError::TooDeep) } else { Ok(Self(text.into())) }
    }

    /// Takes a path as people and archivers write it: `./a//b/` is `a/b`, and `.` is the root.
    pub fn normalise(text: &str) -> Result<Self, PathError> {
        check_text(text)?;
        let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() { Ok(Self::root()) } else { Self::parse(&parts.join("/")) }
    }

    /// The path as text; the root's is empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the archive's root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path of `other` seen from here.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (self.is_root(), other.is_root()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => Self(format!("{}/{}", self.0, other.0).into()),
        }
    }

    /// Whether this is `folder` or lies in it.
    #[must_use]
    pub fn starts_with(&self, folder: &Self) -> bool {
        self.relative_to(folder).is_some()
    }

    /// The rest of the path after `folder`: empty if it is the folder itself, nothing if it lies elsewhere.
    #[must_use]
    pub fn relative_to(&self, folder: &Self) -> Option<&str> {
        if folder.is_root() {
            return Some(self.as_str());
        }
        let rest = self.0.strip_prefix(&*folder.0)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }

    /// The folder this lies in; the root lies in none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let end = self.0.rfind('/').unwrap_or(0);
        (!self.is_root()).then(|| Self(self.0[..end].into()))
    }

    /// The last part; the root has none.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

fn check_text(text: &str) -> Result<(), PathError> {
    match text {
        "" => Err(PathError::Empty),
        _ if text.starts_with('/') => Err(PathError::Absolute),
        _ if text.contains('\\') => Err(PathError::Backslash),
        _ if text.contains(char::is_control) => Err(PathError::ControlCharacter),
        _ if text.len() > LONGEST => Err(PathError::TooLong),
        _ => Ok(()),
    }
}

fn check_part(part: &str) -> Result<(), PathError> {
    match part {
        "" | "." => Err(PathError::NotNormal),
        ".." => Err(PathError::Upwards),
        _ if part.len() > LONGEST_PART => Err(PathError::PartTooLong),
        _ => Ok(()),
    }
}

impl PathError {
    /// Names the rule; it never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "path-empty",
            Self::Absolute => "path-absolute",
            Self::Upwards => "path-upwards",
            Self::NotNormal => "path-not-normal",
            Self::Backslash => "path-backslash",
            Self::ControlCharacter => "path-control-character",
            Self::NotUtf8 => "path-not-utf8",
            Self::TooLong => "path-too-long",
            Self::PartTooLong => "path-part-too-long",
            Self::TooDeep => "path-too-deep",
        }
    }

    /// The fault, told of an archive's entry whose path reads `text`.
    #[must_use]
    pub fn finding(self, text: &str) -> Finding {
        let remedy = match self {
            Self::Empty | Self::Absolute | Self::Upwards | Self::NotNormal => {
                "Pack from inside the folder: `tar -czf app.tar.gz -C <folder> .`."
            }
            Self::Backslash | Self::ControlCharacter | Self::NotUtf8 => {
                "Rename the file to printable UTF-8 without backslashes."
            }
            Self::TooLong | Self::PartTooLong | Self::TooDeep => "Shorten the path, or leave the file out.",
        };
        Finding::new(self.code(), format!("The path {self}."), remedy).in_file(quoted(text))
    }
}

impl Borrow<str> for EntryPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for EntryPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl TryFrom<String> for EntryPath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() { Ok(Self::root()) } else { Self::parse(&text) }
    }
}

impl From<EntryPath> for String {
    fn from(path: EntryPath) -> Self {
        path.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_leave_the_folder_or_confuse_a_reader_is_refused() {
        let long = "a/".repeat(2048) + "a";
        let deep = vec!["a"; 65].join("/");
        let wide = "a".repeat(256);
        for (text, error) in [
            ("", PathError::Empty),
            ("/etc/passwd", PathError::Absolute),
            ("..", PathError::Upwards),
            ("a/../b", PathError::Upwards),
            ("./a", PathError::NotNormal),
            ("a//b", PathError::NotNormal),
            ("a/", PathError::NotNormal),
            ("a\\..\\b", PathError::Backslash),
            ("a\0b", PathError::ControlCharacter),
            ("a\nb", PathError::ControlCharacter),
            ("a\u{9b}b", PathError::ControlCharacter),
            (&long, PathError::TooLong),
            (&wide, PathError::PartTooLong),
            (&deep, PathError::TooDeep),
        ] {
            assert_eq!(EntryPath::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn the_many_ways_to_write_a_path_are_one_path() {
        for (text, path) in [("./a/b", "a/b"), ("a//b/", "a/b"), ("a/./b", "a/b"), ("./", ""), (".", ""), ("ä", "ä")]
        {
            assert_eq!(EntryPath::normalise(text).unwrap().as_str(), path, "{text:?}");
        }
        for (text, error) in [
            ("", PathError::Empty),
            ("/", PathError::Absolute),
            ("//a", PathError::Absolute),
            ("./..", PathError::Upwards),
        ] {
            assert_eq!(EntryPath::normalise(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_path_lies_in_a_folder_by_its_parts_not_by_its_letters() {
        let path = |text| EntryPath::parse(text).unwrap();
        assert!(path("a/b").starts_with(&path("a")));
        assert!(path("a").starts_with(&path("a")));
        assert!(path("a").starts_with(&EntryPath::root()));
        assert!(!path("ab").starts_with(&path("a")));
        assert_eq!(path("a/b/c").relative_to(&path("a")), Some("b/c"));
        assert_eq!(path("a").join(&path("b")), path("a/b"));
        assert_eq!(path("a").join(&EntryPath::root()), path("a"));
        assert_eq!(path("a/b").parent(), Some(path("a")));
        assert_eq!(path("a").parent(), Some(EntryPath::root()));
        assert_eq!(EntryPath::root().parent(), None);
    }

    #[test]
    fn a_path_reads_back_from_json() {
        for path in [EntryPath::root(), EntryPath::parse("a/b").unwrap()] {
            let json = serde_json::to_string(&path).unwrap();
            assert_eq!(serde_json::from_str::<EntryPath>(&json).unwrap(), path);
        }
        assert!(serde_json::from_str::<EntryPath>("\"../a\"").is_err());
    }
}

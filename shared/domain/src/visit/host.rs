//! The host a request is for.

/// Bytes: as long as names get (RFC 1035, 2.3.4).
const LONGEST: usize = 253;

/// A host's name as the platform gives them: lower case, without port and final dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

/// Why a text names no host that the platform could have given.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum HostError {
    /// It is empty or longer than any name.
    #[error("a host has 1 to {LONGEST} characters")]
    Length,
    /// It has other characters than names have.
    #[error("a host has letters, digits, `-` and `.` only")]
    Character,
}

impl HostName {
    /// Reads the authority of a request: `Host` in HTTP/1, `:authority` in HTTP/2.
    pub fn of_authority(authority: &str) -> Result<Self, HostError> {
        let name = authority.rsplit_once(':').map_or(authority, |(name, _port)| name);
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() || name.len() > LONGEST {
            return Err(HostError::Length);
        }
        if !name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.')) {
            return Err(HostError::Character);
        }
        Ok(Self(name.to_ascii_lowercase()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_is_written_in_many_ways() {
        for authority in ["a-b-c.example.com", "A-B-C.Example.COM", "a-b-c.example.com.", "a-b-c.example.com:8443"] {
            assert_eq!(HostName::of_authority(authority).unwrap().as_str(), "a-b-c.example.com", "{authority}");
        }
    }

    #[test]
    fn what_the_platform_never_gives_is_no_host() {
        let long = "a".repeat(254);
        for authority in ["", ":80", ".", &long] {
            assert_eq!(HostName::of_authority(authority), Err(HostError::Length), "{authority}");
        }
        for authority in ["[::1]:80", "user@host", "a b", "bücher.example", "a/b"] {
            assert_eq!(HostName::of_authority(authority), Err(HostError::Character), "{authority}");
        }
    }
}

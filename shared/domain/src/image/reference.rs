//! Image references, read as container runtimes read them.

/// The registry of references that name none.
const DOCKER_HUB: &str = "docker.io";
/// Docker Hub's old name, which runtimes read as the new one.
const DOCKER_HUB_INDEX: &str = "index.docker.io";
/// Where Docker Hub keeps images whose name has one part only.
const DOCKER_HUB_LIBRARY: &str = "library";
/// The longest name, registry and repository together, in bytes.
const LONGEST_NAME: usize = 255;
/// The longest tag, in bytes.
const LONGEST_TAG: usize = 128;

/// An image's name with its registry written out: `nginx` is `docker.io/library/nginx`
/// (<https://github.com/distribution/reference/blob/main/normalize.go>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// Why a text is not an image reference.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ImageReferenceError {
    /// The part before the first `/` names a registry, but not validly.
    #[error("{0:?} is not the name of a registry")]
    Registry(String),
    /// The part between registry and tag.
    #[error("{0:?} is not the name of a repository: it is made of lower-case letters, digits, '.', '_', '-' and '/'")]
    Repository(String),
    /// The part after `:`.
    #[error("{0:?} is not a tag")]
    Tag(String),
    /// The part after `@`.
    #[error("{0:?} is not a digest: it is `sha256:` and 64 hexadecimal digits")]
    Digest(String),
    /// The whole name.
    #[error("the name is longer than {LONGEST_NAME} bytes")]
    TooLong,
}

impl ImageReference {
    /// Reads a reference by the grammar of container runtimes
    /// (<https://github.com/distribution/reference/blob/main/reference.go>).
    pub fn parse(text: &str) -> Result<Self, ImageReferenceError> {
        let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        let (name, tag) = split_tag(name);
        let (registry, repository) = split_registry(name);
        if name.len() > LONGEST_NAME {
            return Err(ImageReferenceError::TooLong);
        }
        check(registry, is_registry, ImageReferenceError::Registry)?;
        check(repository, is_repository, ImageReferenceError::Repository)?;
        tag.map_or(Ok(()), |tag| check(tag, is_tag, ImageReferenceError::Tag))?;
        digest.map_or(Ok(()), |digest| check(digest, is_digest, ImageReferenceError::Digest))?;
        let (registry, repository) = written_out(registry, repository);
        Ok(Self { registry, repository, tag: tag.map(str::to_owned), digest: digest.map(str::to_owned) })
    }

    /// The registry in lower case, with its port if it has one.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository within the registry.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, if one is named.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, if one is named.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Whether it names one image for ever.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some()
    }
}

fn check(
    part: &str,
    is_valid: fn(&str) -> bool,
    error: fn(String) -> ImageReferenceError,
) -> Result<(), ImageReferenceError> {
    if is_valid(part) { Ok(()) } else { Err(error(part.chars().take(80).collect())) }
}

/// A colon before the last `/` belongs to a port.
fn split_tag(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name, None),
    }
}

/// What is before the first `/` is a registry if it cannot be a part of a repository's name on Docker Hub.
fn split_registry(name: &str) -> (&str, &str) {
    match name.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" || has_upper_case(first) => {
            (first, rest)
        }
        _ => (DOCKER_HUB, name),
    }
}

fn has_upper_case(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
}

fn written_out(registry: &str, repository: &str) -> (String, String) {
    let registry = match registry.to_ascii_lowercase() {
        index if index == DOCKER_HUB_INDEX => DOCKER_HUB.to_owned(),
        other => other,
    };
    let in_library = registry == DOCKER_HUB && !repository.contains('/');
    let repository = if in_library { format!("{DOCKER_HUB_LIBRARY}/{repository}") } else { repository.to_owned() };
    (registry, repository)
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok() && port.bytes().all(|c| c.is_ascii_digit());
    (is_ipv6(host) || host.split('.').all(is_host_label)) && port.is_none_or(is_port)
}

fn is_ipv6(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    address.is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
}

fn is_host_label(label: &str) -> bool {
    let characters = label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    !label.is_empty() && characters && !label.starts_with('-') && !label.ends_with('-')
}

/// 64 hexadecimal digits alone are an image's id to some tools, so no reader takes them for a name.
fn is_repository(text: &str) -> bool {
    let is_id = text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    !is_id && text.split('/').all(is_path_part)
}

/// Lower-case letters and digits, with `.`, `_`, `__` or any number of `-` between them.
fn is_path_part(part: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut separators = part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let edges = part.bytes().next().is_some_and(inner) && part.bytes().last().is_some_and(inner);
    edges && separators.all(|run| matches!(run, "" | "." | "_" | "__") || run.bytes().all(|c| c == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    let edge = text.bytes().next().is_some_and(word);
    edge && text.len() <= LONGEST_TAG && text.bytes().all(|c| word(c) || matches!(c, b'.' | b'-'))
}

fn is_digest(text: &str) -> bool {
    let length = match text.split_once(':') {
        Some(("sha256", _)) => 64,
        Some(("sha512", _)) => 128,
        _ => return false,
    };
    let hex = &text["sha256:".len()..];
    hex.len() == length && hex.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_written_out_as_runtimes_do() {
        let cases = [
            ("nginx", "docker.io", "library/nginx"),
            ("nginx:1.27-alpine", "docker.io", "library/nginx"),
            ("grafana/grafana", "docker.io", "grafana/grafana"),
            ("docker.io/nginx", "docker.io", "library/nginx"),
            ("index.docker.io/library/nginx", "docker.io", "library/nginx"),
            ("ghcr.io/owner/app:v1", "ghcr.io", "owner/app"),
            ("GHCR.io/owner/app", "ghcr.io", "owner/app"),
            ("Upper/app", "upper", "app"),
            ("registry.example.com:5000/a/b__c/d---e", "registry.example.com:5000", "a/b__c/d---e"),
            ("localhost/app", "localhost", "app"),
            ("[::1]:5000/app", "[::1]:5000", "app"),
            ("host:5000/app:tag", "host:5000", "app"),
        ];
        for (text, registry, repository) in cases {
            let reference = ImageReference::parse(text).unwrap();
            assert_eq!((reference.registry(), reference.repository()), (registry, repository), "{text}");
        }
    }

    #[test]
    fn a_tag_and_a_digest_can_stand_together() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let reference = ImageReference::parse(&format!("quay.io:443/a/b:v1@{digest}")).unwrap();
        assert_eq!((reference.tag(), reference.digest()), (Some("v1"), Some(digest.as_str())));
        assert!(reference.is_pinned() && !ImageReference::parse("quay.io/a/b:v1").unwrap().is_pinned());
    }

    #[test]
    fn what_no_runtime_takes_is_refused_by_its_part() {
        let long = "a/".repeat(130);
        let cases = [
            ("", "Repository"),
            ("Nginx", "Repository"),
            ("nginx:", "Tag"),
            ("nginx:-x", "Tag"),
            ("nginx@sha256:abc", "Digest"),
            ("nginx@md5:d41d8cd98f00b204e9800998ecf8427e", "Digest"),
            ("nginx@sha256é:", "Digest"),
            ("a//b", "Repository"),
            ("../a", "Registry"),
            ("a/../b", "Repository"),
            ("a/b ", "Repository"),
            ("a/b\n", "Repository"),
            ("${REGISTRY}/app", "Registry"),
            ("{{ image }}", "Repository"),
            ("https://ghcr.io/owner/app", "Registry"),
            ("user:password@ghcr.io/app", "Digest"),
            ("ghcr.io./app", "Registry"),
            ("ghcr.io:99999/app", "Registry"),
            ("ghcr.io:+80/app", "Registry"),
            ("ghcr.io/", "Repository"),
            ("/app", "Repository"),
            ("a___b", "Repository"),
            ("a-/b", "Repository"),
            ("docker.io/registry.roost-system.svc:5000/app", "Repository"),
            (&"0a".repeat(32), "Repository"),
            (&long[..259], "TooLong"),
        ];
        for (text, part) in cases {
            let error = format!("{:?}", ImageReference::parse(text).expect_err(text));
            assert!(error.starts_with(part), "{text:?}: {error}");
        }
    }
}

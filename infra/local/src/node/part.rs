//! What the supervisor knows about a part, and the order in which parts can start.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;

/// A program that is started, watched and started again when it ends.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    /// Parts that have to be healthy before this one is started.
    pub(super) needs: &'static [&'static str],
    /// Files that have to exist before: what is installed into the running platform writes them.
    pub(super) needs_files: Vec<PathBuf>,
    pub(super) health: Health,
    /// In which it has to become healthy.
    pub(super) limit: Duration,
    /// Where it is reached, for people.
    pub(super) address: String,
}

pub(super) enum Health {
    /// Answers with a status of success.
    Http(String),
    /// Accepts connections.
    Connection(SocketAddr),
    /// Ends with success.
    Command(PathBuf, Vec<String>),
}

/// Brings parts into an order in which each comes after those it needs.
pub(super) fn in_starting_order(mut parts: Vec<Part>) -> anyhow::Result<Vec<Part>> {
    let mut ordered: Vec<Part> = Vec::with_capacity(parts.len());
    while !parts.is_empty() {
        let is_next = |part: &Part| part.needs.iter().all(|need| ordered.iter().any(|earlier| earlier.name == *need));
        match parts.iter().position(is_next) {
            Some(position) => ordered.push(parts.remove(position)),
            None => bail!("{} needs a part that is missing or needs it in turn", parts[0].name),
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::{Health, Part, in_starting_order};

    fn part(name: &str, needs: &'static [&'static str]) -> Part {
        Part {
            name: name.to_owned(),
            program: PathBuf::new(),
            arguments: Vec::new(),
            environment: Vec::new(),
            needs,
            needs_files: Vec::new(),
            health: Health::Http(String::new()),
            limit: Duration::ZERO,
            address: String::new(),
        }
    }

    #[test]
    fn what_is_needed_comes_first() {
        let ordered = in_starting_order(vec![part("c", &["a", "b"]), part("b", &["a"]), part("a", &[])]).unwrap();
        assert_eq!(ordered.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn a_circle_and_an_unknown_need_are_errors() {
        assert!(in_starting_order(vec![part("a", &["b"]), part("b", &["a"])]).is_err());
        assert!(in_starting_order(vec![part("a", &["nobody"])]).is_err());
    }
}

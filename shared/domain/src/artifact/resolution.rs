//! Where symbolic links lead, followed through the tree as a kernel would follow them on disk.

use std::collections::BTreeMap;

use super::{Entry, EntryPath, Findings, quoted};
use crate::finding::Finding;

/// As many as Linux follows: <https://man7.org/linux/man-pages/man7/path_resolution.7.html>.
const MOST_HOPS: u32 = 40;
/// Parts of paths walked for all links together. Links through links multiply; honest ones need a few parts each.
const MOST_STEPS: u32 = 1_000_000;

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
enum LinkFault {
    #[error("leads out of the archive")]
    Escapes,
    #[error("leads in a circle")]
    Loops,
    #[error("is one of so many links through links that following them takes too long")]
    TooTangled,
}

/// Reports the links that lead out of the tree. One to nothing may stay: a build can put something there.
pub(super) fn check_links(entries: &BTreeMap<EntryPath, Entry>, findings: &mut Findings) {
    let mut steps = MOST_STEPS;
    for (path, entry) in entries {
        let Entry::Symlink(target) = entry else { continue };
        let Err(fault) = follow(entries, path, target.as_str(), &mut steps) else { continue };
        findings.push(fault.finding(path, target.as_str()));
        if fault == LinkFault::TooTangled {
            return;
        }
    }
}

/// Lexical checks would not do: of `s -> ../..` and `t -> a/b/s/..` each looks harmless, and together they escape.
fn follow(
    entries: &BTreeMap<EntryPath, Entry>,
    link: &EntryPath,
    target: &str,
    steps: &mut u32,
) -> Result<(), LinkFault> {
    let mut place = link.parent().map(String::from).unwrap_or_default();
    let mut ahead: Vec<&str> = target.split('/').rev().collect();
    let mut hops = 0;
    while let Some(part) = ahead.pop() {
        *steps = steps.checked_sub(1).ok_or(LinkFault::TooTangled)?;
        match part {
            "" | "." => {}
            ".." if place.is_empty() => return Err(LinkFault::Escapes),
            ".." => leave(&mut place),
            name => enter(&mut place, name),
        }
        if let Some(Entry::Symlink(next)) = entries.get(place.as_str()) {
            hops += 1;
            if hops >= MOST_HOPS {
                return Err(LinkFault::Loops);
            }
            leave(&mut place);
            ahead.extend(next.as_str().split('/').rev());
        }
    }
    Ok(())
}

fn enter(place: &mut String, name: &str) {
    if !place.is_empty() {
        place.push('/');
    }
    place.push_str(name);
}

fn leave(place: &mut String) {
    place.truncate(place.rfind('/').unwrap_or(0));
}

impl LinkFault {
    fn finding(self, path: &EntryPath, target: &str) -> Finding {
        let code = match self {
            Self::Escapes => "symlink-escapes",
            Self::Loops => "symlink-loops",
            Self::TooTangled => "symlinks-too-tangled",
        };
        let message = format!("The link to `{}` {self}.", quoted(target));
        Finding::new(code, message, "Put the file in the link's place: `tar --dereference` does.")
            .in_file(quoted(path.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::LinkTarget;

    /// The faults of a tree of links and directories (those without a target).
    fn faults(entries: &[(&str, &str)]) -> Vec<String> {
        let entry = |target: &str| LinkTarget::parse(target).map_or(Entry::Directory, Entry::Symlink);
        let entries = entries.iter().map(|(path, target)| (EntryPath::parse(path).unwrap(), entry(target))).collect();
        let mut findings = Findings::default();
        check_links(&entries, &mut findings);
        findings.into_vec().into_iter().map(|finding| finding.code.into_owned()).collect()
    }

    #[test]
    fn links_within_the_tree_may_stay() {
        assert!(
            faults(&[("a", ""), ("a/up", ".."), ("a/here", "."), ("b", "a/up/a"), ("c", "nothing/there")]).is_empty()
        );
        assert!(faults(&[("current", "./releases//1/"), ("releases", ""), ("releases/1", "")]).is_empty());
    }

    #[test]
    fn links_that_escape_only_together_are_found_whatever_their_order() {
        let down = [("a", ""), ("a/b", ""), ("a/b/c", ""), ("a/b/c/s", "../../..")];
        assert!(faults(&down).is_empty());
        assert_eq!(faults(&[&down[..], &[("t", "a/b/c/s/..")]].concat()), ["symlink-escapes"]);
        assert_eq!(faults(&[("a", "b/.."), ("b", "c"), ("c", "."), ("d", "..")]), ["symlink-escapes"; 2]);
        assert_eq!(faults(&[("x", "missing/../../y")]), ["symlink-escapes"]);
    }

    #[test]
    fn circles_and_knots_end() {
        assert_eq!(faults(&[("a", "b"), ("b", "a")]), ["symlink-loops"; 2]);
        assert_eq!(faults(&[("a", "a/a/a")]), ["symlink-loops"]);
        let wide = "./".repeat(2000);
        let chain: Vec<_> = (0..2000).map(|at| (format!("{at:04}"), format!("{wide}{:04}", at + 1))).collect();
        let chain: Vec<_> = chain.iter().map(|(path, target)| (path.as_str(), target.as_str())).collect();
        assert!(faults(&chain).contains(&"symlinks-too-tangled".to_owned()));
    }
}

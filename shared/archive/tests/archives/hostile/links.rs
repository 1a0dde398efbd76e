//! Links that lead out, or that others' paths would follow.

use super::Case;
use crate::tar_bytes::{HARD_LINK, LONG_LINK, SYMLINK, Tar};

pub(crate) fn cases() -> Vec<Case> {
    [symbolic(), paths_through_links(), targets(), hard()].concat()
}

fn symbolic() -> Vec<Case> {
    let link = |path: &str, target: &str| Tar::new().symlink(path, target).finish();
    let down = |tar: Tar| tar.directory("a/").directory("a/b/").directory("a/b/c/").symlink("a/b/c/s", "../../..");
    let long_chain = (0..41).fold(Tar::new(), |tar, at| tar.symlink(&format!("l{at}"), format!("l{}", at + 1)));
    vec![
        ("an absolute link", link("a", "/etc/passwd"), "symlink-absolute"),
        ("a link upwards", link("a", "../../etc/passwd"), "symlink-escapes"),
        ("a link to the folder above", link("a", ".."), "symlink-escapes"),
        ("a link down and further up", link("a/b", "c/../../../x"), "symlink-escapes"),
        ("a link through nothing", link("a", "missing/../../x"), "symlink-escapes"),
        ("two links that escape together", down(Tar::new()).symlink("t", "a/b/c/s/..").finish(), "symlink-escapes"),
        ("the same, listed first", down(Tar::new().symlink("t", "a/b/c/s/..")).finish(), "symlink-escapes"),
        ("a link to itself", link("a", "a"), "symlink-loops"),
        ("two links to each other", Tar::new().symlink("a", "b").symlink("b", "a").finish(), "symlink-loops"),
        ("a chain longer than a kernel follows", long_chain.finish(), "symlink-loops"),
    ]
}

fn paths_through_links() -> Vec<Case> {
    let below = Tar::new().symlink("a", "/tmp").file("a/roost-escaped").finish();
    let harmless = Tar::new().directory("b/").symlink("a", "b").file("a/c").finish();
    let replaced = Tar::new().directory("a/").symlink("a", "/tmp").file("a/roost-escaped").finish();
    let directory = Tar::new().symlink("a", "/tmp").directory("a/").file("a/roost-escaped").finish();
    vec![
        ("a file below an absolute link", below, "symlink-absolute"),
        ("a file below a link within the archive", harmless, "entry-below-symlink"),
        ("a directory that a link replaces", replaced, "symlink-absolute"),
        ("a link that a directory replaces", directory, "symlink-absolute"),
        (
            "a file, and a link where its path leads",
            Tar::new().file("a/b").symlink("a", "c").finish(),
            "file-and-directory",
        ),
        ("a directory listed over a link", Tar::new().symlink("a", "b").directory("a/").finish(), "file-and-directory"),
    ]
}

fn targets() -> Vec<Case> {
    let link = |target: &[u8]| Tar::new().symlink("a", target).finish();
    let pax = |target: &[u8]| Tar::new().records(&[("linkpath", target)]).symlink("a", "b").finish();
    let gnu = Tar::new().entry(LONG_LINK, b"././@LongLink", b"/etc/passwd\0").symlink("a", "b").finish();
    let sized = Tar::new().header(SYMLINK, b"a", 512, |block| block[157] = b'b').content(&[0; 512]).finish();
    vec![
        ("a link to nowhere", link(b""), "symlink-invalid"),
        ("a link with a line break", link(b"a\nb"), "symlink-invalid"),
        ("a link with a backslash", link(b"..\\b"), "symlink-invalid"),
        ("a link that is not UTF-8", link(b"caf\xe9"), "symlink-invalid"),
        ("a link with a NUL", pax(b"a\0b"), "symlink-invalid"),
        ("a link of 4,097 bytes", pax("l".repeat(4097).as_bytes()), "symlink-invalid"),
        ("an absolute link by POSIX's long form", pax(b"/etc/passwd"), "symlink-absolute"),
        ("an absolute link by GNU's long form", gnu, "symlink-absolute"),
        ("a link with content", sized, "tar-size-of-nothing"),
    ]
}

fn hard() -> Vec<Case> {
    let link = |path: &str, target: &str| Tar::new().file("a").link(HARD_LINK, path, target).finish();
    let through = Tar::new().symlink("a", "/etc").link(HARD_LINK, "b", "a/passwd").finish();
    vec![
        ("a hard link to a file", link("b", "a"), "hard-link"),
        ("a hard link out of the archive", link("b", "/etc/passwd"), "hard-link"),
        ("a hard link upwards", link("b", "../../etc/passwd"), "hard-link"),
        ("a hard link through a link", through, "hard-link"),
        ("a hard link to itself", link("b", "b"), "hard-link"),
    ]
}

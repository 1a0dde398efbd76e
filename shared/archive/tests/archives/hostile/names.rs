//! Names that lead elsewhere, that two programs read differently, or that stand for two things.

use super::Case;
use crate::tar_bytes::{FILE, Tar};

pub(crate) fn cases() -> Vec<Case> {
    [paths(), long_paths(), duplicates()].concat()
}

fn paths() -> Vec<Case> {
    let one = |path: &[u8]| Tar::new().file(path).finish();
    let prefixed = |prefix: &[u8]| {
        Tar::new().header(FILE, b"x", 0, |block| block[345..345 + prefix.len()].copy_from_slice(prefix)).finish()
    };
    vec![
        ("an absolute path", one(b"/tmp/roost-escaped"), "path-absolute"),
        ("an absolute path with two slashes", one(b"//tmp/roost-escaped"), "path-absolute"),
        ("a path upwards", one(b"../escaped"), "path-upwards"),
        ("a path down and further up", one(b"a/../../escaped"), "path-upwards"),
        ("a path that ends upwards", one(b"a/.."), "path-upwards"),
        ("the folder above", one(b".."), "path-upwards"),
        ("a path upwards behind `./`", one(b"./../escaped"), "path-upwards"),
        ("a path upwards in the prefix", prefixed(b".."), "path-upwards"),
        ("an absolute path in the prefix", prefixed(b"/tmp"), "path-absolute"),
        ("a path upwards of Windows", one(b"..\\escaped"), "path-backslash"),
        ("an absolute path of Windows", one(b"C:\\Windows\\escaped"), "path-backslash"),
        ("a line break", one(b"a\nb"), "path-control-character"),
        ("a terminal's escape", one(b"a\x1b[2Jb"), "path-control-character"),
        ("a terminal's escape in one character", one("a\u{9b}2Jb".as_bytes()), "path-control-character"),
        ("a delete character", one(b"a\x7fb"), "path-control-character"),
        ("Latin-1", one(b"caf\xe9"), "path-not-utf8"),
        ("overlong dots", one(b"\xc0\xae\xc0\xae/escaped"), "path-not-utf8"),
        ("half a surrogate pair", one(b"\xed\xa0\x80"), "path-not-utf8"),
        ("no name at all", one(b""), "path-empty"),
        ("the root as a file", one(b"."), "root-is-no-directory"),
        ("the root as a link", Tar::new().symlink("./", "a").finish(), "root-is-no-directory"),
    ]
}

fn long_paths() -> Vec<Case> {
    let pax = |path: &[u8]| Tar::new().records(&[("path", path)]).file("a").finish();
    let gnu = |path: &[u8]| Tar::new().long_path(path).file("a").finish();
    let deep = ["d"; 65].join("/");
    let long = [["d".repeat(250).as_str(); 16].join("/"), "e".repeat(100)].join("/");
    vec![
        ("an absolute long path of POSIX", pax(b"/tmp/roost-escaped"), "path-absolute"),
        ("an absolute long path of GNU", gnu(b"/tmp/roost-escaped"), "path-absolute"),
        ("a long path of POSIX upwards", pax(b"../escaped"), "path-upwards"),
        ("a long path of GNU upwards", gnu(b"../escaped"), "path-upwards"),
        ("a NUL in a long path of POSIX", pax(b"a\0/../b"), "path-control-character"),
        ("a NUL in a long path of GNU", gnu(b"a\0/../b"), "path-control-character"),
        ("an empty long path of POSIX", pax(b""), "path-empty"),
        ("an empty long path of GNU", gnu(b""), "path-empty"),
        ("a part of 256 bytes", pax("p".repeat(256).as_bytes()), "path-part-too-long"),
        ("a path of 4,116 bytes", pax(long.as_bytes()), "path-too-long"),
        ("64 folders around a file", gnu(deep.as_bytes()), "path-too-deep"),
    ]
}

fn duplicates() -> Vec<Case> {
    let two = |one: &str, other: &str| Tar::new().file(one).file(other).finish();
    vec![
        ("a file twice", two("a", "a"), "duplicate-entry"),
        ("a file twice, once with `./`", two("a", "./a"), "duplicate-entry"),
        ("a file twice, once with `//`", two("a/b", "a//b"), "duplicate-entry"),
        ("a file and a link", Tar::new().file("a").symlink("a", "b").finish(), "duplicate-entry"),
        ("a file, then a directory", Tar::new().file("a").directory("a/").finish(), "file-and-directory"),
        ("a directory, then a file", Tar::new().directory("a/").file("a").finish(), "file-and-directory"),
        ("a file where another's path leads", two("a/b", "a"), "file-and-directory"),
        ("a file below a file", two("a", "a/b"), "entry-below-file"),
        ("names of two cases", two("Dockerfile", "dockerfile"), "name-differs-in-case-only"),
        ("directories of two cases", two("A/x", "a/y"), "name-differs-in-case-only"),
        ("a letter composed and not", two("\u{e9}", "e\u{301}"), "name-differs-in-case-only"),
        ("a letter that is two in upper case", two("ß", "SS"), "name-differs-in-case-only"),
        ("a letter that is a unit", two("k", "\u{212a}"), "name-differs-in-case-only"),
    ]
}

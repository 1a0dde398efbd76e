//! Extended headers that say something else than the header they belong to.

use super::Case;
use crate::tar_bytes::{FILE, GLOBAL_RECORDS, LONG_LINK, LONG_PATH, RECORDS, Tar, encoded};

pub(crate) fn cases() -> Vec<Case> {
    [records(), broken_records(), global_records(), mixtures()].concat()
}

fn records() -> Vec<Case> {
    let pax = |records: &[(&str, &[u8])]| Tar::new().records(records).file("a").finish();
    vec![
        ("a larger size than the header's", pax(&[("size", b"1024")]), "pax-two-sizes"),
        ("a smaller size than the header's", pax(&[("size", b"0")]), "pax-two-sizes"),
        ("a size of 2^64", pax(&[("size", b"18446744073709551616")]), "pax-broken"),
        ("a negative size", pax(&[("size", b"-7")]), "pax-broken"),
        ("an octal size", pax(&[("size", b"07")]), "pax-broken"),
        ("two paths", pax(&[("path", b"b"), ("path", b"c")]), "pax-record"),
        ("two targets", pax(&[("linkpath", b"b"), ("linkpath", b"c")]), "pax-record"),
        ("names in no character set", pax(&[("hdrcharset", b"BINARY")]), "pax-record"),
        ("a field of the standard's future", pax(&[("filetype", b"x")]), "pax-record"),
    ]
}

fn broken_records() -> Vec<Case> {
    let raw = |data: &[u8]| Tar::new().entry(RECORDS, b"x", data).file("a").finish();
    vec![
        ("a record without a length", raw(b"path=b\n"), "pax-broken"),
        ("a record longer than the header", raw(b"99 path=b\n"), "pax-broken"),
        ("a record shorter than its text", raw(b"8 path=b\n"), "pax-broken"),
        ("a record of length zero", raw(b"0 path=b\n"), "pax-broken"),
        ("a record whose length overflows", raw(b"18446744073709551625 path=b\n"), "pax-broken"),
        ("a length with a zero in front", raw(b"010 path=b\n"), "pax-broken"),
        ("a length with a sign", raw(b"+10 path=b\n"), "pax-broken"),
        ("a record without an end", raw(b"9 path=bc"), "pax-broken"),
        ("a record without a value", raw(b"7 path\n"), "pax-broken"),
        ("a record without a name", raw(b"5 =b\n"), "pax-broken"),
        ("something behind the records", raw(b"9 path=b\n\0\0\0"), "pax-broken"),
    ]
}

fn global_records() -> Vec<Case> {
    let global = |key: &str| Tar::new().entry(GLOBAL_RECORDS, b"g", &encoded(&[(key, b"1")])).file("a").finish();
    vec![
        ("a path for all entries", global("path"), "pax-global-record"),
        ("a target for all entries", global("linkpath"), "pax-global-record"),
        ("a size for all entries", global("size"), "pax-global-record"),
        ("a character set for all entries", global("hdrcharset"), "pax-global-record"),
        ("sparse files throughout", global("GNU.sparse.major"), "pax-global-record"),
    ]
}

fn mixtures() -> Vec<Case> {
    let pax = || Tar::new().records(&[("path", b"b")]);
    let gnu = || Tar::new().long_path(b"c");
    let link = || Tar::new().entry(LONG_LINK, b"l", b"d\0");
    let comment = encoded(&[("comment", b"d")]);
    let huge = |kind: u8| Tar::new().entry(kind, b"x", &vec![b'x'; 1024 * 1024 + 1]).file("a").finish();
    let vast = Tar::new().header(RECORDS, b"x", 0o77_777_777_777, |_| {}).finish();
    vec![
        ("two long paths", gnu().long_path(b"d").file("a").finish(), "tar-mixed-extensions"),
        ("two long targets", link().entry(LONG_LINK, b"l", b"e\0").file("a").finish(), "tar-mixed-extensions"),
        ("two headers of records", pax().records(&[("path", b"d")]).file("a").finish(), "tar-mixed-extensions"),
        (
            "a long path, then a path of POSIX",
            gnu().records(&[("path", b"d")]).file("a").finish(),
            "tar-mixed-extensions",
        ),
        ("a path of POSIX, then a long path", pax().long_path(b"d").file("a").finish(), "tar-mixed-extensions"),
        (
            "a global header in between",
            pax().entry(GLOBAL_RECORDS, b"g", &comment).file("a").finish(),
            "tar-mixed-extensions",
        ),
        ("records of no entry", pax().finish(), "tar-loose-extension"),
        ("a long path of no entry", gnu().finish(), "tar-loose-extension"),
        ("a long path of 1 MiB", huge(LONG_PATH), "tar-extension-too-long"),
        ("records of 1 MiB", huge(RECORDS), "tar-extension-too-long"),
        ("records of 8 GiB", vast, "tar-extension-too-long"),
        ("a long path and a file below it", gnu().file("a").entry(FILE, b"c/d", b"").finish(), "entry-below-file"),
    ]
}

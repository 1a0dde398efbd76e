//! Entries that are no files.

use super::Case;
use crate::tar_bytes::{DIRECTORY, FILE, Tar};

pub(crate) fn cases() -> Vec<Case> {
    [specials(), sparse()].concat()
}

fn specials() -> Vec<Case> {
    let one = |kind: u8| Tar::new().entry(kind, b"a", b"").finish();
    let sized = Tar::new().entry(DIRECTORY, b"a/", b"content").finish();
    vec![
        ("a character device", one(b'3'), "special-file"),
        ("a block device", one(b'4'), "special-file"),
        ("a pipe", one(b'6'), "special-file"),
        ("a contiguous file", one(b'7'), "special-file"),
        ("a directory's list of names", one(b'D'), "special-file"),
        ("another volume's rest", one(b'M'), "special-file"),
        ("a volume's label", one(b'V'), "special-file"),
        ("a long name of old GNU tar", one(b'N'), "special-file"),
        ("an extended header of Solaris", one(b'X'), "special-file"),
        ("something unknown", one(b'Z'), "special-file"),
        ("something beyond ASCII", one(0xff), "special-file"),
        ("a directory with content", sized, "tar-size-of-nothing"),
        ("a file named as a directory", Tar::new().file("a/").finish(), "tar-size-of-nothing"),
    ]
}

fn sparse() -> Vec<Case> {
    let pax = |key: &str| Tar::new().records(&[(key, b"1")]).file("a").finish();
    let gnu = Tar::new().header(b'S', b"a", 0, |block| block[257..265].copy_from_slice(b"ustar  \0")).finish();
    let posix = Tar::new().header(b'S', b"a", 0, |_| {}).finish();
    let disguised = |block: &mut [u8; 512]| {
        block[257..265].copy_from_slice(b"ustar  \0");
        block[386..398].copy_from_slice(b"00000000777\0");
    };
    vec![
        ("a sparse file of GNU", gnu, "sparse-file"),
        ("a sparse file of GNU in a header of POSIX", posix, "sparse-file"),
        (
            "a sparse file's map in a plain file",
            Tar::new().header(FILE, b"a", 0, disguised).finish(),
            "tar-stray-bytes",
        ),
        ("a sparse file of GNU's POSIX form", pax("GNU.sparse.major"), "sparse-file"),
        ("a sparse file's other name", pax("GNU.sparse.name"), "sparse-file"),
        ("a sparse file of star", pax("SCHILY.realsize"), "sparse-file"),
    ]
}

//! What is wrong with the compression around the tar file.

use super::Case;
use crate::tar_bytes::{Tar, gzip};

pub(crate) fn cases() -> Vec<Case> {
    [other_formats(), damaged(), followed()].concat()
}

fn whole() -> Vec<u8> {
    Tar::new().file("a").finish()
}

fn other_formats() -> Vec<Case> {
    let magic = |bytes: &[u8]| [bytes, &[0; 600]].concat();
    vec![
        ("an empty object", Vec::new(), "not-gzip"),
        ("a tar file that is not compressed", magic(b"a\0\0\0"), "not-gzip"),
        ("a zip file", magic(b"PK\x03\x04"), "not-gzip"),
        ("a bzip2 file", magic(b"BZh9"), "not-gzip"),
        ("an xz file", magic(b"\xfd7zXZ\0"), "not-gzip"),
        ("a Zstandard file", magic(b"\x28\xb5\x2f\xfd"), "not-gzip"),
        ("a page about an error", b"<?xml version=\"1.0\"?><Error/>".to_vec(), "not-gzip"),
        ("another method than deflate", magic(b"\x1f\x8b\x07"), "not-gzip"),
        ("flags of the future", magic(b"\x1f\x8b\x08\xe0"), "not-gzip"),
        ("a header and no more", whole()[..10].to_vec(), "gzip-truncated"),
        ("half a header", whole()[..5].to_vec(), "not-gzip"),
        ("a file name without an end", [b"\x1f\x8b\x08\x08\0\0\0\0\0\0", &[b'n'; 100_000][..]].concat(), "not-gzip"),
    ]
}

fn damaged() -> Vec<Case> {
    let changed = |at_from_end: usize| {
        let mut bytes = whole();
        let at = bytes.len() - at_from_end;
        bytes[at] ^= 0x55;
        bytes
    };
    let garbage = [&whole()[..10], &[0xff; 100]].concat();
    let cut = |bytes: usize| whole()[..whole().len() - bytes].to_vec();
    vec![
        ("half of it", cut(whole().len() / 2), "gzip-truncated"),
        ("no check sum", cut(8), "gzip-truncated"),
        ("half a check sum", cut(6), "gzip-truncated"),
        ("no length", cut(4), "gzip-truncated"),
        ("a wrong check sum", changed(8), "gzip-damaged"),
        ("a wrong length", changed(4), "gzip-damaged"),
        ("garbage behind the header", garbage, "gzip-damaged"),
    ]
}

fn followed() -> Vec<Case> {
    let with = |more: &[u8]| [&whole()[..], more].concat();
    let file = Tar::new().file("a").bytes(&[0; 1024]);
    let halves = [file.unfinished(), gzip(&[0; 512])].concat();
    vec![
        ("a second archive", with(&whole()), "gzip-several-members"),
        ("a tar file in two members", halves, "gzip-several-members"),
        ("an empty member", with(&gzip(b"")), "gzip-several-members"),
        ("zeros behind the end", with(&[0; 512]), "gzip-trailing-data"),
        ("a byte behind the end", with(b"x"), "gzip-trailing-data"),
    ]
}

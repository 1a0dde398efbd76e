//! Archives that are too much of something.

use super::Case;
use crate::tar_bytes::{FILE, Tar};

pub(crate) fn cases() -> Vec<Case> {
    let zeros = Tar::new().entry(FILE, b"zeros", &vec![0; 64 * 1024 * 1024]).finish();
    let entries = (0..100_000).fold(Tar::new(), |tar, at| tar.directory(&format!("d{at}")));
    let repeated = (0..50_001).fold(Tar::new(), |tar, _| tar.directory("a/"));
    vec![
        ("64 MiB of zeros", zeros, "ratio-too-high"),
        ("100,000 entries", entries.finish(), "too-many-entries"),
        ("the same directory again and again", repeated.finish(), "too-many-entries"),
        ("paths that imply 60,000 directories", deep_paths(), "too-many-entries"),
        ("paths of 17 MiB", long_paths(), "too-many-names"),
        ("links through links through links", tangled_links(), "symlinks-too-tangled"),
    ]
}

fn deep_paths() -> Vec<u8> {
    let tar = (0..1000).fold(Tar::new(), |tar, at| {
        tar.records(&[("path", format!("{at}/{}", ["d"; 60].join("/")).as_bytes())]).directory("d")
    });
    tar.finish()
}

fn long_paths() -> Vec<u8> {
    let folder = ["p".repeat(250).as_str(); 15].join("/");
    let tar = (0..5000)
        .fold(Tar::new(), |tar, at| tar.records(&[("path", format!("{folder}/{at}").as_bytes())]).directory("d"));
    tar.finish()
}

/// Each of 2,000 links leads through 2,000 parts to the next.
fn tangled_links() -> Vec<u8> {
    let wide = "./".repeat(2000);
    let tar = (0..2000).fold(Tar::new(), |tar, at| {
        tar.records(&[("linkpath", format!("{wide}{}", at + 1).as_bytes())]).symlink(&at.to_string(), "x")
    });
    tar.finish()
}

//! Hostile archives are refused, each with its code, and write nothing outside.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use roost_archive::{ReadError, UnpackError, collect, inspect, unpack};
use roost_domain::artifact::{EntryPath, Limits};
use roost_domain::finding::Finding;

use crate::hostile;
use crate::tar_bytes::{FILE, Tar};

const SENTINEL: &str = "untouched";

/// All that is wrong with an archive, whether or not it could be read to its end.
fn findings(bytes: &[u8], limits: &Limits) -> Vec<Finding> {
    match inspect(bytes, limits) {
        Ok(inspection) => inspection.findings,
        Err(ReadError::Refused { findings }) => findings,
        Err(ReadError::Source(error)) => panic!("{error}"),
    }
}

#[test]
fn every_hostile_archive_is_refused_with_its_code() {
    let cases = hostile::all();
    assert!(cases.len() >= 60);
    for (name, bytes, code) in cases {
        let findings = findings(&bytes, &Limits::standard());
        let codes: BTreeSet<&str> = findings.iter().map(|finding| &*finding.code).collect();
        assert!(codes.contains(code), "{name}: {codes:?} instead of {code}");
        assert!(findings.iter().all(|finding| !finding.remedy.is_empty()), "{name}");
    }
}

#[test]
fn no_hostile_archive_writes_outside_its_folder() {
    for (name, bytes, code) in hostile::all() {
        let around = tempfile::tempdir().unwrap();
        let inside = around.path().join("inside");
        fs::create_dir(&inside).unwrap();
        fs::write(around.path().join("escaped"), SENTINEL).unwrap();
        let error = unpack(&bytes[..], &Limits::standard(), &[EntryPath::root()], &inside).unwrap_err();
        let UnpackError::Read(ReadError::Refused { findings }) = error else { panic!("{name}: {error}") };
        assert!(findings.iter().any(|finding| finding.code == code), "{name}: {findings:?}");
        assert_eq!(fs::read_to_string(around.path().join("escaped")).unwrap(), SENTINEL, "{name}");
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 2, "{name}");
        assert!(!Path::new("/tmp/roost-escaped").exists(), "{name}");
    }
}

#[test]
fn nothing_is_collected_from_a_hostile_archive() {
    let wanted = BTreeSet::from([EntryPath::parse("a").unwrap()]);
    for (name, bytes, _) in hostile::all() {
        let result = collect(&bytes[..], &Limits::standard(), &wanted);
        assert!(matches!(result, Err(ReadError::Refused { .. })), "{name}");
    }
}

#[test]
fn all_that_is_wrong_is_reported_together() {
    let tar = Tar::new().file("/a").file("../b").file("c\nd").symlink("e", "/f").entry(b'6', b"g", b"");
    let findings = findings(&tar.file("h").file("h").finish(), &Limits::standard());
    let codes: Vec<&str> = findings.iter().map(|finding| &*finding.code).collect();
    let expected = ["path-absolute", "path-upwards", "path-control-character", "symlink-absolute", "special-file"];
    assert_eq!(codes, [&expected[..], &["duplicate-entry"]].concat());
    assert_eq!(findings[2].file.as_deref(), Some("c\\nd"));
}

#[test]
fn a_thousand_findings_are_a_hundred_and_a_count() {
    let tar = (0..1000).fold(Tar::new(), |tar, at| tar.file(format!("/{at}")));
    let findings = findings(&tar.finish(), &Limits::standard());
    assert_eq!(findings.len(), 101);
    assert_eq!(findings[100].message, "And 900 more.");
}

#[test]
fn limits_are_on_what_is_read_not_on_what_headers_say() {
    let noise: Vec<u8> = (0..1_000_000_u32).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let bytes = Tar::new().entry(FILE, b"noise", &noise).finish();
    let code = |limits: Limits| findings(&bytes, &limits)[0].code.clone();
    assert_eq!(code(Limits { inflated_bytes: 1_000_000, ..Limits::standard() }), "inflates-too-far");
    assert_eq!(code(Limits { compressed_bytes: 100_000, ..Limits::standard() }), "archive-too-large");
    assert_eq!(findings(&bytes, &Limits::standard()), []);
}

#[test]
fn a_stream_of_empty_blocks_ends_at_the_limit() {
    // A stored block of deflate without content: five bytes in, nothing out.
    let header = b"\x1f\x8b\x08\0\0\0\0\0\0\x03";
    let bytes = [&header[..], &b"\x00\x00\x00\xff\xff".repeat(1_000_000)].concat();
    let limits = Limits { compressed_bytes: 1_000_000, ..Limits::standard() };
    assert_eq!(findings(&bytes, &limits)[0].code, "archive-too-large");
}

#[test]
fn a_source_that_breaks_is_no_fault_of_the_archive() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
    }
    let whole = Tar::new().file("a").finish();
    for arrived in [0, 5, 20, whole.len()] {
        let source = std::io::Read::chain(&whole[..arrived], Broken);
        let error = inspect(source, &Limits::standard()).unwrap_err();
        assert!(matches!(error, ReadError::Source(_)), "after {arrived} bytes: {error}");
    }
}

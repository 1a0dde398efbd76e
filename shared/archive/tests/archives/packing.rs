//! Any tree survives packing and unpacking, in whatever order and by whomever it is packed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use roost_archive::{Inspection, inspect, unpack};
use roost_domain::artifact::{Entry, EntryPath, Limits, Tree};
use sha2::{Digest, Sha256};

use crate::tar_bytes::gzip;

/// Files by path: content, and whether they can be executed.
type Files = BTreeMap<String, (Vec<u8>, bool)>;

/// Names of depth three that cannot clash: no file is named as a directory, and case does not matter.
fn files() -> impl Strategy<Value = Files> {
    let name = "(d[a-c]{1,2}/){0,3}f[a-zäé ~'&$()*,;=@+-]{0,120}";
    let content = prop::collection::vec(any::<u8>(), 0..2000);
    prop::collection::btree_map(name, (content, any::<bool>()), 0..20)
        .prop_map(|files| files.into_iter().filter(|(name, _)| !name.ends_with(' ')).collect())
}

/// An archive of the files in an order and with owners and times that follow from `seed`.
fn archive(files: &Files, seed: u64) -> Vec<u8> {
    let mut order: Vec<_> = files.iter().collect();
    order.sort_by_key(|(name, _)| Sha256::digest(format!("{seed}{name}")));
    let mut builder = tar::Builder::new(Vec::new());
    for (name, (content, executable)) in order {
        let mut header = if seed.is_multiple_of(2) { tar::Header::new_gnu() } else { tar::Header::new_ustar() };
        header.set_size(content.len() as u64);
        header.set_mode(if *executable { 0o4751 } else { 0o640 });
        header.set_uid(seed % 100_000);
        header.set_mtime(seed);
        // Headers of POSIX have no room for some of the names, and those of GNU are told them beforehand.
        if header.set_path(name).is_err() {
            header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(if *executable { 0o755 } else { 0o644 });
        }
        builder.append_data(&mut header, name, &content[..]).unwrap();
    }
    gzip(&builder.into_inner().unwrap())
}

/// What a tree says about its files.
fn files_of(tree: &Tree) -> BTreeMap<String, ([u8; 32], bool)> {
    let files = tree.iter().filter_map(|(path, entry)| match entry {
        Entry::File(file) => Some((path.to_string(), (file.sha256, file.executable))),
        _ => None,
    });
    files.collect()
}

fn expected(files: &Files) -> BTreeMap<String, ([u8; 32], bool)> {
    files
        .iter()
        .map(|(name, (content, executable))| (name.clone(), (Sha256::digest(content).into(), *executable)))
        .collect()
}

/// Packs a folder as GNU tar does.
fn packed_by_tar(folder: &Path) -> Vec<u8> {
    let output = Command::new("tar").args(["-cz", "-C"]).arg(folder).arg(".").output().unwrap();
    assert!(output.status.success());
    output.stdout
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_was_packed_is_what_is_read_and_written(files in files(), seed in any::<u32>()) {
        let bytes = archive(&files, u64::from(seed));
        let inspection = inspect(&bytes[..], &Limits::standard()).unwrap();
        prop_assert_eq!(&inspection.findings, &[]);
        prop_assert_eq!(files_of(&inspection.tree), expected(&files));

        let folder = tempfile::tempdir().unwrap();
        let tree = unpack(&bytes[..], &Limits::standard(), &[EntryPath::root()], folder.path()).unwrap();
        prop_assert_eq!(&tree, &inspection.tree);
        for (name, (content, _)) in &files {
            prop_assert_eq!(&fs::read(folder.path().join(name)).unwrap(), content);
        }
        let again = inspect(&packed_by_tar(folder.path())[..], &Limits::standard()).unwrap();
        prop_assert_eq!(&again.findings, &[]);
        prop_assert_eq!(again.tree, tree);
    }

    #[test]
    fn the_digest_does_not_depend_on_order_owner_time_or_form(files in files(), one in any::<u32>(), other in any::<u32>()) {
        let digest = |seed: u32| {
            let bytes = archive(&files, u64::from(seed));
            inspect(&bytes[..], &Limits::standard()).unwrap().tree.digest(&EntryPath::root())
        };
        prop_assert_eq!(digest(one), digest(other));
    }

    #[test]
    fn a_damaged_archive_is_refused_or_the_same(files in files(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let whole = archive(&files, 0);
        let mut bytes = whole.clone();
        *at.get_mut(&mut bytes) ^= flip;
        let tree = inspect(&whole[..], &Limits::standard()).unwrap().tree;
        let same = |inspection: Inspection| !inspection.findings.is_empty() || inspection.tree == tree;
        prop_assert!(inspect(&bytes[..], &Limits::standard()).map_or(true, same));
    }

    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
        prop_assert!(inspect(&bytes[..], &Limits::standard()).is_err());
        prop_assert!(inspect(&gzip(&bytes)[..], &Limits::standard()).is_err());
    }
}

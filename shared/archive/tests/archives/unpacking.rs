//! What is unpacked: the wanted parts, in their one form.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use roost_archive::{ReadError, UnpackError, collect, inspect, unpack};
use roost_domain::artifact::{EntryPath, Limits};

use crate::tar_bytes::{FILE, Tar};

fn path(text: &str) -> EntryPath {
    EntryPath::parse(text).unwrap()
}

fn application() -> Vec<u8> {
    let tar = Tar::new().file("web/src/index.html").symlink("web/latest", "src/index.html").symlink("web/up", "../api");
    let tar = tar.header(FILE, b"web/run.sh", 3, |block| block[100..108].copy_from_slice(b"0006755\0")).content(b"run");
    tar.file("web-2/other").file("api/main.rs").directory("web/empty/").file("config.toml").finish()
}

#[test]
fn only_what_lies_below_a_wanted_path_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let tree = unpack(&application()[..], &Limits::standard(), &[path("web"), path("config.toml")], folder.path());
    let names = |at: &str| {
        let entries = fs::read_dir(folder.path().join(at)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names(""), BTreeSet::from(["config.toml", "web"].map(String::from)));
    assert_eq!(names("web"), BTreeSet::from(["empty", "latest", "run.sh", "src", "up"].map(String::from)));
    assert_eq!(fs::read_to_string(folder.path().join("web/latest")).unwrap(), "content");
    assert_eq!(tree.unwrap(), inspect(&application()[..], &Limits::standard()).unwrap().tree);
}

#[test]
fn modes_and_times_are_the_same_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    unpack(&application()[..], &Limits::standard(), &[path("web")], folder.path()).unwrap();
    let modes = [("web", 0o755), ("web/src", 0o755), ("web/src/index.html", 0o644), ("web/run.sh", 0o755)];
    for (name, mode) in modes {
        let metadata = fs::symlink_metadata(folder.path().join(name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o7777, mode, "{name}");
        assert_eq!(metadata.mtime(), 0, "{name}");
    }
    assert_eq!(fs::symlink_metadata(folder.path().join("web/latest")).unwrap().mtime(), 0);
}

#[test]
fn a_folder_that_holds_something_is_not_unpacked_into() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/tmp", folder.path().join("web")).unwrap();
    let result = unpack(&application()[..], &Limits::standard(), &[EntryPath::root()], folder.path());
    assert!(matches!(result, Err(UnpackError::NotEmpty(_))));
}

#[test]
fn small_texts_are_kept_and_others_can_be_collected() {
    let large = vec![b' '; 1024 * 1024 + 1];
    let tar = Tar::new().entry(FILE, b"platform-config.yaml", b"routing: {}").entry(FILE, b"big.yaml", &large);
    let bytes = tar.entry(FILE, b"web/Build", b"FROM scratch").finish();
    let texts = inspect(&bytes[..], &Limits::standard()).unwrap().texts;
    assert_eq!(texts.into_iter().collect::<Vec<_>>(), [(path("platform-config.yaml"), b"routing: {}".to_vec())]);
    let wanted = |names: &[&str]| names.iter().map(|name| path(name)).collect::<BTreeSet<_>>();
    let found = collect(&bytes[..], &Limits::standard(), &wanted(&["web/Build", "missing"])).unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(path("web/Build"), b"FROM scratch".to_vec())]);
    let error = collect(&bytes[..], &Limits::standard(), &wanted(&["big.yaml"])).unwrap_err();
    let ReadError::Refused { findings } = error else { panic!("{error}") };
    assert_eq!(findings[0].code, "text-too-large");
}

//! A directory and what becomes of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};

use data_encoding::HEXLOWER;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tempfile::{TempDir, tempdir};

use super::*;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempdir().unwrap();
    for (path, content) in [(CONFIG_FILE, "repositories: []")].iter().chain(files) {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    directory
}

/// Paths with the content of files, or with where links lead.
fn packed(directory: &TempDir) -> BTreeMap<String, String> {
    let archive = pack(directory.path()).unwrap();
    let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(archive.path()).unwrap()));
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        let target = entry.link_name().unwrap().map(|target| format!("-> {}", target.display()));
        (entry.path().unwrap().display().to_string(), target.unwrap_or(content))
    });
    entries.collect()
}

fn names(directory: &TempDir) -> Vec<String> {
    packed(directory).into_keys().collect()
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let (one, other) = (directory(&[("b", "2"), ("a/c", "1")]), directory(&[("a/c", "1"), ("b", "2")]));
    let later = fs::File::options().write(true).open(other.path().join("b")).unwrap();
    later.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let (one, other) = (pack(one.path()).unwrap(), pack(other.path()).unwrap());
    assert_eq!((one.sha256.as_str(), one.files), (other.sha256.as_str(), 3));
    let bytes = fs::read(one.path()).unwrap();
    assert_eq!((one.size, one.sha256), (bytes.len() as u64, HEXLOWER.encode(&Sha256::digest(&bytes))));
}

#[test]
fn what_is_ignored_stays_at_home() {
    let directory = directory(&[
        (".gitignore", "node_modules/\n*.log\n"),
        (".roostignore", "/drafts\n"),
        ("node_modules/left/index.js", ""),
        ("web/debug.log", ""),
        ("drafts/idea", ""),
        ("web/.env.example", "kept"),
        ("web/.gitignore", "local\n"),
        ("web/local", ""),
        (".git/config", "secret"),
        (".roost", "shop"),
    ]);
    let expected = [".gitignore", ".roostignore", CONFIG_FILE, "web/.env.example", "web/.gitignore"];
    assert_eq!(names(&directory), expected);
}

#[test]
fn a_repositorys_ignore_file_counts_for_its_parts_only() {
    let outer = tempdir().unwrap();
    fs::write(outer.path().join(".gitignore"), "*.tmp\n").unwrap();
    let app = outer.path().join("app");
    fs::create_dir(&app).unwrap();
    fs::write(app.join(CONFIG_FILE), "").unwrap();
    fs::write(app.join("a.tmp"), "").unwrap();
    assert_eq!(pack(&app).unwrap().files, 2);
    fs::create_dir(outer.path().join(".git")).unwrap();
    assert_eq!(pack(&app).unwrap().files, 1);
}

#[test]
fn links_stay_links_and_lead_nowhere_else() {
    let directory = directory(&[("data/real", "content")]);
    symlink("data/real", directory.path().join("link")).unwrap();
    symlink("data", directory.path().join("folder")).unwrap();
    let packed = packed(&directory);
    assert_eq!((packed["link"].as_str(), packed["folder"].as_str()), ("-> data/real", "-> data"));
    assert!(!packed.contains_key("folder/real"), "{packed:?}");
    for target in ["/etc/passwd", "../outside"] {
        let escape = directory.path().join("escape");
        symlink(target, &escape).unwrap();
        assert!(matches!(pack(directory.path()), Err(PackError::LeadsOut { .. })), "{target}");
        fs::remove_file(escape).unwrap();
    }
}

#[test]
fn programs_stay_programs() {
    let directory = directory(&[("run", "#!/bin/sh"), ("text", "")]);
    fs::set_permissions(directory.path().join("run"), fs::Permissions::from_mode(0o711)).unwrap();
    let archive = pack(directory.path()).unwrap();
    let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(archive.path()).unwrap()));
    let modes: Vec<_> = archive.entries().unwrap().map(|entry| entry.unwrap().header().mode().unwrap()).collect();
    assert_eq!(modes, [0o644, 0o755, 0o644]);
}

#[test]
fn long_names_are_kept() {
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(120));
    assert!(names(&directory(&[(long.as_str(), "")])).contains(&long));
}

#[test]
fn a_directory_without_a_config_is_refused_with_a_remedy() {
    let empty = tempdir().unwrap();
    let error = pack(empty.path()).unwrap_err();
    assert!(matches!(error, PackError::NoConfig(_)) && error.remedy().contains("roost deploy"));
    let ignored = directory(&[(".gitignore", "*.yaml\n")]);
    assert!(matches!(pack(ignored.path()), Err(PackError::ConfigIgnored)));
    assert!(matches!(pack(&empty.path().join("missing")), Err(PackError::NoDirectory(_))));
}

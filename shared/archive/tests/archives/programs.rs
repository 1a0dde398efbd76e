//! Archives of common programs are read, and are the same whoever packed them.

use std::fs;
use std::path::Path;
use std::process::Command;

use roost_archive::{Inspection, inspect};
use roost_domain::artifact::{EntryPath, Limits, TreeDigest};

use crate::tar_bytes::{FILE, Tar};

/// An application with what is hard to pack: names that are long, deep or not ASCII, links, and nothing.
fn application() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("web/{}/{}", "d".repeat(120), "f".repeat(200));
    let files = ["platform-config.yaml", "web/Dockerfile", "web/empty", "web/größe/数据.txt", "web/run.sh", &long];
    for name in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, if name == "web/empty" { "" } else { name }).unwrap();
    }
    fs::write(folder.path().join("web/large"), "0123456789abcdef".repeat(40_000)).unwrap();
    std::os::unix::fs::symlink("../platform-config.yaml", folder.path().join("web/config")).unwrap();
    std::os::unix::fs::symlink(Path::new(&"d".repeat(120)).join("f".repeat(200)), folder.path().join("web/long"))
        .unwrap();
    run(Command::new("chmod").arg("755").arg(folder.path().join("web/run.sh")));
    folder
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Whether a program is there that not every machine has.
fn has(program: &str) -> bool {
    Command::new(program).arg("--help").output().is_ok_and(|output| output.status.success())
}

fn inspected(archive: &Path) -> Inspection {
    let inspection = inspect(fs::File::open(archive).unwrap(), &Limits::standard()).unwrap();
    assert_eq!(inspection.findings, [], "{}", archive.display());
    inspection
}

/// Packs the application by the last arguments, after those that name archive and folder, and gives its digest.
fn packed(program: &str, arguments: &[&str], members: &[&str]) -> TreeDigest {
    let (folder, out) = (application(), tempfile::tempdir().unwrap());
    let archive = out.path().join("app.tar.gz");
    let mut command = Command::new(program);
    run(command.args(arguments).arg("-czf").arg(&archive).arg("-C").arg(folder.path()).args(members));
    inspected(&archive).tree.digest(&EntryPath::root()).unwrap()
}

#[test]
fn every_form_of_gnu_tar_gives_one_tree() {
    let expected = packed("tar", &[], &["."]);
    for arguments in [
        &["--format=gnu"][..],
        &["--format=posix"],
        &["--format=posix", "--xattrs", "--acls", "--pax-option=globexthdr.mtime=0"],
        &["--sort=name", "--mtime=@0", "--owner=nobody:99999999", "--numeric-owner"],
        &["--format=oldgnu", "--blocking-factor=1"],
    ] {
        assert_eq!(packed("tar", arguments, &["."]), expected, "{arguments:?}");
        assert_eq!(packed("tar", arguments, &["platform-config.yaml", "web"]), expected, "{arguments:?}");
        assert_eq!(packed("tar", arguments, &["./web", "./platform-config.yaml"]), expected, "{arguments:?}");
    }
}

#[test]
fn libarchive_and_busybox_give_the_same_tree() {
    let expected = packed("tar", &[], &["."]);
    for arguments in [&["--format=pax"][..], &["--format=gnutar"], &["--xattrs", "--fflags"]] {
        if has("bsdtar") {
            assert_eq!(packed("bsdtar", arguments, &["."]), expected, "{arguments:?}");
        }
    }
    if has("busybox") {
        assert_eq!(packed("busybox", &["tar"], &["."]), expected);
    }
}

#[test]
fn python_gives_the_same_tree() {
    let expected = packed("tar", &[], &["."]);
    let script = "import sys, tarfile\n\
                  with tarfile.open(sys.argv[1], 'w:gz', format=getattr(tarfile, sys.argv[3] + '_FORMAT')) as archive:\n \
                      archive.add(sys.argv[2], arcname=sys.argv[4])";
    for (format, name) in [("PAX", "."), ("GNU", "."), ("PAX", "")] {
        let (folder, out) = (application(), tempfile::tempdir().unwrap());
        let archive = out.path().join("app.tar.gz");
        run(Command::new("python3").args(["-c", script]).arg(&archive).arg(folder.path()).args([format, name]));
        assert_eq!(inspected(&archive).tree.digest(&EntryPath::root()).unwrap(), expected, "{format} {name:?}");
    }
}

#[test]
fn git_gives_the_same_tree() {
    let (folder, out) = (application(), tempfile::tempdir().unwrap());
    let archive = out.path().join("app.tar.gz");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
        run(Command::new("git").arg("-C").arg(folder.path()).args(identity).args(arguments));
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "All"]);
    git(&["archive", "--format=tar.gz", "--output", archive.to_str().unwrap(), "HEAD"]);
    assert_eq!(inspected(&archive).tree.digest(&EntryPath::root()).unwrap(), packed("tar", &[], &["."]));
}

#[test]
fn times_that_node_writes_behind_a_prefix_are_no_part_of_it() {
    let with_times = |block: &mut [u8; 512]| {
        block[345..348].copy_from_slice(b"web");
        block[476..500].copy_from_slice(b"15300337667\x0015300337666\0");
    };
    let bytes = Tar::new().header(FILE, b"Dockerfile", 0, with_times).finish();
    let inspection = inspect(&bytes[..], &Limits::standard()).unwrap();
    assert_eq!(inspection.findings, []);
    assert!(inspection.tree.file(&EntryPath::parse("web/Dockerfile").unwrap()).is_some());
}

#[test]
fn what_is_packed_twice_by_tar_itself_is_refused() {
    let (folder, out) = (application(), tempfile::tempdir().unwrap());
    let archive = out.path().join("app.tar.gz");
    run(Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(folder.path()).args([".", "./web/Dockerfile"]));
    let findings = inspect(fs::File::open(&archive).unwrap(), &Limits::standard()).unwrap().findings;
    assert_eq!(findings[0].code, "hard-link", "GNU tar packs a file's second time as a link to its first");
    assert_eq!(findings[0].file.as_deref(), Some("web/Dockerfile"));
}

#[test]
fn sparse_files_of_tar_itself_are_refused() {
    for format in ["--format=gnu", "--format=posix"] {
        let (folder, out) = (application(), tempfile::tempdir().unwrap());
        let archive = out.path().join("app.tar.gz");
        fs::File::create(folder.path().join("holes")).unwrap().set_len(1 << 20).unwrap();
        run(Command::new("tar").args([format, "--sparse", "-czf"]).arg(&archive).arg("-C").arg(folder.path()).arg("."));
        let error = inspect(fs::File::open(&archive).unwrap(), &Limits::standard()).unwrap_err();
        assert!(error.to_string().contains("[sparse-file]"), "{format}: {error}");
    }
}

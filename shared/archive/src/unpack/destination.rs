//! A folder in which files are made, and never anything outside of it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use roost_domain::artifact::{EntryPath, LinkTarget};
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, ResolveFlags, Timespec, Timestamps, fchmod, futimens, mkdirat, openat, openat2,
    symlinkat, utimensat,
};

use crate::error::UnpackError;

/// The kernel refuses paths that leave the folder or pass a link, whatever was checked before:
/// <https://man7.org/linux/man-pages/man2/openat2.2.html>.
const INSIDE: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS);
const FILE: Mode = Mode::from_raw_mode(0o644);
/// Of executable files, and of directories.
const EXECUTABLE: Mode = Mode::from_raw_mode(0o755);
const UNTIL_COMPLETE: Mode = Mode::from_raw_mode(0o600);
const EPOCH: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
/// Everything is as old: a builder that compares times sees no change where there is none.
const TIMES: Timestamps = Timestamps { last_access: EPOCH, last_modification: EPOCH };

pub(super) struct Destination {
    folder: OwnedFd,
    directories: BTreeSet<EntryPath>,
}

/// A file that is being written.
pub(super) struct NewFile {
    file: fs::File,
    path: EntryPath,
    mode: Mode,
}

impl Destination {
    /// Takes an empty folder.
    pub(super) fn open(folder: &Path) -> Result<Self, UnpackError> {
        let unable = |source| UnpackError::Write { path: folder.display().to_string(), source };
        if fs::read_dir(folder).map_err(unable)?.next().is_some() {
            return Err(UnpackError::NotEmpty(folder.to_owned()));
        }
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(CWD, folder, flags, Mode::empty()).map_err(|error| unable(error.into()))?;
        Ok(Self { folder, directories: BTreeSet::new() })
    }

    /// Makes a file, and the directories that lead to it.
    pub(super) fn create_file(&mut self, path: &EntryPath, executable: bool) -> Result<NewFile, UnpackError> {
        self.make_parents(path)?;
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
        let file = openat2(&self.folder, path.as_str(), flags, UNTIL_COMPLETE, INSIDE).map_err(unable_at(path))?;
        let mode = if executable { EXECUTABLE } else { FILE };
        Ok(NewFile { file: file.into(), path: path.clone(), mode })
    }

    /// Makes a directory and those that lead to it, unless it was made already.
    pub(super) fn make_directory(&mut self, path: &EntryPath) -> Result<(), UnpackError> {
        if path.is_root() || self.directories.contains(path) {
            return Ok(());
        }
        self.make_parents(path)?;
        let parent = self.open_parent(path)?;
        mkdirat(parent, path.file_name(), EXECUTABLE).map_err(unable_at(path))?;
        self.directories.insert(path.clone());
        Ok(())
    }

    /// Makes a link, and the directories that lead to it.
    pub(super) fn make_link(&mut self, path: &EntryPath, target: &LinkTarget) -> Result<(), UnpackError> {
        self.make_parents(path)?;
        let parent = self.open_parent(path)?;
        symlinkat(target.as_str(), &parent, path.file_name()).map_err(unable_at(path))?;
        utimensat(&parent, path.file_name(), &TIMES, AtFlags::SYMLINK_NOFOLLOW).map_err(unable_at(path))
    }

    /// Sets the directories' times, deepest first, because every new entry changes its directory's.
    pub(super) fn finish(self) -> Result<(), UnpackError> {
        for path in self.directories.iter().rev() {
            settle(self.open_directory(path)?, EXECUTABLE).map_err(unable_at(path))?;
        }
        Ok(())
    }

    fn make_parents(&mut self, path: &EntryPath) -> Result<(), UnpackError> {
        path.parent().map_or(Ok(()), |parent| self.make_directory(&parent))
    }

    fn open_parent(&self, path: &EntryPath) -> Result<OwnedFd, UnpackError> {
        self.open_directory(&path.parent().unwrap_or_else(EntryPath::root))
    }

    fn open_directory(&self, path: &EntryPath) -> Result<OwnedFd, UnpackError> {
        let name = if path.is_root() { "." } else { path.as_str() };
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat2(&self.folder, name, flags, Mode::empty(), INSIDE).map_err(unable_at(path))
    }
}

impl NewFile {
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), UnpackError> {
        self.file.write_all(bytes).map_err(|source| UnpackError::Write { path: self.path.to_string(), source })
    }

    pub(super) fn finish(self) -> Result<(), UnpackError> {
        settle(&self.file, self.mode).map_err(unable_at(&self.path))
    }
}

/// By hand, for the process's umask shall not matter.
fn settle(entry: impl AsFd, mode: Mode) -> rustix::io::Result<()> {
    fchmod(&entry, mode)?;
    futimens(&entry, &TIMES)
}

fn unable_at(path: &EntryPath) -> impl Fn(rustix::io::Errno) -> UnpackError + '_ {
    move |error| UnpackError::Write { path: path.to_string(), source: io::Error::from(error) }
}

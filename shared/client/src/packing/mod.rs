//! Packs a directory for upload: the same content always gives the same bytes, and nothing from elsewhere is among them.

mod files;
mod sink;

use std::fs::File;
use std::io::{self, BufWriter};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use roost_domain::artifact::Limits;
use tar::{Builder, EntryType, Header};
use tempfile::NamedTempFile;

use files::{Kind, Packed};
use sink::Sink;

/// Where a directory says to which project it belongs; it stays out of the archive.
pub const HINT_FILE: &str = ".roost";
const CONFIG_FILE: &str = "platform-config.yaml";

/// Why a directory cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There is no such directory.
    #[error("{0} is not a directory")]
    NoDirectory(PathBuf),
    /// Nothing says what is in it.
    #[error("there is no platform-config.yaml in {0}")]
    NoConfig(PathBuf),
    /// It is there, and left out.
    #[error("platform-config.yaml is left out by an ignore file")]
    ConfigIgnored,
    /// The directory cannot be walked.
    #[error("the directory cannot be read: {0}")]
    Walk(ignore::Error),
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A link leads out of the directory.
    #[error("the link {link} leads out of the directory, to {target}")]
    LeadsOut {
        /// The link.
        link: PathBuf,
        /// Where it says it leads.
        target: PathBuf,
    },
    /// It is a socket, a device or the like.
    #[error("{0} is neither a file nor a directory nor a link")]
    Special(PathBuf),
    /// The archive cannot be written.
    #[error("the archive cannot be written")]
    Write(#[from] io::Error),
    /// The archive is larger than is taken.
    #[error("the archive has {size} bytes; at most {most} are taken")]
    TooLarge {
        /// How large it is.
        size: u64,
        /// How large it may be.
        most: u64,
    },
}

impl PackError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoDirectory(_) => "Name the directory of the app: `roost deploy path/to/app`.",
            Self::NoConfig(_) => {
                "Write one that names what is to be built, what runs and how it is reached, or name the directory that \
                 has it: `roost deploy path/to/app`."
            }
            Self::ConfigIgnored => {
                "Take it out of `.gitignore` and `.roostignore`, or add the line `!/platform-config.yaml`."
            }
            Self::Walk(_) | Self::Read { .. } => "Make it readable, or name it in `.roostignore`.",
            Self::LeadsOut { .. } => {
                "Make the link relative and within the directory, put the file in its place, or name it in `.roostignore`."
            }
            Self::Special(_) => "Name it in `.roostignore`.",
            Self::Write(_) => "Make room in the directory for temporary files, or set TMPDIR.",
            Self::TooLarge { .. } => "Name in `.roostignore` what is not needed to build and run the app.",
        }
    }
}

/// A packed directory. Its file goes with it.
#[derive(Debug)]
pub struct Archive {
    file: NamedTempFile,
    /// In bytes.
    pub size: u64,
    /// Of the archive, in hexadecimal.
    pub sha256: String,
    /// How many files and links it has.
    pub files: usize,
}

impl Archive {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

/// Packs a directory, without what `.gitignore` and `.roostignore` leave out.
pub fn pack(directory: &Path) -> Result<Archive, PackError> {
    if !directory.is_dir() {
        return Err(PackError::NoDirectory(directory.to_owned()));
    }
    if !directory.join(CONFIG_FILE).is_file() {
        return Err(PackError::NoConfig(directory.to_owned()));
    }
    let files = files::of(directory)?;
    if !files.iter().any(|file| file.path == Path::new(CONFIG_FILE)) {
        return Err(PackError::ConfigIgnored);
    }
    let file = NamedTempFile::new()?;
    let (size, sha256) = write(directory, &files, file.reopen()?)?;
    let most = Limits::standard().compressed_bytes;
    if size > most {
        return Err(PackError::TooLarge { size, most });
    }
    Ok(Archive { file, size, sha256, files: files.len() })
}

fn write(directory: &Path, files: &[Packed], file: File) -> Result<(u64, String), PackError> {
    let encoder = GzEncoder::new(Sink::new(BufWriter::new(file)), Compression::default());
    let mut archive = Builder::new(encoder);
    for packed in files {
        add(&mut archive, directory, packed)?;
    }
    Ok(archive.into_inner()?.finish()?.finish()?)
}

/// Times and owners are left out: they differ where nothing else does.
fn add<W: io::Write>(archive: &mut Builder<W>, directory: &Path, packed: &Packed) -> Result<(), PackError> {
    let mut header = Header::new_gnu();
    match &packed.kind {
        Kind::File => {
            let (mode, content) = read(directory, &packed.path)?;
            header.set_size(content.len() as u64);
            header.set_mode(mode);
            archive.append_data(&mut header, &packed.path, content.as_slice())?;
        }
        Kind::Link(target) => {
            header.set_entry_type(EntryType::Symlink);
            header.set_size(0);
            header.set_mode(0o777);
            archive.append_link(&mut header, &packed.path, target)?;
        }
    }
    Ok(())
}

/// Whole, because a file that grows meanwhile would break the archive.
fn read(directory: &Path, path: &Path) -> Result<(u32, Vec<u8>), PackError> {
    let whole = directory.join(path);
    let read = || Ok((std::fs::metadata(&whole)?.permissions().mode(), std::fs::read(&whole)?));
    let (mode, content) = read().map_err(|source| PackError::Read { path: path.to_owned(), source })?;
    Ok((if mode & 0o111 == 0 { 0o644 } else { 0o755 }, content))
}

#[cfg(test)]
mod tests;

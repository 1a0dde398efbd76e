//! Applications to upload: those of `fixtures/`, as they are or with something changed.

pub mod faulty;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

/// The files of an application.
#[derive(Debug, Clone)]
pub struct Application {
    files: BTreeMap<String, Vec<u8>>,
}

impl Application {
    /// The fixture of that name.
    pub fn fixture(name: &str) -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
        let mut files = BTreeMap::new();
        for file in files_below(&folder).with_context(|| format!("the fixture {name}"))? {
            let path = file.strip_prefix(&folder)?.to_str().context("a file's name is not UTF-8")?;
            files.insert(path.to_owned(), fs::read(&file)?);
        }
        Ok(Self { files })
    }

    /// The application with a file added, or replaced.
    #[must_use]
    pub fn with_file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), content.into());
        self
    }

    /// The application without a file that it has.
    pub fn without(mut self, path: &str) -> Result<Self> {
        self.files.remove(path).with_context(|| format!("there is no file {path}"))?;
        Ok(self)
    }

    /// The application with one text of a file replaced wherever it stands there.
    pub fn with_text(self, path: &str, old: &str, new: &str) -> Result<Self> {
        let content = self.files.get(path).with_context(|| format!("there is no file {path}"))?;
        let content = std::str::from_utf8(content)?;
        ensure!(content.contains(old), "{path} does not contain {old:?}");
        let content = content.replace(old, new);
        Ok(self.with_file(path, content))
    }

    /// The archive to upload; the same application always gives the same bytes.
    pub fn archive(&self) -> Result<Vec<u8>> {
        let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, content) in &self.files {
            let mut header = Header::new_gnu();
            header.set_size(content.len().try_into()?);
            header.set_mode(0o644);
            archive.append_data(&mut header, path, content.as_slice())?;
        }
        Ok(archive.into_inner()?.finish()?)
    }
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { files.extend(files_below(&entry.path())?) } else { files.push(entry.path()) }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use tar::Archive;

    use super::Application;

    fn paths(archive: &[u8]) -> Vec<String> {
        let mut archive = Archive::new(GzDecoder::new(archive));
        let entries = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string());
        entries.collect()
    }

    #[test]
    fn an_archive_holds_exactly_the_applications_files() {
        let hello = Application::fixture("hello").unwrap();
        let changed = hello.without("api/Dockerfile").unwrap().with_file("api/notes/new.txt", "new");
        let paths = paths(&changed.archive().unwrap());
        assert!(paths.contains(&"platform-config.yaml".to_owned()), "{paths:?}");
        assert!(paths.contains(&"api/notes/new.txt".to_owned()), "{paths:?}");
        assert!(!paths.contains(&"api/Dockerfile".to_owned()), "{paths:?}");
    }

    #[test]
    fn a_changed_line_is_the_only_change() {
        let hello = Application::fixture("hello").unwrap();
        let changed = hello.clone().with_text("api/server.py", "\"Hello\"", "\"Good day\"").unwrap();
        assert_eq!(hello.archive().unwrap(), hello.archive().unwrap());
        assert_ne!(hello.archive().unwrap(), changed.archive().unwrap());
        let different = hello.files.iter().filter(|(path, content)| changed.files[*path] != **content);
        assert_eq!(different.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["api/server.py"]);
    }

    #[test]
    fn a_text_that_is_not_there_is_an_error() {
        let hello = Application::fixture("hello").unwrap();
        assert!(hello.clone().with_text("api/server.py", "no such line", "").is_err());
        assert!(hello.without("no/such/file").is_err());
    }

    #[test]
    fn an_archive_is_compressed_by_gzip() {
        let mut text = Vec::new();
        let archive = Application::fixture("shop").unwrap().archive().unwrap();
        GzDecoder::new(archive.as_slice()).read_to_end(&mut text).unwrap();
        assert_eq!(text.len() % 512, 0);
    }
}

//! Archives as people upload them.

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

use super::Files;

pub(super) fn pack(files: &Files) -> Result<Vec<u8>> {
    let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in files {
        let mut header = Header::new_ustar();
        header.set_size(content.len().try_into()?);
        header.set_mode(if path.ends_with("busybox") { 0o755 } else { 0o644 });
        archive.append_data(&mut header, path, &content[..])?;
    }
    Ok(archive.into_inner()?.finish()?)
}

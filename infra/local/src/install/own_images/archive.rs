//! An OCI archive with one layer: an image needs no builder when all its files are there.
//! See <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md>.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tar::{Builder, Header};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIGURATION: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// `files` are places in the image, without a leading slash, and what is put there.
pub(super) fn write(
    archive: &Path,
    reference: &str,
    files: &[(String, PathBuf)],
    entry_point: &str,
) -> anyhow::Result<()> {
    let mut archive = Builder::new(File::create(archive)?);
    let layer = layer(files)?;
    let configuration = serde_json::to_vec(&configuration(&digest(&layer), entry_point))?;
    let layers = [descriptor(LAYER, &layer)];
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": descriptor(CONFIGURATION, &configuration),
        "layers": layers,
    });
    let manifest = serde_json::to_vec(&manifest)?;
    let mut entry = descriptor(MANIFEST, &manifest);
    // By this containerd names what it takes in.
    entry["annotations"] = json!({"io.containerd.image.name": reference});
    let index = serde_json::to_vec(&json!({"schemaVersion": 2, "manifests": [entry]}))?;
    append(&mut archive, "oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#, 0o644)?;
    append(&mut archive, "index.json", &index, 0o644)?;
    for blob in [&layer, &configuration, &manifest] {
        append(&mut archive, &format!("blobs/sha256/{}", hash(blob)), blob, 0o644)?;
    }
    Ok(archive.into_inner()?.flush()?)
}

fn layer(files: &[(String, PathBuf)]) -> anyhow::Result<Vec<u8>> {
    let mut layer = Builder::new(Vec::new());
    for (place, file) in files {
        let content = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        append(&mut layer, place, &content, 0o755)?;
    }
    Ok(layer.into_inner()?)
}

fn append(archive: &mut Builder<impl Write>, place: &str, content: &[u8], mode: u32) -> anyhow::Result<()> {
    let mut header = Header::new_ustar();
    header.set_size(content.len().try_into()?);
    header.set_mode(mode);
    Ok(archive.append_data(&mut header, place, content)?)
}

fn configuration(layer_digest: &str, entry_point: &str) -> Value {
    json!({
        "architecture": if std::env::consts::ARCH == "aarch64" { "arm64" } else { "amd64" },
        "os": "linux",
        "config": {"Entrypoint": [entry_point], "Env": ["PATH=/usr/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [layer_digest]},
    })
}

fn descriptor(media_type: &str, content: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": digest(content), "size": content.len()})
}

fn digest(content: &[u8]) -> String {
    format!("sha256:{}", hash(content))
}

fn hash(content: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(content))
}

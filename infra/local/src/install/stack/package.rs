//! Does what `aws cloudformation package` does: uploads the functions' code and names its place in the template.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::Context;
use aws_config::SdkConfig;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{REGION, binary};
use crate::instance::Instance;

const BUCKET: &str = "roost-deployments";
const CODE: &str = "CodeUri:";

/// Returns the template with the code's places in it.
pub(super) async fn package(instance: &Instance, template: &str, aws: &SdkConfig) -> anyhow::Result<String> {
    let s3 = aws_sdk_s3::Client::from_conf(Builder::from(aws).force_path_style(true).build());
    create_bucket(&s3).await?;
    let mut packaged = template.to_owned();
    for folder in code_folders(template) {
        let archive = archive(&binary(instance, &function_of(folder))?)?;
        let key = format!("{}.zip", data_encoding::HEXLOWER.encode(&Sha256::digest(&archive)));
        let upload = s3.put_object().bucket(BUCKET).key(&key).body(ByteStream::from(archive));
        upload.send().await.map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))?;
        packaged = packaged.replace(&format!("{CODE} {folder}"), &format!("{CODE} s3://{BUCKET}/{key}"));
    }
    Ok(packaged)
}

pub(super) fn functions(template: &str) -> Vec<String> {
    code_folders(template).map(function_of).collect()
}

async fn create_bucket(s3: &aws_sdk_s3::Client) -> anyhow::Result<()> {
    let place = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(REGION));
    let created = s3.create_bucket().bucket(BUCKET).create_bucket_configuration(place.build()).send().await;
    match created.map_err(aws_sdk_s3::error::SdkError::into_service_error) {
        Err(error) if !error.is_bucket_already_owned_by_you() => {
            Err(anyhow::anyhow!("the bucket for code: {}", DisplayErrorContext(error)))
        }
        _ => Ok(()),
    }
}

fn code_folders(template: &str) -> impl Iterator<Item = &str> {
    template.lines().filter_map(|line| Some(line.trim().strip_prefix(CODE)?.trim()))
}

/// `cargo lambda build` names the folder after the function.
fn function_of(folder: &str) -> String {
    folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// A zip archive with the file `bootstrap`, which is what the runtime starts.
fn archive(binary: &Path) -> anyhow::Result<Vec<u8>> {
    let code = fs::read(binary).with_context(|| format!("{} cannot be read", binary.display()))?;
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Stored: here it travels over loopback, where compressing it would take longer than it saves.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o755);
    archive.start_file("bootstrap", options)?;
    archive.write_all(&code)?;
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn functions_are_found_by_the_folder_of_their_code() {
        let template =
            "  A:\n    CodeUri: ../target/lambda/provision-tenant/\n  B:\n    CodeUri: x/rotate\n  CodeUriX: y\n";
        assert_eq!(functions(template), ["provision-tenant", "rotate"]);
    }
}

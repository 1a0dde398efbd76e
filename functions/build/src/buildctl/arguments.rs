//! How buildctl is called.

use std::ffi::OsString;
use std::path::Path;

use roost_domain::artifact::EntryPath;
use roost_domain::build::{BuildOrder, OrderedComponent};

use crate::settings::Settings;

/// To speak to the daemon.
pub(crate) fn connection(settings: &Settings) -> Vec<OsString> {
    let mut arguments = vec!["--addr".into(), settings.builder_address.clone()];
    if let Some(certificates) = &settings.builder_certificates {
        arguments.extend(["--tlsdir".into(), certificates.clone().into()]);
    }
    arguments
}

/// To build one component and push it.
pub(crate) fn build(order: &BuildOrder, component: &OrderedComponent, settings: &Settings) -> Vec<OsString> {
    let mut arguments = connection(settings);
    arguments.extend(["build", "--progress=rawjson", "--frontend=dockerfile.v0"].map(OsString::from));
    for option in options(order, component) {
        arguments.extend(["--opt".into(), option.into()]);
    }
    let folder = |path: &EntryPath| settings.source().join(path.as_str());
    let beside_dockerfile = component.dockerfile.parent().unwrap_or_else(EntryPath::root);
    arguments.extend(local("context", &folder(&component.context)));
    arguments.extend(local("dockerfile", &folder(&beside_dockerfile)));
    arguments.extend(images(order, component).map(OsString::from));
    arguments.extend(["--metadata-file".into(), settings.metadata_file(&component.name).into()]);
    arguments
}

fn options(order: &BuildOrder, component: &OrderedComponent) -> Vec<String> {
    vec![
        // With it a Dockerfile's `# syntax=` is not looked at: that would run a stranger's image as a part of the
        // builder, which sees these options and pushes with this build's rights.
        "cmdline=dockerfile.v0".to_owned(),
        format!("filename={}", component.dockerfile.file_name()),
        format!("platform={}", order.platform),
        format!("memory={}", order.step_memory_bytes),
        format!("build-arg:SOURCE_DATE_EPOCH={}", order.files_dated.as_second()),
        format!("build-arg:BUILDKIT_CACHE_MOUNT_NS={}", order.cache_namespace),
        format!("attest:provenance=mode=min,version=v1,builder-id={}", order.builder_id),
    ]
}

fn local(name: &str, folder: &Path) -> [OsString; 2] {
    let mut value = OsString::from(format!("{name}="));
    value.push(folder);
    ["--local".into(), value]
}

fn images(order: &BuildOrder, component: &OrderedComponent) -> [String; 3] {
    let (image, cache) = (order.image(&component.name), order.cache(&component.name));
    [
        format!("--import-cache=type=registry,ref={cache}"),
        format!(
            "--export-cache=type=registry,ref={cache},mode=min,image-manifest=true,oci-mediatypes=true,compression=zstd,\
             ignore-error=true"
        ),
        format!("--output=type=image,name={image},push=true,oci-mediatypes=true,rewrite-timestamp=true"),
    ]
}

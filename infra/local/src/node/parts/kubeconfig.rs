//! The files by which a component, or the administrator, connects to the API server.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;

use crate::instance::{API_SERVER, Instance};
use crate::template::fill;

const TEMPLATE: &str = include_str!("../../../config/kubeconfig.yaml");

/// For a part of the node, whose certificate has its name.
pub(in crate::node) fn for_part(instance: &Instance, name: &str) -> anyhow::Result<PathBuf> {
    let path = instance.state.join(format!("{name}.kubeconfig"));
    write(instance, name, &format!("https://127.0.0.1:{}", API_SERVER.port), &path)?;
    Ok(path)
}

/// For people and programs on the host.
pub(crate) fn for_administrator(instance: &Instance) -> anyhow::Result<()> {
    let server = format!("https://127.0.0.1:{}", instance.local_port(API_SERVER));
    write(instance, "admin", &server, &instance.admin_kubeconfig())
}

fn write(instance: &Instance, name: &str, server: &str, path: &Path) -> anyhow::Result<()> {
    let encoded = |file: String| anyhow::Ok(BASE64.encode(&fs::read(instance.certificates().join(file))?));
    let content = fill(
        TEMPLATE,
        &[
            ("server", server),
            ("user", name),
            ("authority", &encoded("ca.crt".to_owned())?),
            ("certificate", &encoded(format!("{name}.crt"))?),
            ("key", &encoded(format!("{name}.key"))?),
        ],
    )?;
    let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    Ok(file.write_all(content.as_bytes())?)
}

//! The platform's certificate authority and the certificates it issues.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::Context;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

use crate::instance::Instance;

/// Where Kubernetes' own Service is, the first address of the Services' range.
const KUBERNETES_SERVICE: &str = "10.96.0.1";
pub(crate) const BASE_DOMAIN: &str = "roost.localhost";

/// Subject, groups and addresses of one certificate.
struct Request {
    file: &'static str,
    user: String,
    group: Option<&'static str>,
    addresses: Vec<String>,
}

/// Issues all certificates anew, from an authority that stays the same.
pub(crate) fn issue(instance: &Instance) -> anyhow::Result<()> {
    let (certificate, key) = authority(&instance.authority_folder())?;
    let folder = instance.certificates();
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("ca.crt"), &certificate)?;
    let issuer = Issuer::from_ca_cert_pem(&certificate, KeyPair::from_pem(&key)?)?;
    for request in requests(instance) {
        issue_one(&folder, &request, &issuer).with_context(|| format!("the certificate of {}", request.file))?;
    }
    // Signs the tokens of service accounts.
    let key = KeyPair::generate()?;
    fs::write(folder.join("service-accounts.pub"), key.public_key_pem())?;
    write_secret(&folder.join("service-accounts.key"), &key.serialize_pem())
}

fn requests(instance: &Instance) -> Vec<Request> {
    let node_address = instance.node_address().to_string();
    let loopback = || vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let mut api_server = loopback();
    api_server.extend([node_address.clone(), KUBERNETES_SERVICE.to_owned()]);
    api_server.extend(["kubernetes", "kubernetes.default", "kubernetes.default.svc"].map(str::to_owned));
    let client = |file, user: &str, group| Request { file, user: user.to_owned(), group, addresses: Vec::new() };
    let server = |file, user: &str, addresses| Request { file, user: user.to_owned(), group: None, addresses };
    vec![
        server("kube-apiserver", "kube-apiserver", api_server),
        client("admin", "roost-admin", Some("system:masters")),
        client("kubelet-client", "kube-apiserver-kubelet-client", Some("system:masters")),
        server("kube-controller-manager", "system:kube-controller-manager", loopback()),
        server("kube-scheduler", "system:kube-scheduler", loopback()),
        client("kube-proxy", "system:kube-proxy", None),
        client("volumes", "roost-volumes", Some("system:masters")),
        node_certificate(instance, node_address),
        server("gateway", BASE_DOMAIN, vec![format!("*.{BASE_DOMAIN}"), BASE_DOMAIN.to_owned()]),
    ]
}

fn node_certificate(instance: &Instance, address: String) -> Request {
    let name = instance.node_name();
    // The node authorizer knows a node by this user name.
    let user = format!("system:node:{name}");
    let addresses = vec![name, address, "127.0.0.1".to_owned()];
    Request { file: "kubelet", user, group: Some("system:nodes"), addresses }
}

fn authority(folder: &Path) -> anyhow::Result<(String, String)> {
    let (certificate_file, key_file) = (folder.join("ca.crt"), folder.join("ca.key"));
    if !key_file.exists() || !certificate_file.exists() {
        fs::create_dir_all(folder)?;
        let key = KeyPair::generate()?;
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, "Roost local platform");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages =
            vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
        fs::write(&certificate_file, parameters.self_signed(&key)?.pem())?;
        write_secret(&key_file, &key.serialize_pem())?;
    }
    Ok((fs::read_to_string(certificate_file)?, fs::read_to_string(key_file)?))
}

fn issue_one(folder: &Path, request: &Request, issuer: &Issuer<'_, KeyPair>) -> anyhow::Result<()> {
    let key = KeyPair::generate()?;
    let mut parameters = CertificateParams::new(request.addresses.clone())?;
    parameters.distinguished_name.push(DnType::CommonName, request.user.as_str());
    if let Some(group) = request.group {
        parameters.distinguished_name.push(DnType::OrganizationName, group);
    }
    parameters.use_authority_key_identifier_extension = true;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    fs::write(folder.join(format!("{}.crt", request.file)), parameters.signed_by(&key, issuer)?.pem())?;
    write_secret(&folder.join(format!("{}.key", request.file)), &key.serialize_pem())
}

pub(crate) fn write_secret(path: &Path, content: &str) -> anyhow::Result<()> {
    let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file.write_all(content.as_bytes())?)
}

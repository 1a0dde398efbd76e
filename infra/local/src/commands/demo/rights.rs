//! What the owner of a tenant may do and may not, tried with the kubeconfig that was issued.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use futures::future::try_join_all;
use roost_domain::tenant::Tenant;

use crate::commands::kubeconfig;
use crate::install::kubectl;
use crate::instance::Instance;

/// One call of kubectl.
struct Attempt {
    arguments: &'static str,
    allowed: bool,
}

const fn allowed(arguments: &'static str) -> Attempt {
    Attempt { arguments, allowed: true }
}

const fn refused(arguments: &'static str) -> Attempt {
    Attempt { arguments, allowed: false }
}

const ATTEMPTS: &[Attempt] = &[
    allowed("get pods"),
    allowed("get resourcequota roost-quota"),
    allowed("create configmap greeting --from-literal=hello=world --dry-run=server"),
    allowed("create deployment web --image=web --dry-run=server"),
    allowed("get storageclasses"),
    refused("get pods --namespace=default"),
    refused("get secrets --namespace=roost-system"),
    refused("get namespaces"),
    refused("get nodes"),
    refused("delete resourcequota roost-quota"),
    refused("delete networkpolicy roost-fence"),
    refused("create rolebinding mine --clusterrole=cluster-admin --serviceaccount=default:default"),
    refused("create token tenant"),
    refused("create service nodeport web --tcp=80"),
    refused("run root --image=web --privileged"),
];

/// Tries everything, prints the answers, and counts those that are not as they should be.
pub(super) async fn show(instance: &Instance, tenant: &Tenant) -> anyhow::Result<usize> {
    let file = instance.state.join("demo.kubeconfig");
    write_secret(&file, &serde_json::to_string(&kubeconfig::of_owner(instance, &tenant.id).await?)?)?;
    let answers = try_join_all(ATTEMPTS.iter().map(|attempt| answer(instance, &file, attempt))).await?;
    for (attempt, (succeeded, words)) in ATTEMPTS.iter().zip(&answers) {
        let mark = if *succeeded == attempt.allowed { "✓" } else { "✗ WRONG:" };
        let may = if *succeeded { "may    " } else { "may not" };
        let words = words.lines().next().unwrap_or_default().trim_start_matches("Error from server ");
        let words: String = words.chars().take(100).collect();
        println!("{mark} {may}  kubectl {:<84}  {}", attempt.arguments, if *succeeded { "" } else { &words });
    }
    Ok(ATTEMPTS.iter().zip(&answers).filter(|(attempt, (succeeded, _))| *succeeded != attempt.allowed).count())
}

async fn answer(instance: &Instance, kubeconfig: &Path, attempt: &Attempt) -> anyhow::Result<(bool, String)> {
    let arguments: Vec<_> = attempt.arguments.split(' ').collect();
    let output = kubectl::kubectl(instance, &arguments).env("KUBECONFIG", kubeconfig).output().await?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// Writes a file only its owner can read.
fn write_secret(file: &Path, content: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.create(true).write(true).truncate(true).mode(0o600).open(file)?;
    Ok(file.write_all(content.as_bytes())?)
}

//! Everything that can be wrong with an archive, found before anything is built.

use std::collections::{BTreeMap, BTreeSet};

use roost_archive::Inspection;
use roost_aws::objects::ObjectKey;
use roost_domain::artifact::{EntryPath, Limits, Tree};
use roost_domain::finding::Finding;
use roost_domain::image::{ImageRules, RegistryName};
use roost_domain::manifest::CheckedObjects;
use roost_domain::platform_config::{self, Component, FILE_NAME, PlatformConfig};
use roost_domain::release::{Fingerprint, Release, ReleaseComponent, Upload};
use roost_domain::{dockerfile, manifest};
use roost_releases::{ReleasePlatform, StepFailure, TenantHome};

use crate::acceptance::Checked;
use crate::{dry_run, inspection};

/// Checks a release's archive; what is wrong comes all together.
pub(crate) async fn check(
    platform: &ReleasePlatform,
    home: &TenantHome,
    release: &Release,
    upload: &Upload,
) -> Result<Result<Checked, Vec<Finding>>, StepFailure> {
    if upload.size > Limits::standard().compressed_bytes {
        return Ok(Err(vec![too_large(upload.size)]));
    }
    let key = ObjectKey::artifact(&release.tenant, &release.project);
    let Inspection { tree, mut texts, mut findings, .. } = match inspection::read(platform, &key, upload).await? {
        Ok(inspection) => inspection,
        Err(findings) => return Ok(Err(findings)),
    };
    let config = match read_config(&tree, &texts) {
        Ok(config) => config,
        Err(faults) => {
            findings.extend(faults);
            return Ok(Err(findings));
        }
    };
    if !home.may_stay_awake {
        findings.extend(platform_config::not_in_plan(&config.sleep, &home.plan));
    }
    let files = needed_files(&config, &tree);
    let missing: BTreeSet<_> = files.all().filter(|path| !texts.contains_key(*path)).cloned().collect();
    if !missing.is_empty() {
        match inspection::read_files(platform, &key, upload, missing).await? {
            Ok(read) => texts.extend(read),
            Err(faults) => return Ok(Err(faults)),
        }
    }
    let registry = platform.registries.of(&home.cluster).await?;
    let rules = image_rules(&registry.name);
    for dockerfile in &files.dockerfiles {
        findings.extend(texts.get(dockerfile).into_iter().flat_map(|text| dockerfile::check(dockerfile, text, &rules)));
    }
    match check_objects(&config, &files.objects, &texts, &rules) {
        Err(faults) => findings.extend(faults),
        Ok(objects) if findings.is_empty() => {
            let components = config.components.iter().filter_map(|component| release_component(component, &tree));
            let components: Vec<_> = components.collect();
            let checked = Checked { objects, components };
            findings = dry_run::dry_run(home, release, &checked, &registry.name).await?;
            if findings.is_empty() {
                return Ok(Ok(checked));
            }
        }
        Ok(_) => {}
    }
    Ok(Err(findings))
}

fn too_large(size: u64) -> Finding {
    let (size, limit) = (size >> 20, Limits::standard().compressed_bytes >> 20);
    Finding::new(
        "archive-too-large",
        format!("The archive has {size} MiB; at most {limit} MiB are taken."),
        "Leave out what the build does not need: dependencies it fetches, build output, the history of the repository.",
    )
}

fn read_config(tree: &Tree, texts: &BTreeMap<EntryPath, Vec<u8>>) -> Result<PlatformConfig, Vec<Finding>> {
    let Some((path, text)) = texts.iter().find(|(path, _)| path.as_str() == FILE_NAME) else {
        return Err(vec![platform_config::missing(tree)]);
    };
    let text = std::str::from_utf8(text).map_err(|_| vec![not_text(path)])?;
    platform_config::check(text, tree)
}

fn not_text(path: &EntryPath) -> Finding {
    Finding::new("not-utf-8", "The file is not UTF-8 text.", "Save it as UTF-8.").in_file(path.as_str())
}

/// The files whose text is looked into.
struct NeededFiles {
    dockerfiles: Vec<EntryPath>,
    objects: Vec<EntryPath>,
}

impl NeededFiles {
    fn all(&self) -> impl Iterator<Item = &EntryPath> {
        self.dockerfiles.iter().chain(&self.objects)
    }
}

fn needed_files(config: &PlatformConfig, tree: &Tree) -> NeededFiles {
    let dockerfiles: BTreeSet<_> = config.components.iter().map(|component| component.dockerfile.clone()).collect();
    NeededFiles { dockerfiles: dockerfiles.into_iter().collect(), objects: config.object_files(tree) }
}

fn check_objects(
    config: &PlatformConfig,
    files: &[EntryPath],
    texts: &BTreeMap<EntryPath, Vec<u8>>,
    rules: &ImageRules,
) -> Result<CheckedObjects, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut readable = Vec::new();
    for path in files {
        match texts.get(path).map(|text| String::from_utf8(text.clone())) {
            Some(Ok(text)) => readable.push((path.clone(), text)),
            Some(Err(_)) => findings.push(not_text(path)),
            None => findings.push(unread(path)),
        }
    }
    let components: Vec<_> = config.components.iter().map(|component| component.name.clone()).collect();
    match manifest::check(&readable, &components, &config.routing, rules) {
        Ok(objects) if findings.is_empty() => {
            let sleep = config.sleep.clone();
            Ok(CheckedObjects { idle_time: sleep.after, awake_hours: sleep.awake, ..objects })
        }
        Ok(_) => Err(findings),
        Err(faults) => Err(findings.into_iter().chain(faults).collect()),
    }
}

fn unread(path: &EntryPath) -> Finding {
    let finding =
        Finding::new("file-too-large", "The file is larger than 1 MiB.", "Split it, or leave data out of it.");
    finding.in_file(path.as_str())
}

fn release_component(component: &Component, tree: &Tree) -> Option<ReleaseComponent> {
    let content = tree.digest(&component.context)?;
    // Beside a Dockerfile may stand what it leaves out of its context.
    let ignored = EntryPath::parse(&format!("{}.dockerignore", component.dockerfile.as_str())).ok();
    let instructions = [tree.digest(&component.dockerfile), ignored.and_then(|path| tree.digest(&path))];
    Some(ReleaseComponent {
        fingerprint: Fingerprint::of(&component.context, &content, &component.dockerfile, &instructions),
        name: component.name.clone(),
        context: component.context.clone(),
        dockerfile: component.dockerfile.clone(),
        content,
        image: None,
        built_by: None,
        built_in_ms: None,
    })
}

/// What is in the platform's registry users name by the component it is built from.
fn image_rules(registry: &RegistryName) -> ImageRules {
    ImageRules { registry_names: vec![registry.as_str().to_owned()] }
}

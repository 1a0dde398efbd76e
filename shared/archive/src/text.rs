//! Which files are read as a whole: those that the checks of an artifact ask for.

use roost_domain::artifact::EntryPath;

/// Whether a file, by its name, may be the platform's configuration, Kubernetes objects or a Dockerfile.
pub(crate) fn may_be_asked_for(path: &EntryPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
        || ["dockerfile", "containerfile"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_may_be_asked_for() {
        for (name, kept) in [
            ("platform-config.yaml", true),
            ("k8s/app.yml", true),
            ("k8s/app.json", true),
            ("api/Dockerfile.prod", true),
            ("build/web.dockerfile", true),
            ("Containerfile", true),
            ("src/main.rs", false),
            ("yaml", false),
            ("dockerfile/readme", false),
        ] {
            assert_eq!(may_be_asked_for(&EntryPath::parse(name).unwrap()), kept, "{name}");
        }
    }
}

//! An archive without a configuration.

use super::{FILE_NAME, location::too_large};
use crate::{
    artifact::{Entry, Tree, quoted},
    finding::Finding,
};

/// What to say about an archive without a configuration that can be read, by what it has instead.
#[must_use]
pub fn missing(tree: &Tree) -> Finding {
    if let Some((path, Entry::File(file))) = tree.iter().find(|(path, _)| path.as_str() == FILE_NAME) {
        return too_large(path, file.size).in_file(FILE_NAME);
    }
    let remedy = match tree.iter().find(|(path, _)| path.file_name() == FILE_NAME) {
        Some((path, Entry::File(_))) => {
            let folder = path.parent().map(|folder| quoted(folder.as_str())).unwrap_or_default();
            format!("It is in `{folder}`: pack from inside that folder, with `tar -czf app.tar.gz -C {folder} .`.")
        }
        Some((_, Entry::Symlink(_))) => "Pack the file itself instead of a link to it.".to_owned(),
        _ => misnamed(tree),
    };
    Finding::new("config-missing", format!("There is no file `{FILE_NAME}` at the archive's root."), remedy)
}

fn misnamed(tree: &Tree) -> String {
    let stem = |name: &str| name.to_lowercase().replace(['-', '_', '.'], "").replace("yaml", "yml");
    let other = tree.iter().find(|(path, _)| stem(path.file_name()) == stem(FILE_NAME));
    match other {
        Some((path, _)) => format!("Rename `{}` to `{FILE_NAME}`.", quoted(path.as_str())),
        None => "Add it: it lists the `repositories` to build, `k8s_yaml_path` and `routing`.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::{EntryPath, File, Findings, Limits, LinkTarget, TreeBuilder};

    fn tree(path: &str, entry: Entry) -> Tree {
        let mut builder = TreeBuilder::new(Limits::standard());
        builder.add(&EntryPath::parse(path).unwrap(), entry).unwrap();
        builder.finish(&mut Findings::default())
    }

    #[test]
    fn a_configuration_that_was_too_large_to_keep_is_not_called_missing() {
        let entry = Entry::File(File { size: 1 << 21, executable: false, sha256: [0; 32] });
        assert_eq!(missing(&tree(FILE_NAME, entry)).code, "file-too-large");
    }

    #[test]
    fn the_remedy_fits_what_the_archive_has_instead() {
        let file = || Entry::File(File { size: 1, executable: false, sha256: [0; 32] });
        let link = Entry::Symlink(LinkTarget::parse("config.yaml").unwrap());
        let cases = [
            (tree("shop/platform-config.yaml", file()), "-C shop ."),
            (tree("platform-config.yml", file()), "Rename `platform-config.yml`"),
            (tree("Platform_Config.yaml", file()), "Rename `Platform_Config.yaml`"),
            (tree("platform-config.yaml", link), "instead of a link"),
            (tree("README", file()), "Add it"),
        ];
        for (tree, remedy) in cases {
            let finding = missing(&tree);
            assert!(finding.remedy.contains(remedy), "{finding}");
        }
    }
}

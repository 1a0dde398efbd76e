//! Which project is meant: as it was said, as the directory remembers it, or as the directory is called.

use std::fs;
use std::path::Path;

use roost_client::HINT_FILE;
use roost_domain::naming::ProjectName;

use crate::failure::CommandError;
use crate::surroundings::Surroundings;

/// The project that is meant in a directory.
pub(crate) fn meant(
    named: Option<ProjectName>,
    surroundings: &Surroundings,
    directory: &Path,
) -> Result<ProjectName, CommandError> {
    if let Some(named) = named {
        return Ok(named);
    }
    let name = surroundings.project.clone().or_else(|| hint(directory)).or_else(|| name_of(directory));
    let name = name.unwrap_or_default();
    ProjectName::parse(&name).map_err(|_| CommandError::NoProject(name))
}

/// Lets the directory remember its project. One that cannot be written to is told each time.
pub(crate) fn remember(project: &ProjectName, directory: &Path) {
    let path = directory.join(HINT_FILE);
    if !path.exists() {
        let _ = fs::write(path, format!("{project}\n"));
    }
}

fn hint(directory: &Path) -> Option<String> {
    let hint = fs::read_to_string(directory.join(HINT_FILE)).ok()?;
    Some(hint.trim().to_owned()).filter(|hint| !hint.is_empty())
}

fn name_of(directory: &Path) -> Option<String> {
    let directory = directory.canonicalize().ok()?;
    Some(directory.file_name()?.to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_counts_before_what_is_remembered() {
        let outer = tempfile::tempdir().unwrap();
        let directory = outer.path().join("shop");
        fs::create_dir(&directory).unwrap();
        let mut surroundings = Surroundings { api: None, token: None, project: None, authority: None, settings: None };
        let name = |named: Option<&str>, surroundings: &Surroundings| {
            let named = named.map(|named| ProjectName::parse(named).unwrap());
            meant(named, surroundings, &directory).unwrap().to_string()
        };
        assert_eq!(name(None, &surroundings), "shop");
        remember(&ProjectName::parse("kept").unwrap(), &directory);
        remember(&ProjectName::parse("other").unwrap(), &directory);
        assert_eq!(name(None, &surroundings), "kept");
        surroundings.project = Some("set".to_owned());
        assert_eq!(name(None, &surroundings), "set");
        assert_eq!(name(Some("said"), &surroundings), "said");
        surroundings.project = Some("Not A Name".to_owned());
        assert!(matches!(meant(None, &surroundings, &directory), Err(CommandError::NoProject(_))));
    }
}

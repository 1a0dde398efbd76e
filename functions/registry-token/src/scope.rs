//! Scopes as clients ask for them: `repository:<name>:<actions>`.
//! <https://distribution.github.io/distribution/spec/auth/scope/>

use roost_registry::repository_name::{RepositoryName, RepositoryNameError};

/// A client asks for one, or for two when it mounts a blob.
const MOST: usize = 16;

/// Why scopes cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ScopeError {
    #[error("{0:?} is not a scope: write type:name:actions")]
    Form(String),
    #[error(transparent)]
    Name(#[from] RepositoryNameError),
    #[error("more than {MOST} scopes: ask for fewer at a time")]
    TooMany,
}

/// The repositories that are to be read. What else may be asked for, nobody gets here.
pub(crate) fn repositories_to_pull(scopes: &[String]) -> Result<Vec<RepositoryName>, ScopeError> {
    // OAuth has them in one parameter, Docker in one each.
    let scopes = scopes.iter().flat_map(|scope| scope.split(' ')).filter(|scope| !scope.is_empty());
    let mut names = Vec::new();
    for (position, scope) in scopes.enumerate() {
        if position == MOST {
            return Err(ScopeError::TooMany);
        }
        names.extend(repository_to_pull(scope)?.filter(|name| !names.contains(name)));
    }
    Ok(names)
}

fn repository_to_pull(scope: &str) -> Result<Option<RepositoryName>, ScopeError> {
    let unreadable = || ScopeError::Form(scope.chars().take(80).collect());
    let (kind, rest) = scope.split_once(':').ok_or_else(unreadable)?;
    let (name, actions) = rest.rsplit_once(':').ok_or_else(unreadable)?;
    if kind != "repository" || !actions.split(',').any(|action| action == "pull" || action == "*") {
        return Ok(None);
    }
    Ok(Some(RepositoryName::parse(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scopes: &[&str]) -> Vec<String> {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        repositories_to_pull(&scopes).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn scopes_come_one_by_one_or_in_one_text() {
        let expected = ["a/b".to_owned(), "a/c".to_owned()];
        assert_eq!(names(&["repository:a/b:pull", "repository:a/c:pull,push"]), expected);
        assert_eq!(names(&["repository:a/b:pull  repository:a/c:* repository:a/b:pull"]), expected);
    }

    #[test]
    fn nothing_but_pulling_from_repositories_is_given() {
        let others =
            ["registry:catalog:*", "repository(plugin):a/b:pull", "repository:a/b:push,delete", "repository:a/b:"];
        assert_eq!(names(&others), Vec::<String>::new());
    }

    #[test]
    fn unreadable_scopes_are_refused() {
        for scope in ["pull", "repository:a/b", "repository:../a:pull", "repository:a:5000/b:pull", "repository::pull"]
        {
            assert!(repositories_to_pull(&[scope.to_owned()]).is_err(), "{scope}");
        }
        assert_eq!(repositories_to_pull(&vec!["registry:catalog:*".to_owned(); 17]), Err(ScopeError::TooMany));
    }
}

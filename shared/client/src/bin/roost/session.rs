//! Who is signed in, where: kept in a file that only its owner can read.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use roost_client::{Account, Client, ClientSettings, Patience};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tempfile::NamedTempFile;

use crate::failure::CommandError;
use crate::surroundings::Surroundings;

const FILE: &str = "session.json";

/// Who is signed in.
#[derive(Debug, Deserialize)]
pub(crate) struct Session {
    pub(crate) api: String,
    pub(crate) token: SecretString,
    pub(crate) user: String,
}

impl Session {
    /// The one that is kept, if there is one.
    pub(crate) fn kept(surroundings: &Surroundings) -> Result<Option<Self>, CommandError> {
        let Some(path) = surroundings.settings.as_ref().map(|folder| folder.join(FILE)) else { return Ok(None) };
        match fs::read(&path) {
            Ok(content) => read(&content).map(Some).map_err(|source| CommandError::Settings { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CommandError::Settings { path, source }),
        }
    }

    /// Keeps it; answers with where.
    pub(crate) fn keep(&self, surroundings: &Surroundings) -> Result<PathBuf, CommandError> {
        let folder = surroundings.settings.as_deref().ok_or(CommandError::NoHome)?;
        let path = folder.join(FILE);
        self.write(folder, &path).map_err(|source| CommandError::Settings { path: path.clone(), source })?;
        Ok(path)
    }

    /// A temporary file is its owner's only, and takes the old one's place as a whole.
    fn write(&self, folder: &Path, path: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        let content = json!({"api": self.api, "token": self.token.expose_secret(), "user": self.user});
        file.write_all(content.to_string().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

fn read(content: &[u8]) -> io::Result<Session> {
    serde_json::from_slice(content).map_err(|_| io::Error::other("it is not what `roost login` writes; sign in again"))
}

/// The client for an API.
pub(crate) fn client(surroundings: &Surroundings, url: &str, token: &SecretString) -> Result<Client, CommandError> {
    let authority = surroundings.authority.clone();
    let settings =
        ClientSettings { url: url.to_owned(), token: token.clone(), authority, patience: Patience::default() };
    Ok(Client::new(settings)?)
}

/// What belongs to whoever is signed in.
pub(crate) async fn account(surroundings: &Surroundings) -> Result<Account, CommandError> {
    let kept = Session::kept(surroundings)?;
    if let Some(token) = &surroundings.token {
        let url = surroundings.api.clone().or(kept.map(|kept| kept.api)).ok_or(CommandError::NoApi)?;
        return Ok(client(surroundings, &url, token)?.account().await?);
    }
    // A token is shown to nobody but the API that it was kept for.
    let kept = kept.filter(|kept| surroundings.api.as_ref().is_none_or(|api| is_same(api, &kept.api)));
    let kept = kept.ok_or(CommandError::NotSignedIn)?;
    Ok(client(surroundings, &kept.api, &kept.token)?.account_of(kept.user))
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn surroundings(settings: &Path) -> Surroundings {
        Surroundings { api: None, token: None, project: None, authority: None, settings: Some(settings.join("roost")) }
    }

    fn session() -> Session {
        Session { api: "https://a.example".to_owned(), token: "t".to_owned().into(), user: "u".to_owned() }
    }

    #[test]
    fn a_session_is_kept_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let surroundings = surroundings(folder.path());
        assert!(Session::kept(&surroundings).unwrap().is_none());
        let path = session().keep(&surroundings).unwrap();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        let kept = Session::kept(&surroundings).unwrap().unwrap();
        assert_eq!((kept.token.expose_secret(), kept.user.as_str()), ("t", "u"));
        assert!(!format!("{kept:?}").contains("\"t\""), "{kept:?}");
    }

    #[tokio::test]
    async fn no_other_api_is_shown_the_token() {
        let folder = tempfile::tempdir().unwrap();
        let mut surroundings = surroundings(folder.path());
        session().keep(&surroundings).unwrap();
        assert_eq!(account(&surroundings).await.unwrap().user(), "u");
        surroundings.api = Some("https://b.example".to_owned());
        assert!(matches!(account(&surroundings).await, Err(CommandError::NotSignedIn)));
        surroundings.api = Some("https://a.example/".to_owned());
        assert_eq!(account(&surroundings).await.unwrap().user(), "u");
    }
}

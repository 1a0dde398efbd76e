//! Files whose lock ends with the process that holds it, however that process ends.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Held until dropped.
pub(crate) struct Lock {
    _file: File,
}

/// Takes the lock and writes the own process id beside it, or returns `None` when somebody else holds it.
pub(crate) fn try_hold(path: &Path) -> anyhow::Result<Option<Lock>> {
    let mut file = File::options().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            write!(file, "{}", std::process::id())?;
            Ok(Some(Lock { _file: file }))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
}

/// The process that holds the lock, if any does.
pub(crate) fn holder(path: &Path) -> anyhow::Result<Option<i32>> {
    let Ok(file) = File::open(path) else { return Ok(None) };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(fs::read_to_string(path)?.trim().parse().ok()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::{holder, try_hold};

    #[test]
    fn a_second_holder_is_turned_away_until_the_first_is_gone() {
        let path = std::env::temp_dir().join(format!("roost-lock-{}", std::process::id()));
        assert_eq!(holder(&path).unwrap(), None);
        let first = try_hold(&path).unwrap();
        assert!(first.is_some());
        assert!(try_hold(&path).unwrap().is_none());
        assert_eq!(holder(&path).unwrap(), i32::try_from(std::process::id()).ok());
        drop(first);
        assert!(try_hold(&path).unwrap().is_some());
        std::fs::remove_file(path).unwrap();
    }
}

//! How patient the sweep is, read once from its environment.

use std::str::FromStr;

use jiff::SignedDuration;
use roost_domain::app::Patience;

/// What infra/template.yaml sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// How long things may take, and have to.
    pub(crate) patience: Patience,
    /// How many wakers have to be ready before anything goes to sleep.
    pub(crate) wakers: usize,
}

/// A setting is no number.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {0} must be a whole number, and not 0")]
pub(crate) struct SettingsError(&'static str);

impl Settings {
    /// Reads them with `variable`, which looks one up by name; what is not set is as usual.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let number = |name: &'static str, usual: u32| match variable(name).filter(|value| !value.is_empty()) {
            Some(text) => u32::from_str(&text).ok().filter(|number| *number > 0).ok_or(SettingsError(name)),
            None => Ok(usual),
        };
        let seconds = |name, usual| Ok(SignedDuration::from_secs(number(name, usual)?.into()));
        let quiet = seconds("ROOST_QUIET_SECONDS", 30)?;
        let min_awake = seconds("ROOST_MIN_AWAKE_SECONDS", 60)?;
        let silence = seconds("ROOST_SILENCE_SECONDS", 3_600)?;
        let wakers = usize::try_from(number("ROOST_WAKERS", 2)?).unwrap_or(usize::MAX);
        Ok(Self { patience: Patience { quiet, min_awake, silence, ..Patience::usual() }, wakers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_as_usual_and_what_is_no_number_is_named() {
        let usual = Settings::read(|_| None).unwrap();
        assert_eq!((usual.patience, usual.wakers), (Patience::usual(), 2));
        let quick = Settings::read(|name| (name == "ROOST_QUIET_SECONDS").then(|| "5".to_owned())).unwrap();
        assert_eq!(quick.patience.quiet, SignedDuration::from_secs(5));
        for value in ["0", "-1", "soon"] {
            assert!(Settings::read(|_| Some(value.to_owned())).is_err());
        }
    }
}

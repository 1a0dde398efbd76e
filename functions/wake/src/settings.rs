//! What the environment says; the chart sets what differs from the defaults.

use std::net::SocketAddr;
use std::time::Duration;

use roost_domain::visit::budget::{Limits, Load};

use crate::{door, session};

const MEBIBYTE: u64 = 1024 * 1024;

/// All settings of the waker.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Where requests come.
    pub address: SocketAddr,
    /// Where the cluster asks for this process' health.
    pub health_address: SocketAddr,
    /// How many requests may wait.
    pub limits: Limits,
    /// How requests wait.
    pub door: door::Settings,
    /// How apps wake.
    pub session: session::Settings,
    /// How long answers may go on once the process is to end.
    pub last_answers: Duration,
}

/// A variable that does not say what it should.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {value:?} is not {expected}")]
pub struct SettingsError {
    name: &'static str,
    value: String,
    expected: &'static str,
}

impl Settings {
    /// Reads the environment.
    pub fn read() -> Result<Self, SettingsError> {
        let all = Load {
            requests: number("ROOST_MOST_HELD_REQUESTS", 20_480)?,
            bytes: number("ROOST_MOST_HELD_MEBIBYTES", 64)? * MEBIBYTE,
        };
        Ok(Self {
            address: address("ROOST_ADDRESS", "0.0.0.0:8080")?,
            health_address: address("ROOST_HEALTH_ADDRESS", "0.0.0.0:8081")?,
            // Of what there is for all, a tenant gets at most half by itself, and one app no more than that.
            limits: Limits { app: all, tenant: all, all },
            door: door::Settings { hold_limit: seconds("ROOST_HOLD_LIMIT_SECONDS", 55)? },
            session: session::Settings {
                wake_limit: seconds("ROOST_WAKE_LIMIT_SECONDS", 300)?,
                starts_at_once: usize::try_from(number("ROOST_STARTS_AT_ONCE", 64)?).unwrap_or(usize::MAX),
                linger: seconds("ROOST_LINGER_SECONDS", 10)?,
            },
            last_answers: seconds("ROOST_LAST_ANSWERS_SECONDS", 60)?,
        })
    }
}

fn seconds(name: &'static str, default: u64) -> Result<Duration, SettingsError> {
    number(name, default).map(Duration::from_secs)
}

fn number(name: &'static str, default: u64) -> Result<u64, SettingsError> {
    let Ok(value) = std::env::var(name) else { return Ok(default) };
    value.parse().map_err(|_| SettingsError { name, value, expected: "a number" })
}

fn address(name: &'static str, default: &str) -> Result<SocketAddr, SettingsError> {
    let value = std::env::var(name).unwrap_or_else(|_| default.to_owned());
    value.parse().map_err(|_| SettingsError { name, value, expected: "an address with a port" })
}

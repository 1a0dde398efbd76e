//! The order, as the platform put it into the Job's Secret.

use std::fs;

use roost_domain::build::BuildOrder;

use crate::settings::Settings;

/// Why there is no order: without one there is nobody to report to either.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// The file is not there.
    #[error("the order {path} cannot be read: {source}")]
    Unreadable {
        /// Where it should be.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Its content is not an order.
    #[error("the order is not one that this version of roost-build reads: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// Reads the order.
pub fn read(settings: &Settings) -> Result<BuildOrder, OrderError> {
    let path = || settings.order.display().to_string();
    let text = fs::read(&settings.order).map_err(|source| OrderError::Unreadable { path: path(), source })?;
    Ok(serde_json::from_slice(&text)?)
}

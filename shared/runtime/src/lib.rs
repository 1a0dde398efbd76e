//! What every function's main needs: settings, clients, clusters, and batches of messages.

mod batch;
mod clusters;
mod disposal;
mod envelope;
mod foundation;
mod metrics;
mod platform;
mod settings;

pub use batch::{Unhandled, consume, serve};
pub use clusters::{Clusters, ClustersError};
pub use envelope::{Envelope, EnvelopeError};
pub use foundation::Foundation;
pub use metrics::report_event_to_effect;
pub use platform::{Platform, StartError};
pub use settings::{FoundationSettings, Settings, SettingsError};

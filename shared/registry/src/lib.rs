//! The platform's registry of images: who may do what in it, and how that is proved to it.

#[cfg(feature = "client")]
pub mod client;
pub mod docker_config;
pub mod grant;
pub mod pull_credential;
pub mod repository_name;
pub mod settings;
pub mod signing_key;
pub mod token;

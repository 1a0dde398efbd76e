//! Names of images: what users may name, and where the platform keeps what it builds.

mod digest;
mod reference;
mod registry;
mod repository;
pub mod retention;
mod rules;

pub use digest::{ImageDigest, ImageDigestError};
pub use reference::{ImageReference, ImageReferenceError};
pub use registry::{RegistryName, RegistryNameError};
pub use repository::Repository;
pub use rules::{ImageFault, ImageRules};

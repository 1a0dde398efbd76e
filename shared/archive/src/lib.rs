//! Reading what people upload: a `.tar.gz`, in one pass and flat memory, by rules so strict that every program that
//! reads the archive reads the same.

mod collect;
mod error;
mod gzip;
mod inspect;
mod read_ahead;
mod scan;
mod tar_format;
mod text;
mod unpack;

pub use collect::collect;
pub use error::{ReadError, UnpackError};
pub use inspect::{Inspection, inspect};
pub use unpack::unpack;

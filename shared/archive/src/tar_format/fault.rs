//! What makes a tar file unreadable, or readable in more than one way.

use roost_domain::artifact::quoted;
use roost_domain::finding::Finding;

/// After any of these, it is unknown where the next entry begins; so nothing more is read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum TarFault {
    #[error("ends too early")]
    Truncated,
    #[error("goes on after its end")]
    TrailingData,
    #[error("has a header whose checksum is wrong")]
    Checksum,
    #[error("has a header that is neither of POSIX nor of GNU tar")]
    Format,
    #[error("has a header whose {0} is not an octal number")]
    Number(&'static str),
    #[error("has a header with something where nothing belongs: {0}")]
    Stray(&'static str),
    #[error("gives a size to something that has no content")]
    SizeOfNothing,
    #[error("has a sparse file")]
    Sparse,
    #[error("has an extended header that is broken")]
    Records,
    #[error("has an extended header with a field that changes how it is read: `{}`", quoted(.0))]
    Record(String),
    #[error("has a global header that changes entries: `{}`", quoted(.0))]
    GlobalRecord(String),
    #[error("gives two sizes to one entry")]
    TwoSizes,
    #[error("has an extended header of more than {0} bytes")]
    ExtensionTooLong(u64),
    #[error("has extended headers that do not go together")]
    MixedExtensions,
    #[error("has an extended header that belongs to no entry")]
    LooseExtension,
}

impl TarFault {
    const fn code(&self) -> &'static str {
        match self {
            Self::Truncated => "tar-truncated",
            Self::TrailingData => "tar-trailing-data",
            Self::Checksum => "tar-checksum",
            Self::Format => "tar-format",
            Self::Number(_) => "tar-number",
            Self::Stray(_) => "tar-stray-bytes",
            Self::SizeOfNothing => "tar-size-of-nothing",
            Self::Sparse => "sparse-file",
            Self::Records => "pax-broken",
            Self::Record(_) => "pax-record",
            Self::GlobalRecord(_) => "pax-global-record",
            Self::TwoSizes => "pax-two-sizes",
            Self::ExtensionTooLong(_) => "tar-extension-too-long",
            Self::MixedExtensions => "tar-mixed-extensions",
            Self::LooseExtension => "tar-loose-extension",
        }
    }

    /// The fault, met after so many headers.
    pub(super) fn finding(&self, headers: u64) -> Finding {
        let remedy = match self {
            Self::Sparse => "Pack without `--sparse`.",
            Self::Truncated => "Pack it again and upload it as a whole.",
            _ => "Pack the folder anew with a common program: `tar -czf app.tar.gz -C <folder> .`.",
        };
        Finding::new(self.code(), format!("The tar file {self} (header {headers})."), remedy)
    }
}

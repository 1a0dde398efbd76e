//! How much an archive may hold.

const MIB: u64 = 1024 * 1024;

/// The bounds an archive is read within. Those of a single path are [`super::EntryPath`]'s own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the archive as uploaded.
    pub compressed_bytes: u64,
    /// Bytes once decompressed, headers and padding included.
    pub inflated_bytes: u64,
    /// How many times larger than compressed the archive may be, beyond [`Limits::free_bytes`].
    pub ratio: u64,
    /// Bytes for which the ratio does not count: short files of one letter are no bomb.
    pub free_bytes: u64,
    /// Files, directories and links, the directories included that only paths of others imply.
    pub entries: u64,
    /// Bytes of all paths and link targets together; they are held in memory.
    pub name_bytes: u64,
    /// Bytes of one extended header: a long name, or a set of attributes.
    pub extension_bytes: u64,
    /// Bytes of a text file that is read as a whole: a configuration, a Dockerfile, objects.
    pub text_bytes: u64,
    /// Bytes of all such texts together; they are held in memory.
    pub all_texts_bytes: u64,
}

impl Limits {
    /// What everybody may upload.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            compressed_bytes: 256 * MIB,
            inflated_bytes: 1024 * MIB,
            ratio: 100,
            free_bytes: MIB,
            entries: 50_000,
            name_bytes: 16 * MIB,
            extension_bytes: MIB,
            text_bytes: MIB,
            all_texts_bytes: 16 * MIB,
        }
    }
}

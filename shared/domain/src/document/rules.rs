//! What a file may hold, by what it is for.

/// How many documents a file may hold. All else is the same for every file: plain data, read alike by everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRules {
    pub(super) fewest: usize,
    pub(super) most: usize,
}

impl DocumentRules {
    /// A configuration file: exactly one document.
    #[must_use]
    pub fn configuration() -> Self {
        Self { fewest: 1, most: 1 }
    }

    /// A file of Kubernetes objects: up to 100 documents, of which empty ones are skipped.
    #[must_use]
    pub fn objects() -> Self {
        Self { fewest: 0, most: 100 }
    }
}

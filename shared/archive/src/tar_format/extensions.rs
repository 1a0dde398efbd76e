//! What extended headers say about the entry that follows them.

use super::fault::TarFault;
use super::header::Header;
use super::pax::{self, Overrides};

/// The extended headers since the last entry: GNU's or those of POSIX.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    long_path: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
    pax: Option<Overrides>,
}

impl Extensions {
    pub(super) fn is_empty(&self) -> bool {
        self.long_path.is_none() && self.long_link.is_none() && self.pax.is_none()
    }

    pub(super) fn set_long_path(&mut self, data: Vec<u8>) -> Result<(), TarFault> {
        once(self.long_path.replace(without_end(data)).is_none())
    }

    pub(super) fn set_long_link(&mut self, data: Vec<u8>) -> Result<(), TarFault> {
        once(self.long_link.replace(without_end(data)).is_none())
    }

    pub(super) fn set_pax(&mut self, data: &[u8]) -> Result<(), TarFault> {
        once(self.pax.replace(pax::overrides(data)?).is_none())
    }

    /// Puts what was said into the entry's header.
    pub(super) fn apply(self, header: &mut Header) -> Result<(), TarFault> {
        let pax = match self.pax {
            Some(_) if self.long_path.is_some() || self.long_link.is_some() => return Err(TarFault::MixedExtensions),
            pax => pax.unwrap_or_default(),
        };
        if pax.size.is_some_and(|size| size != header.size) {
            return Err(TarFault::TwoSizes);
        }
        if let Some(path) = self.long_path.or(pax.path) {
            header.path = path;
        }
        if let Some(link) = self.long_link.or(pax.link) {
            header.link = link;
        }
        Ok(())
    }
}

/// GNU tar ends a long name by a NUL.
fn without_end(mut data: Vec<u8>) -> Vec<u8> {
    if data.last() == Some(&0) {
        data.pop();
    }
    data
}

fn once(is_first: bool) -> Result<(), TarFault> {
    if is_first { Ok(()) } else { Err(TarFault::MixedExtensions) }
}

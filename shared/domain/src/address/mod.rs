//! A project's address: three words below the base domain, drawn by chance.

#[cfg(test)]
mod decency;
mod three_words;
mod words;

pub use three_words::{Address, AddressError};

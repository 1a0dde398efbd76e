//! The three words, such as `custard-tasty-pie`.

use serde::{Deserialize, Serialize};

use super::words::{LENGTHS, LISTS};

const SEPARATOR: char = '-';

/// An address below the platform's base domain: a noun, an adjective and a noun.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// Why a text is not an address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an address: write three words of 3 to 8 lower-case letters, such as custard-tasty-pie")]
pub struct AddressError(String);

impl Address {
    /// The address that chance picks; with 80 bits or more, all are as likely as makes no difference.
    #[must_use]
    pub fn draw(entropy: u128) -> Self {
        let mut rest = entropy;
        let words = LISTS.each_ref().map(|list| {
            let count = list.len() as u128;
            let place = usize::try_from(rest % count).unwrap_or_default();
            rest /= count;
            list[place]
        });
        Self(words.join("-"))
    }

    /// Takes a text of an address's shape; its words need not be in today's lists.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let is_word = |word: &str| LENGTHS.contains(&word.len()) && word.bytes().all(|c| c.is_ascii_lowercase());
        let valid = text.split(SEPARATOR).count() == 3 && text.split(SEPARATOR).all(is_word);
        if valid { Ok(Self(text.to_owned())) } else { Err(AddressError(text.chars().take(80).collect())) }
    }

    /// The host name of this address.
    #[must_use]
    pub fn host(&self, base_domain: &str) -> String {
        format!("{}.{base_domain}", self.0)
    }

    /// The three words as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_a_host_below_the_base_domain() {
        let address = Address::parse("custard-tasty-pie").unwrap();
        assert_eq!(address.host("example.com"), "custard-tasty-pie.example.com");
    }

    #[test]
    fn what_is_not_three_words_is_refused() {
        for text in [
            "",
            "pie",
            "tasty-pie",
            "custard-tasty-pie-pie",
            "Custard-tasty-pie",
            "custard-tasty-pi",
            "custard--pie",
            "custard-tasty-pie.",
            "custard-tasty-p1e",
            "custard-täst-pie",
            "-custard-tasty",
            "*-tasty-pie",
            "custard-tasty-piepiepie",
            "custard-tasty-pie\n",
        ] {
            assert!(Address::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_word_can_be_drawn() {
        let longest = LISTS.iter().map(Vec::len).max().unwrap() as u128;
        let [first, second, _] = LISTS.each_ref().map(|list| list.len() as u128);
        for (place, step) in [1, first, first * second].into_iter().enumerate() {
            let drawn = (0..longest).map(|number| Address::draw(number * step));
            let words: BTreeSet<_> =
                drawn.map(|address| address.as_str().split('-').nth(place).unwrap().to_owned()).collect();
            assert_eq!(words.len(), LISTS[place].len());
        }
    }

    proptest! {
        #[test]
        fn every_draw_is_an_address_that_fits_a_label(entropy: u128) {
            let address = Address::draw(entropy);
            prop_assert!(address.as_str().len() <= 30);
            prop_assert_eq!(Address::parse(address.as_str()), Ok(address));
        }

        #[test]
        fn different_numbers_below_their_count_are_different_addresses(a in 0..1_u128 << 33, b in 0..1_u128 << 33) {
            prop_assert_eq!(a == b, Address::draw(a) == Address::draw(b));
        }
    }
}

//! The words that addresses are made of: common, friendly, and none of them in two lists.

use std::sync::LazyLock;

/// One list for each place in an address. A word may be added or dropped at any time: addresses that were handed out
/// stay valid, since only their shape is checked.
pub(super) static LISTS: LazyLock<[Vec<&'static str>; 3]> = LazyLock::new(|| {
    [include_str!("words/first_nouns.txt"), include_str!("words/adjectives.txt"), include_str!("words/last_nouns.txt")]
        .map(|file| file.lines().collect())
});

/// The length of a word, in letters.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 3..=8;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_enough_words_for_eight_billion_addresses() {
        assert!(LISTS.iter().all(|list| list.len() >= 2048));
        let combinations: u64 = LISTS.iter().map(|list| u64::try_from(list.len()).unwrap()).product();
        assert!(combinations >= 1 << 33, "{combinations}");
    }

    #[test]
    fn every_word_is_short_and_plain_and_in_its_place() {
        for list in &*LISTS {
            assert!(list.is_sorted());
            for word in list {
                let plain = word.bytes().all(|letter| letter.is_ascii_lowercase());
                assert!(plain && LENGTHS.contains(&word.len()), "{word:?}");
            }
        }
    }

    #[test]
    fn no_word_is_there_twice() {
        let all: Vec<_> = LISTS.iter().flatten().collect();
        let mut seen = BTreeSet::new();
        let twice: Vec<_> = all.into_iter().filter(|word| !seen.insert(*word)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}

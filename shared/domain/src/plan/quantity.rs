//! Amounts as Kubernetes writes them.

use serde::{Deserialize, Serialize};

const SUFFIXES: &[&str] = &["", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti"];
/// All that Kubernetes knows, as a power of a base
/// (<https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>).
const UNITS: &[(&str, f64, i32)] = &[
    ("", 1_000.0, 0),
    ("n", 1_000.0, -3),
    ("u", 1_000.0, -2),
    ("m", 1_000.0, -1),
    ("k", 1_000.0, 1),
    ("M", 1_000.0, 2),
    ("G", 1_000.0, 3),
    ("T", 1_000.0, 4),
    ("P", 1_000.0, 5),
    ("E", 1_000.0, 6),
    ("Ki", 1_024.0, 1),
    ("Mi", 1_024.0, 2),
    ("Gi", 1_024.0, 3),
    ("Ti", 1_024.0, 4),
    ("Pi", 1_024.0, 5),
    ("Ei", 1_024.0, 6),
];

/// An amount of CPU, memory or storage, such as `500m`, `10` or `20Gi`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quantity(String);

/// Why a text is not an amount.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an amount: write a whole number, then nothing or one of m, k, M, G, T, Ki, Mi, Gi, Ti")]
pub struct QuantityError(String);

impl Quantity {
    /// Takes a whole number with an optional unit.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, suffix) = text.split_at(digits);
        let valid = (1..=12).contains(&number.len()) && SUFFIXES.contains(&suffix);
        if valid { Ok(Self(text.to_owned())) } else { Err(QuantityError(text.to_owned())) }
    }

    /// The amount as Kubernetes reads it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The amount as a number, to compare it with others.
    #[must_use]
    pub fn value(&self) -> f64 {
        amount_of(&self.0).unwrap_or_default()
    }
}

/// The number that a text in an object means, in any form that Kubernetes takes: also `0.5`, `1.5Gi` and `1e3`.
#[must_use]
pub fn amount_of(text: &str) -> Option<f64> {
    let is_exponent =
        |(at, _): &(usize, char)| text[at + 1..].starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c));
    let unit = text.char_indices().find(|found| match found.1 {
        'e' | 'E' => !is_exponent(found),
        c => c.is_ascii_alphabetic(),
    });
    let (number, unit) = text.split_at(unit.map_or(text.len(), |(at, _)| at));
    let (_, base, power) = UNITS.iter().find(|(name, _, _)| *name == unit)?;
    let number: f64 = number.parse().ok()?;
    Some(number * base.powi(*power)).filter(|amount| amount.is_finite() && *amount >= 0.0)
}

/// Nothing.
impl Default for Quantity {
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl TryFrom<String> for Quantity {
    type Error = QuantityError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_numbers_whatever_their_units() {
        for (text, value) in [("0", 0.0), ("10", 10.0), ("500m", 0.5), ("2k", 2_000.0), ("1Gi", 1_073_741_824.0)] {
            assert!((Quantity::parse(text).unwrap().value() - value).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn whatever_kubernetes_takes_for_an_amount_means_a_number() {
        for (text, value) in
            [("0.5", 0.5), ("1.5Gi", 1.5 * 1_073_741_824.0), ("1e3", 1_000.0), ("1E", 1e18), ("100u", 1e-4)]
        {
            assert!((amount_of(text).unwrap() / value - 1.0).abs() < 1e-9, "{text}");
        }
        for text in ["", "m", "-1", "1 Gi", "NaN", "inf", "1Xi", "1e", "äöü"] {
            assert_eq!(amount_of(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_taken_and_anything_else_is_refused() {
        for text in ["0", "10", "500m", "1Gi", "64Mi"] {
            assert!(Quantity::parse(text).is_ok(), "{text}");
        }
        for text in ["", "Gi", "1 Gi", "-1", "1.5", "1gi", "1GiB", "9999999999999"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }
}

//! What an unquoted word means, if that is the same to every reader.
//!
//! Kubernetes reads YAML 1.1 with additions of its own (<https://pkg.go.dev/sigs.k8s.io/yaml>), most other tools read
//! YAML 1.2. A word they read differently is refused, so that what was checked is what everybody reads.

use serde_json::{Number, Value};

/// Why an unquoted word has no meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misreading {
    /// It is a number or a truth value to some readers and a text, or another number, to others.
    Ambiguous,
    /// It is a number that JSON cannot carry.
    OutOfRange,
}

/// Reads an unquoted word.
pub(super) fn read(word: &str) -> Result<Value, Misreading> {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        _ if is_disputed_truth(word) => Err(Misreading::Ambiguous),
        _ if is_not_finite(word) => Err(Misreading::OutOfRange),
        _ => number(word).unwrap_or_else(|| Ok(Value::String(word.to_owned()))),
    }
}

/// Truth values of YAML 1.1 that are words in 1.2: <https://yaml.org/type/bool.html>.
fn is_disputed_truth(word: &str) -> bool {
    let written_so = |plain: &str| {
        let title =
            plain.char_indices().all(|(i, c)| if i == 0 { c.is_ascii_uppercase() } else { c.is_ascii_lowercase() });
        plain.chars().all(|c| c.is_ascii_lowercase()) || plain.chars().all(|c| c.is_ascii_uppercase()) || title
    };
    matches!(word.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off") && written_so(word)
}

fn is_not_finite(word: &str) -> bool {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(word, ".nan" | ".NaN" | ".NAN")
}

/// The number a word is to at least one reader, or nothing if it is a text to all of them.
fn number(word: &str) -> Option<Result<Value, Misreading>> {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if is_base_sixty(unsigned) {
        return Some(Err(Misreading::Ambiguous));
    }
    // YAML 1.1 takes underscores out of numbers, 1.2 does not.
    let digits = unsigned.replace('_', "");
    let disputed = digits.len() < unsigned.len();
    let shape = Shape::of(&digits)?;
    if disputed || (shape == Shape::Hexadecimal && unsigned.len() < word.len()) {
        return Some(Err(Misreading::Ambiguous));
    }
    Some(match shape {
        Shape::Disputed => Err(Misreading::Ambiguous),
        Shape::Integer => integer(word, 10),
        Shape::Hexadecimal => integer(&digits[2..], 16),
        Shape::Float => float(word),
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Shape {
    Integer,
    Hexadecimal,
    Float,
    /// Octal, binary and leading zeros, and an exponent without a point or without a sign.
    Disputed,
}

impl Shape {
    fn of(digits: &str) -> Option<Self> {
        let all = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
        match digits.as_bytes() {
            [b'0', b'x', ..] => all(&digits[2..], 16).then_some(Self::Hexadecimal),
            [b'0', b'X', ..] => all(&digits[2..], 16).then_some(Self::Disputed),
            [b'0', b'o' | b'O', ..] => all(&digits[2..], 8).then_some(Self::Disputed),
            [b'0', b'b' | b'B', ..] => all(&digits[2..], 2).then_some(Self::Disputed),
            [b'0', _, ..] if all(digits, 10) => Some(Self::Disputed),
            _ if all(digits, 10) => Some(Self::Integer),
            _ => Self::of_float(digits),
        }
    }

    fn of_float(digits: &str) -> Option<Self> {
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (digits, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let decimal = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        if !decimal(whole) || !decimal(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let Some(exponent) = exponent else { return Some(Self::Float) };
        let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if power.is_empty() || !decimal(power) {
            return None;
        }
        let agreed = mantissa.contains('.') && power.len() < exponent.len();
        Some(if agreed { Self::Float } else { Self::Disputed })
    }
}

/// `1:30` is ninety in YAML 1.1: <https://yaml.org/type/int.html>.
fn is_base_sixty(word: &str) -> bool {
    let whole = word.split_once('.').map_or(word, |(whole, _)| whole);
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let below_sixty = |text: &str| text.parse::<u8>().is_ok_and(|number| number < 60) && text.len() <= 2;
    digits(first) && rest.peek().is_some() && rest.all(below_sixty)
}

fn integer(digits: &str, radix: u32) -> Result<Value, Misreading> {
    let signed = i64::from_str_radix(digits, radix).map(Number::from);
    let number = signed.or_else(|_| u64::from_str_radix(digits, radix).map(Number::from));
    number.map(Value::Number).map_err(|_| Misreading::OutOfRange)
}

fn float(word: &str) -> Result<Value, Misreading> {
    let number = word.parse().ok().and_then(Number::from_f64);
    number.map(Value::Number).ok_or(Misreading::OutOfRange)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_that_all_readers_agree_on_have_a_meaning() {
        let cases = [
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("True", json!(true)),
            ("false", json!(false)),
            ("0", json!(0)),
            ("-7", json!(-7)),
            ("+7", json!(7)),
            ("18446744073709551615", json!(u64::MAX)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("0x1F", json!(31)),
            ("1.5", json!(1.5)),
            (".5", json!(0.5)),
            ("1.", json!(1.0)),
            ("1.0e+3", json!(1000.0)),
            ("-2.5E-3", json!(-0.0025)),
        ];
        for (word, value) in cases {
            assert_eq!(read(word), Ok(value), "{word}");
        }
    }

    #[test]
    fn words_that_are_texts_to_all_readers_are_texts() {
        for word in [
            "nginx",
            ".",
            "..",
            "./api",
            "1.2.3",
            "10.0.0.1",
            "8080:80",
            "1:2:3:4a",
            "2026-01-31",
            "v1",
            "-",
            "--flag",
            "+x",
            "0xzz",
            "0b2",
            "1e",
            "e3",
            "yEs",
            "oN",
            "nULL",
            "tRUE",
            "=",
            "1Gi",
            "100m",
            "12:60",
            "_1",
            "-.",
            "1 2",
            "60s",
            "*/5",
        ] {
            assert_eq!(read(word), Ok(Value::String(word.to_owned())), "{word}");
        }
    }

    #[test]
    fn words_that_readers_dispute_are_refused() {
        for word in [
            "yes", "No", "ON", "off", "y", "N", "0777", "007", "08", "-012", "0o17", "0O17", "0b101", "0X1F", "-0x1F",
            "1_000", "1__0", "1_0.5", "1e3", "1E+3", "1.5e3", "12:30", "-1:30:00", "1:30.5",
        ] {
            assert_eq!(read(word), Err(Misreading::Ambiguous), "{word}");
        }
    }

    #[test]
    fn numbers_beyond_json_are_refused() {
        for word in [".inf", "-.INF", "+.Inf", ".NaN", "18446744073709551616", "0xFFFFFFFFFFFFFFFFF", "1.0e+999"] {
            assert_eq!(read(word), Err(Misreading::OutOfRange), "{word}");
        }
    }
}

//! Numbers in tar headers.

/// Reads octal digits between optional spaces before and spaces or NULs after. Nothing else is a number here, above all
/// not the binary form that GNU tar uses from 8 GiB, which programs read differently.
pub(super) fn octal(field: &[u8]) -> Option<u64> {
    let from = field.iter().position(|c| *c != b' ')?;
    let digits = &field[from..];
    let end = digits.iter().position(|c| matches!(c, b' ' | 0)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    let is_number = !digits.is_empty()
        && digits.iter().all(|c| matches!(c, b'0'..=b'7'))
        && rest.iter().all(|c| matches!(c, b' ' | 0));
    // A field has at most 12 digits, which are 36 bits.
    is_number.then(|| digits.iter().fold(0, |number, digit| number << 3 | u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_octal_numbers_are_numbers() {
        assert_eq!(octal(b"0000644\0"), Some(0o644));
        assert_eq!(octal(b"   644 \0"), Some(0o644));
        assert_eq!(octal(b"777777777777"), Some(0o777_777_777_777));
        for field in
            [&b"\0\0\0\0"[..], b"    ", b"", b"0008\0", b"-001\0", b"01\x001", b"0x10", b"\x80\0\0\x01", b"1 1\0"]
        {
            assert_eq!(octal(field), None, "{field:?}");
        }
    }
}

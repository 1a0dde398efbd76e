//! Words as the builder separates them: by white space, except inside quotes and after the escape character.

/// The words of a text as they are written, quotes and all.
pub(super) fn words(text: &str, escape: char) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = rest.split_at(end(rest, escape));
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// The word without its quotes and escapes.
pub(super) fn unquoted(word: &str, escape: char) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut quote = None;
    let mut characters = word.chars();
    while let Some(c) = characters.next() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ if c == escape && quote != Some('\'') => plain.extend(characters.next()),
            _ => plain.push(c),
        }
    }
    plain
}

/// Where the first word ends.
pub(super) fn end(text: &str, escape: char) -> usize {
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((index, c)) = characters.next() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_whitespace() => return index,
            _ if c == escape && quote != Some('\'') => drop(characters.next()),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        let text = r#" a  "b c"d 'e\' f\ g "h\" i" "#;
        assert_eq!(words(text, '\\'), ["a", "\"b c\"d", r"'e\'", r"f\ g", r#""h\" i""#]);
        let plain: Vec<_> = words(text, '\\').iter().map(|word| unquoted(word, '\\')).collect();
        assert_eq!(plain, ["a", "b cd", r"e\", "f g", "h\" i"]);
        assert_eq!(words("a` b", '`'), ["a` b"]);
    }
}

//! Text as search sees it: case, accents and width never matter.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of one term that are kept; longer ones are cut, on both sides of the comparison.
pub const TERM_CHARS_MAX: usize = 64;
/// Terms taken from one text.
const TERMS_MAX: usize = 32;

/// Folds text for comparison: compatibility decomposition, no combining marks, lower case.
///
/// `Ünïcode`, `UNICODE` and its full-width form fold to the same text.
pub fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).nfkc().collect()
}

/// The words of a text, folded, each cut to [`TERM_CHARS_MAX`], without repetition, in order.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in fold(text).split(|c: char| !c.is_alphanumeric()) {
        let word: String = word.chars().take(TERM_CHARS_MAX).collect();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
        if words.len() == TERMS_MAX {
            break;
        }
    }
    words
}

/// Cuts a text to `chars` characters and replaces NUL, which PostgreSQL cannot store in text.
pub fn cap(text: &str, chars: usize) -> String {
    text.chars().take(chars).map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect()
}

/// The ASCII digits of a text.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_width_never_matter() {
        for same in ["Grace Müller", "grace muller", "GRACE MU\u{308}LLER", "Ｇｒａｃｅ müller"] {
            assert_eq!(words(same), ["grace", "muller"], "{same}");
        }
    }

    #[test]
    fn terms_are_bounded() {
        let long = "x".repeat(5_000);
        assert_eq!(words(&long)[0].len(), TERM_CHARS_MAX);
        let many = (0..1_000).map(|n| format!("w{n} ")).collect::<String>();
        assert_eq!(words(&many).len(), TERMS_MAX);
    }
}

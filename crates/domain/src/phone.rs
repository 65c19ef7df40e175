//! Telephone numbers: kept as sent, and normalised to E.164 where that can be done without guessing wildly.
//!
//! Dialpad sends E.164, the same without its plus sign, formatted national numbers, and words (`blocked`). Numbers
//! need only be *possible*, not assigned: new area codes appear before our tables know them. The national number
//! of a company in the United States or Canada is what Dialpad shows without a country code, hence the default.

use std::borrow::Cow;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use crate::json::without_nul;

/// The longest number kept, in bytes; E.164 needs 16.
pub const NUMBER_BYTES_MAX: usize = 128;

/// The most digits an E.164 number can have (ITU-T E.164).
const E164_DIGITS_MAX: usize = 15;

/// What is dialled in North America before a foreign country code.
const IDD_PREFIX: &str = "011";

/// A number or the word Dialpad sends in place of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber {
    raw: String,
    e164: Option<String>,
}

impl PhoneNumber {
    /// Reads a number as sent; `None` when there is nothing but white space.
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.trim().is_empty() {
            return None;
        }
        Some(Self { raw: cut(without_nul(raw)), e164: e164(raw.trim()) })
    }

    /// The number as Dialpad sent it, except that NUL is replaced and that it is cut at [`NUMBER_BYTES_MAX`].
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The number in E.164, with its plus sign; `None` for what is not a possible number.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The digits to search by: those of the E.164 form, else the ASCII digits of what was sent, possibly none.
    pub fn digits(&self) -> Cow<'_, str> {
        match &self.e164 {
            Some(e164) => Cow::Borrowed(e164.trim_start_matches('+')),
            None => Cow::Owned(self.raw.chars().filter(char::is_ascii_digit).collect()),
        }
    }

    /// The number as written in its own country, for example `(206) 555-0177`; `None` without E.164.
    pub fn national(&self) -> Option<String> {
        if let Some(number) = self.north_american() {
            let (area, number) = number.split_at_checked(3)?;
            let (exchange, line) = number.split_at_checked(3)?;
            return Some(format!("({area}) {exchange}-{line}"));
        }
        let number = PHONE_NUMBER_UTIL.parse(self.e164()?, None).ok()?;
        Some(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National).into_owned())
    }

    /// The ten digits of a North American number, which all are written the same way: asking the library takes
    /// microseconds, and a page has many numbers. A test holds the two to the same answers.
    fn north_american(&self) -> Option<&str> {
        self.e164()?.strip_prefix("+1").filter(|number| number.len() == 10)
    }

    /// The number's country as two capital letters (ISO 3166-1); `None` without E.164 and for numbers of no
    /// country. An unassigned number counts to the main country of its country code.
    pub fn country(&self) -> Option<String> {
        let number = PHONE_NUMBER_UTIL.parse(self.e164()?, None).ok()?;
        let region = PHONE_NUMBER_UTIL
            .get_region_for_number(&number)
            .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code))?;
        // Numbers of no country (satellite, toll-free without borders) belong to the made-up region 001.
        let name = region.to_string();
        name.bytes().all(|letter| letter.is_ascii_uppercase()).then_some(name)
    }
}

impl std::fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.e164().unwrap_or(&self.raw))
    }
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(NUMBER_BYTES_MAX));
    text
}

fn e164(raw: &str) -> Option<String> {
    if let Some(number) = plain_north_american(raw) {
        return Some(number);
    }
    // The library reads letters as keypad digits and every script's digits: both are words to us.
    let is_punctuation = |character: char| matches!(character, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}');
    let (has_plus, number) = raw.strip_prefix('+').map_or((false, raw), |number| (true, number));
    if !number.chars().all(|character| character.is_ascii_digit() || is_punctuation(character)) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > IDD_PREFIX.len() + E164_DIGITS_MAX {
        return None;
    }
    if has_plus {
        return international(&digits, Certainty::Stated);
    }
    if let Some(number) = plain_north_american(&digits) {
        return Some(number);
    }
    match digits.strip_prefix(IDD_PREFIX) {
        Some(number) => international(number, Certainty::Stated),
        None => international(&digits, Certainty::Guessed),
    }
}

/// Whether the sender said that the digits begin with a country code.
#[derive(Clone, Copy, PartialEq)]
enum Certainty {
    Stated,
    Guessed,
}

fn international(digits: &str, certainty: Certainty) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok()?;
    let is_accepted = match certainty {
        Certainty::Stated => is_complete(&number),
        Certainty::Guessed => PHONE_NUMBER_UTIL.is_valid_number(&number),
    };
    is_accepted.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// Of a possible length, and not only when dialled from the same town.
fn is_complete(number: &rlibphonenumber::PhoneNumber) -> bool {
    let length = PHONE_NUMBER_UTIL.is_possible_number_with_reason(number);
    matches!(length, Ok(rlibphonenumber::NumberLengthType::IsPossible))
}

/// The forms nearly all events use, `+1`, `1` or nothing before the ten digits of a North American number (whose
/// area code never starts with 0 or 1), without asking the library: it takes microseconds, and every event carries
/// several numbers. A test holds the two to the same answers.
fn plain_north_american(raw: &str) -> Option<String> {
    let rest = raw.strip_prefix('+').unwrap_or(raw);
    let number = match (raw.len() - rest.len(), rest.len()) {
        (_, 11) => rest.strip_prefix('1')?,
        (0, 10) => rest,
        _ => return None,
    };
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with(['0', '1']);
    is_plain.then(|| format!("+1{number}"))
}

//! Proves which numbers become E.164, and that the short cut for common forms answers as the library does.

use domain::phone::{NUMBER_BYTES_MAX, PhoneNumber};
use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

#[test]
fn numbers_are_normalised() {
    for (raw, expected) in [
        ("+12065550177", Some("+12065550177")),
        ("12065550101", Some("+12065550101")),
        ("14155551001", Some("+14155551001")),
        ("2065550177", Some("+12065550177")),
        ("(206) 555-0177", Some("+12065550177")),
        ("+1 (206) 555-0177", Some("+12065550177")),
        ("1-206-555-0177", Some("+12065550177")),
        (" 206.555.0177 ", Some("+12065550177")),
        ("+442071838750", Some("+442071838750")),
        ("+44 20 7183 8750", Some("+442071838750")),
        ("442071838750", Some("+442071838750")),
        ("011442071838750", Some("+442071838750")),
        ("+4930901820", Some("+4930901820")),
        ("+18035550100", Some("+18035550100")),
        ("blocked", None),
        ("anonymous", None),
        ("+", None),
        ("+1", None),
        ("911", None),
        ("5550177", None),
        ("0000000000", None),
        ("1-800-FLOWERS", None),
        ("+1206555017", None),
        ("+120655501777", None),
        ("+12065550177;ext=5", None),
        ("+1206555017٧", None),
        ("٢٠٦٥٥٥٠١٧٧", None),
        ("1234567890123456789012345678901234567890", None),
        ("+1234567890123456789012345678901234567890", None),
        ("++12065550177", None),
    ] {
        let number = PhoneNumber::parse(raw).unwrap();
        assert_eq!(number.e164(), expected, "{raw}");
        assert_eq!(number.raw(), raw);
    }
}

#[test]
fn blank_is_no_number() {
    for blank in ["", " ", "\t\n", "\u{a0}"] {
        assert_eq!(PhoneNumber::parse(blank), None);
    }
}

#[test]
fn raw_is_kept_but_for_nul_and_length() {
    let number = PhoneNumber::parse("blo\0cked").unwrap();
    assert_eq!(number.raw(), "blo\u{fffd}cked");
    let long = PhoneNumber::parse(&"é".repeat(NUMBER_BYTES_MAX)).unwrap();
    assert_eq!(long.raw().len(), NUMBER_BYTES_MAX);
    assert_eq!(long.digits(), "");
}

#[test]
fn digits_national_and_country() {
    let number = PhoneNumber::parse("(206) 555-0177").unwrap();
    assert_eq!(number.digits(), "12065550177");
    assert_eq!(number.national().as_deref(), Some("(206) 555-0177"));
    assert_eq!(number.country().as_deref(), Some("US"));
    let toronto = PhoneNumber::parse("+14165550134").unwrap();
    assert_eq!(toronto.country().as_deref(), Some("CA"));
    let london = PhoneNumber::parse("442071838750").unwrap();
    assert_eq!(london.national().as_deref(), Some("020 7183 8750"));
    assert_eq!(london.country().as_deref(), Some("GB"));
    let unassigned = PhoneNumber::parse("+15555550142").unwrap();
    assert_eq!(unassigned.country().as_deref(), Some("US"));
    let word = PhoneNumber::parse("ext. 4-2").unwrap();
    assert_eq!((word.digits().as_ref(), word.national(), word.country()), ("42", None, None));
}

fn by_library(raw: &str) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(raw, Some(Region::US)).ok()?;
    let is_possible = PHONE_NUMBER_UTIL.is_possible_number(&number);
    is_possible.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

proptest! {
    #[test]
    fn short_cut_agrees_with_the_library(prefix in "(\\+1|1|)", number in "[2-9][0-9]{9}") {
        let raw = format!("{prefix}{number}");
        let parsed = PhoneNumber::parse(&raw).unwrap();
        let expected = by_library(&raw);
        prop_assert_eq!(parsed.e164(), expected.as_deref());
    }

    #[test]
    fn north_american_numbers_are_written_as_the_library_writes_them(number in "[2-9][0-9]{9}") {
        let number = PhoneNumber::parse(&number).unwrap();
        if let Some(e164) = number.e164() {
            let parsed = PHONE_NUMBER_UTIL.parse(e164, None).unwrap();
            let expected = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::National).into_owned();
            prop_assert_eq!(number.national(), Some(expected));
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(raw in "\\+?[0-9 ()-]{1,20}") {
        if let Some(e164) = PhoneNumber::parse(&raw).as_ref().and_then(PhoneNumber::e164) {
            let again = PhoneNumber::parse(e164).unwrap();
            prop_assert_eq!(again.e164(), Some(e164));
        }
    }

    #[test]
    fn any_text_is_kept(raw in "\\PC{1,60}") {
        if let Some(number) = PhoneNumber::parse(&raw) {
            prop_assert!(raw.starts_with(number.raw()));
            prop_assert!(number.digits().bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}

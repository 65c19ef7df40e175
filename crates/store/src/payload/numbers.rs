//! Taking the numbers out of a payload. What is left, its template, is much the same for all events, and a dictionary
//! made of templates does not grow old as one with last year's dates in it does.
//!
//! Nothing here knows JSON: a run of digits is a number wherever it stands, and comes back as the same digits. A number
//! is written as itself, as one that was there before (a date or a telephone number occurs several times in an event),
//! or as the difference from the long number before it (the dates of a call are close together).

/// Stands in the template for a number. JSON knows no such byte; a payload that has it is not taken apart.
const MARK: u8 = 1;
/// Digits of a number that is taken out: shorter ones gain nothing, longer ones may not fit.
const DIGITS_MIN: usize = 4;
const DIGITS_MAX: usize = 18;
/// A number with so many digits is long: a date or an id.
const LONG_MIN: u64 = 1_000_000_000;
/// Numbers that are remembered.
const SEEN_MAX: usize = 32;

/// The forms of a number, in the two lowest bits of what is written.
const ITSELF: u64 = 0;
const SEEN: u64 = 1;
const DIFFERENCE: u64 = 2;

/// What was there before in the same payload.
#[derive(Default)]
struct Memory {
    seen: [u64; SEEN_MAX],
    /// Different numbers so far.
    count: usize,
    long: Option<u64>,
}

impl Memory {
    /// How many different numbers ago `number` was new.
    fn ago(&self, number: u64) -> Option<usize> {
        (0..self.count.min(SEEN_MAX)).find(|ago| self.nth_ago(*ago) == Some(number))
    }

    fn nth_ago(&self, ago: usize) -> Option<u64> {
        let at = self.count.checked_sub(ago + 1).filter(|_| ago < SEEN_MAX)?;
        self.seen.get(at % SEEN_MAX).copied()
    }

    fn note(&mut self, number: u64, is_new: bool) {
        if is_new {
            if let Some(place) = self.seen.get_mut(self.count % SEEN_MAX) {
                *place = number;
            }
            self.count += 1;
        }
        if number >= LONG_MIN {
            self.long = Some(number);
        }
    }
}

/// Takes `payload` apart; false when it cannot be, whatever was written until then.
pub(super) fn split(payload: &[u8], template: &mut Vec<u8>, numbers: &mut Vec<u8>) -> bool {
    if payload.contains(&MARK) {
        return false;
    }
    let mut memory = Memory::default();
    let (mut rest, mut at) = (payload, 0);
    while let Some(byte) = rest.get(at) {
        if !byte.is_ascii_digit() {
            at += 1;
            continue;
        }
        let digits = rest.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
        match number(rest.get(at..at + digits).unwrap_or_default()) {
            None => at += digits,
            Some(number) => {
                template.extend(rest.get(..at).unwrap_or_default());
                template.push(MARK);
                write(number, &mut memory, numbers);
                rest = rest.get(at + digits..).unwrap_or_default();
                at = 0;
            }
        }
    }
    template.extend(rest);
    true
}

/// The number that these digits are, if the same digits can be made from it again.
fn number(digits: &[u8]) -> Option<u64> {
    if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) || digits.first() == Some(&b'0') {
        return None;
    }
    Some(digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

fn write(number: u64, memory: &mut Memory, numbers: &mut Vec<u8>) {
    let ago = memory.ago(number);
    let difference = memory.long.filter(|_| number >= LONG_MIN).map(|long| zigzag(number.wrapping_sub(long)));
    let written = [
        Some(number << 2 | ITSELF),
        ago.and_then(|ago| u64::try_from(ago).ok()).map(|ago| ago << 2 | SEEN),
        difference.map(|difference| difference << 2 | DIFFERENCE),
    ];
    // The smallest is the shortest.
    if let Some(smallest) = written.into_iter().flatten().min() {
        write_varint(smallest, numbers);
    }
    memory.note(number, ago.is_none());
}

/// Puts a payload together again; nothing when it was not taken apart like that, or would be longer than `bytes_max`.
pub(super) fn join(template: &[u8], mut numbers: &[u8], bytes_max: usize) -> Option<Vec<u8>> {
    let mut memory = Memory::default();
    let mut payload = Vec::with_capacity(template.len() + 4 * numbers.len());
    let mut parts = template.split(|byte| *byte == MARK);
    payload.extend(parts.next()?);
    for part in parts {
        let written = read_varint(&mut numbers)?;
        let value = written >> 2;
        let number = match written & 3 {
            ITSELF => value,
            SEEN => memory.nth_ago(usize::try_from(value).ok()?)?,
            DIFFERENCE => memory.long?.wrapping_add(unzigzag(value)),
            _ => return None,
        };
        let is_new = memory.ago(number).is_none();
        memory.note(number, is_new);
        push_decimal(number, &mut payload);
        payload.extend(part);
        if payload.len() > bytes_max {
            return None;
        }
    }
    numbers.is_empty().then_some(payload)
}

fn push_decimal(mut number: u64, out: &mut Vec<u8>) {
    let start = out.len();
    loop {
        // A digit always fits.
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.get_mut(start..).unwrap_or_default().reverse();
}

/// Small differences of both signs as small numbers.
fn zigzag(difference: u64) -> u64 {
    let sign = if difference >> 63 == 1 { u64::MAX } else { 0 };
    (difference << 1) ^ sign
}

fn unzigzag(value: u64) -> u64 {
    let sign = if value & 1 == 1 { u64::MAX } else { 0 };
    (value >> 1) ^ sign
}

/// Seven bits a byte, the lowest first; all but the last byte have their highest bit set.
pub(super) fn write_varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(payload: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut template, mut numbers) = (Vec::new(), Vec::new());
        assert!(split(payload, &mut template, &mut numbers));
        (template, numbers)
    }

    #[test]
    fn numbers_leave_and_come_back() {
        let payload = br#"{"date_started":1789398245000,"date_rang":1789398245600,"phone":"+12065550133","other":"+12065550133","n":0042,"short":123,"talk":142400.017}"#;
        let (template, numbers) = apart(payload);
        assert_eq!(
            template.as_slice(),
            b"{\"date_started\":\x01,\"date_rang\":\x01,\"phone\":\"+\x01\",\"other\":\"+\x01\",\"n\":0042,\"short\":123,\"talk\":\x01.017}"
        );
        assert_eq!(numbers.len(), 7 + 2 + 6 + 1 + 3, "itself, near the one before, itself, seen, itself");
        assert_eq!(join(&template, &numbers, 1_000).unwrap(), payload);
    }

    #[test]
    fn everything_comes_back_as_it_was() {
        // Pieces in every order that a simple generator finds: borders of what is a number, and what is none.
        let pieces = [
            "0",
            "1",
            "999",
            "1000",
            "0001",
            "9999999999",
            "1000000000",
            "999999999",
            "123456789012345678",
            "999999999999999999",
            "1234567890123456789",
            "98765432109876543210",
            "1789398245000",
            "1789398245001",
            "",
            "a",
            "\"",
            "\u{0}",
            "ü",
            ".",
            "-",
            " 4711 ",
        ];
        let mut state = 1_u64;
        for _ in 0..20_000 {
            let mut payload = String::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                payload += pieces[usize::try_from(state >> 33).unwrap() % pieces.len()];
            }
            let (template, numbers) = apart(payload.as_bytes());
            assert_eq!(join(&template, &numbers, 10_000).unwrap(), payload.as_bytes());
        }
    }

    #[test]
    fn more_numbers_than_are_remembered_come_back() {
        let payload: String = (0..3).flat_map(|_| (1_000..1_100).map(|n| format!("{n},"))).collect();
        let (template, numbers) = apart(payload.as_bytes());
        assert_eq!(join(&template, &numbers, 10_000).unwrap(), payload.as_bytes());
    }

    #[test]
    fn what_was_not_taken_apart_is_not_put_together() {
        assert!(!split(b"1234\x01", &mut Vec::new(), &mut Vec::new()));
        let (template, numbers) = apart(b"1234 5678 1234");
        assert_eq!(join(&template, &numbers, 13), None, "too long");
        assert_eq!(join(&template, &numbers[1..], 100), None, "a number too few");
        assert_eq!(join(&template[1..], &numbers, 100), None, "a number too many");
        for numbers in [&[3][..], &[1], &[2], &[0x80; 12], &[0xff; 10]] {
            assert_eq!(join(b"\x01", numbers, 100), None, "{numbers:?}");
        }
    }
}

//! Reads payloads as they are stored, written from what `crates/store/src/payload` says about them and without its code.

use std::collections::HashMap;

use zstd::bulk::Decompressor;

/// Bytes of a payload.
const PAYLOAD_BYTES_MAX: usize = 1_024 * 1_024;
const DICTIONARIES: [&[u8]; 2] = [
    include_bytes!("../../crates/store/src/payload/events-1.dict"),
    include_bytes!("../../crates/store/src/payload/events-2.dict"),
];
const FRAME_BEGINS: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Stands where a number was taken out.
const MARK: u8 = 1;
/// How many of the different numbers before can be named.
const SEEN_MAX: usize = 32;
/// From here on a number is long.
const LONG_MIN: i128 = 1_000_000_000;

pub(crate) struct Reader {
    decompressors: [Decompressor<'static>; 2],
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { decompressors: DICTIONARIES.map(|bytes| Decompressor::with_dictionary(bytes).unwrap()) }
    }

    /// The payload; nothing when the bytes are not what the encoding says.
    pub(crate) fn read(&mut self, encoding: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        match encoding {
            "0" => Some(bytes.to_vec()),
            "1" => self.decompressors[0].decompress(bytes, PAYLOAD_BYTES_MAX).ok(),
            "3" => {
                let mut bytes = bytes;
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                let (numbers, frame) = bytes.split_at_checked(length)?;
                let frame = [&FRAME_BEGINS, frame].concat();
                let template = self.decompressors[1].decompress(&frame, PAYLOAD_BYTES_MAX).ok()?;
                with_numbers(&template, numbers)
            }
            other => panic!("nobody knows encoding {other}"),
        }
    }
}

/// Puts the numbers back: each as itself, as one of those before, or as its distance from the last long one.
fn with_numbers(template: &[u8], mut numbers: &[u8]) -> Option<Vec<u8>> {
    let (mut seen, mut places): (Vec<i128>, HashMap<i128, usize>) = (Vec::new(), HashMap::new());
    let (mut long, mut payload) = (None, Vec::new());
    for byte in template {
        if *byte != MARK {
            payload.push(*byte);
            continue;
        }
        let written = varint(&mut numbers)?;
        let value = i128::from(written / 4);
        let number = match written % 4 {
            0 => value,
            1 => *seen.iter().rev().take(SEEN_MAX).nth(usize::try_from(value).ok()?)?,
            2 if value % 2 == 0 => long? + value / 2,
            2 => long? - (value + 1) / 2,
            _ => return None,
        };
        // One that is too long ago to be named is new again.
        let is_known = places.get(&number).is_some_and(|place| seen.len() - place <= SEEN_MAX);
        if !is_known {
            places.insert(number, seen.len());
            seen.push(number);
        }
        if number >= LONG_MIN {
            long = Some(number);
        }
        payload.extend(number.to_string().bytes());
    }
    numbers.is_empty().then_some(payload)
}

/// Seven bits a byte, the lowest first; the last byte is below 128.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let end = bytes.iter().position(|byte| *byte < 128)?;
    let (own, rest) = bytes.split_at(end + 1);
    *bytes = rest;
    own.iter().rev().try_fold(0_u64, |value, byte| value.checked_mul(128)?.checked_add(u64::from(byte % 128)))
}

//! Payloads at rest: compressed with a dictionary of what Dialpad's events have in common.
//!
//! An event of 1.2 kB alone compresses to half, because its keys occur once; a dictionary knows them already. Numbers
//! cannot be known, so they are written by themselves ([`numbers`]). The version of the dictionary stands beside every
//! row, so that a better one can be trained without touching old rows.

mod numbers;

use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{CParameter, get_frame_content_size};

/// Written as it came: what does not get smaller.
const PLAIN: i16 = 0;
/// zstd with the first dictionary; read, no longer written.
const ZSTD_1: i16 = 1;
/// Sealed with the installation's key: what nobody signed, see [`crate::deliveries`].
pub(crate) const SEALED: i16 = 2;
/// The length of the numbers, the numbers, and the template by zstd with the second dictionary; without what every frame
/// begins with and without the dictionary's number, because the encoding names both.
const ZSTD_NUMBERS: i16 = 3;
/// Higher levels take twice the time for a tenth of the room.
const LEVEL: i32 = 3;
/// What every frame of zstd begins with.
const MAGIC: [u8; 4] = 0xfd2f_b528_u32.to_le_bytes();
/// Bytes that a stored payload can decompress to; a delivery has at most 1 MiB.
const PAYLOAD_BYTES_MAX: usize = 1_024 * 1_024;
/// Bytes that the length of the numbers can take.
const LENGTH_BYTES_MAX: usize = 3;

const DICTIONARY_1: &[u8] = include_bytes!("events-1.dict");
const DICTIONARY_2: &[u8] = include_bytes!("events-2.dict");
static DECODER_1: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY_1));
static ENCODER_2: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY_2, LEVEL));
static DECODER_2: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY_2));

/// A stored payload cannot be read.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// Compresses payloads; one per writer, because it keeps its working memory.
pub(crate) struct Encoder {
    compressor: Option<Compressor<'static>>,
    template: Vec<u8>,
    numbers: Vec<u8>,
}

impl Encoder {
    pub(crate) fn new() -> Self {
        let compressor = Compressor::with_prepared_dictionary(&ENCODER_2).and_then(|mut compressor| {
            compressor.set_parameter(CParameter::DictIdFlag(false))?;
            Ok(compressor)
        });
        if let Err(error) = &compressor {
            tracing::warn!(%error, "payloads are stored uncompressed");
        }
        Self { compressor: compressor.ok(), template: Vec::new(), numbers: Vec::new() }
    }

    /// The encoding to store with the bytes to store.
    pub(crate) fn encode(&mut self, payload: &[u8]) -> (i16, Vec<u8>) {
        match self.compressed(payload) {
            Some(stored) if stored.len() < payload.len() => (ZSTD_NUMBERS, stored),
            Some(_) | None => (PLAIN, payload.to_vec()),
        }
    }

    fn compressed(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        self.template.clear();
        self.numbers.clear();
        if payload.len() > PAYLOAD_BYTES_MAX
            || !numbers::split(payload, &mut self.template, &mut self.numbers)
        {
            return None;
        }
        let frame = self.compressor.as_mut()?.compress(&self.template).ok()?;
        let frame = frame.strip_prefix(&MAGIC)?;
        let mut stored = Vec::with_capacity(LENGTH_BYTES_MAX + self.numbers.len() + frame.len());
        numbers::write_varint(self.numbers.len() as u64, &mut stored);
        stored.extend(&self.numbers);
        stored.extend(frame);
        Some(stored)
    }
}

/// What a payload is like without its numbers: what a dictionary is trained on.
pub fn template(payload: &[u8]) -> Vec<u8> {
    let mut template = Vec::new();
    let is_split = numbers::split(payload, &mut template, &mut Vec::new());
    if is_split { template } else { payload.to_vec() }
}

/// Reads stored payloads; one per query.
pub(crate) struct Decoder {
    first: Option<Decompressor<'static>>,
    second: Option<Decompressor<'static>>,
    /// The frame that is read, whole.
    frame: Vec<u8>,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        let reader = |dictionary| Decompressor::with_prepared_dictionary(dictionary).ok();
        Self { first: reader(&*DECODER_1), second: reader(&*DECODER_2), frame: Vec::new() }
    }

    /// The payload as it came.
    ///
    /// # Errors
    /// [`Unreadable`] when the bytes were not written by an [`Encoder`].
    pub(crate) fn decode(&mut self, encoding: i16, stored: &[u8]) -> Result<Vec<u8>, Unreadable> {
        match encoding {
            PLAIN => Ok(stored.to_vec()),
            ZSTD_1 => decompress(self.first.as_mut(), stored),
            ZSTD_NUMBERS => self.decode_numbers(stored),
            _ => Err(Unreadable),
        }
    }

    fn decode_numbers(&mut self, mut stored: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let length = numbers::read_varint(&mut stored).and_then(|length| usize::try_from(length).ok());
        let (numbers, frame) = stored.split_at_checked(length.ok_or(Unreadable)?).ok_or(Unreadable)?;
        self.frame.clear();
        self.frame.extend(MAGIC);
        self.frame.extend(frame);
        let template = decompress(self.second.as_mut(), &self.frame)?;
        numbers::join(&template, numbers, PAYLOAD_BYTES_MAX).ok_or(Unreadable)
    }
}

fn decompress(decompressor: Option<&mut Decompressor<'static>>, frame: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let size = get_frame_content_size(frame).ok().flatten().and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| *size <= PAYLOAD_BYTES_MAX).ok_or(Unreadable)?;
    decompressor.ok_or(Unreadable)?.decompress(frame, size).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_back_as_it_was() {
        let (mut encoder, mut decoder) = (Encoder::new(), Decoder::new());
        let event =
            br#"{"call_id":7,"state":"hangup","direction":"inbound","external_number":"+12065550142"}"#;
        let noise: Vec<u8> = (0..5_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        let digits = vec![b'7'; 1_000_000];
        let numbers: Vec<u8> = (0..90_000).flat_map(|n| format!("{},", n * 7_919).into_bytes()).collect();
        for payload in [&b""[..], b"x", event, &noise, &vec![b'a'; 1_000_000], &digits, &numbers] {
            let (encoding, stored) = encoder.encode(payload);
            assert!(stored.len() <= payload.len());
            assert_eq!(decoder.decode(encoding, &stored).unwrap(), payload);
        }
        assert_eq!(encoder.encode(event).0, ZSTD_NUMBERS, "what the dictionary knows gets smaller");
    }

    /// Rows of every version before stay readable.
    #[test]
    fn what_was_written_with_the_first_dictionary_is_read() {
        let event = br#"{"call_id":7,"state":"hangup","direction":"inbound"}"#;
        let stored = Compressor::with_dictionary(1, DICTIONARY_1).unwrap().compress(event).unwrap();
        assert_eq!(Decoder::new().decode(ZSTD_1, &stored).unwrap(), event);
    }

    #[test]
    fn what_nobody_wrote_is_unreadable() {
        let mut decoder = Decoder::new();
        for (encoding, stored) in [
            (ZSTD_1, &b"x"[..]),
            (ZSTD_1, b""),
            (ZSTD_NUMBERS, b"x"),
            (ZSTD_NUMBERS, b""),
            (7, b"x"),
            (-1, b""),
        ] {
            assert!(decoder.decode(encoding, stored).is_err());
        }
        let (_, mut stored) =
            Encoder::new().encode(br#"{"call_id":7,"state":"hangup","direction":"inbound"}"#);
        stored.truncate(stored.len() - 1);
        assert!(decoder.decode(ZSTD_NUMBERS, &stored).is_err());
    }
}

//! Payloads at rest: compressed with a dictionary of what Dialpad's events have in common.
//!
//! An event of 1.2 kB alone compresses to half, because its keys occur once; a dictionary knows them already. The
//! version of the dictionary stands beside every row, so that a better one can be trained without touching old rows.

use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::get_frame_content_size;

/// Written as it came: what does not get smaller.
const PLAIN: i16 = 0;
/// zstd with the first dictionary.
const ZSTD_1: i16 = 1;
/// Sealed with the installation's key: what nobody signed, see [`crate::deliveries`].
pub(crate) const SEALED: i16 = 2;
/// The fastest level: with a dictionary, higher ones gain little.
const LEVEL: i32 = 1;
/// Bytes that a stored payload can decompress to; a delivery has at most 1 MiB.
const PAYLOAD_BYTES_MAX: u64 = 1_024 * 1_024;

const DICTIONARY_1: &[u8] = include_bytes!("events-1.dict");
static ENCODER_1: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY_1, LEVEL));
static DECODER_1: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY_1));

/// A stored payload cannot be read.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// Compresses payloads; one per writer, because it keeps its working memory.
pub(crate) struct Encoder(Option<Compressor<'static>>);

impl Encoder {
    pub(crate) fn new() -> Self {
        let compressor = Compressor::with_prepared_dictionary(&ENCODER_1);
        if let Err(error) = &compressor {
            tracing::warn!(%error, "payloads are stored uncompressed");
        }
        Self(compressor.ok())
    }

    /// The encoding to store with the bytes to store.
    pub(crate) fn encode(&mut self, payload: &[u8]) -> (i16, Vec<u8>) {
        let compressed = self.0.as_mut().and_then(|compressor| compressor.compress(payload).ok());
        match compressed {
            Some(compressed) if compressed.len() < payload.len() => (ZSTD_1, compressed),
            Some(_) | None => (PLAIN, payload.to_vec()),
        }
    }
}

/// Reads stored payloads; one per query.
pub(crate) struct Decoder(Option<Decompressor<'static>>);

impl Decoder {
    pub(crate) fn new() -> Self {
        Self(Decompressor::with_prepared_dictionary(&DECODER_1).ok())
    }

    /// The payload as it came.
    ///
    /// # Errors
    /// [`Unreadable`] when the bytes were not written by an [`Encoder`].
    pub(crate) fn decode(&mut self, encoding: i16, stored: &[u8]) -> Result<Vec<u8>, Unreadable> {
        match encoding {
            PLAIN => Ok(stored.to_vec()),
            ZSTD_1 => {
                let size =
                    get_frame_content_size(stored).ok().flatten().filter(|size| *size <= PAYLOAD_BYTES_MAX);
                let size = usize::try_from(size.ok_or(Unreadable)?).map_err(|_| Unreadable)?;
                let decompressor = self.0.as_mut().ok_or(Unreadable)?;
                decompressor.decompress(stored, size).map_err(|_| Unreadable)
            }
            _ => Err(Unreadable),
        }
    }
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
        for payload in [&b""[..], b"x", event, &noise, &vec![b'a'; 1_000_000]] {
            let (encoding, stored) = encoder.encode(payload);
            assert!(stored.len() <= payload.len());
            assert_eq!(decoder.decode(encoding, &stored).unwrap(), payload);
        }
        assert_eq!(encoder.encode(event).0, ZSTD_1, "what the dictionary knows gets smaller");
    }

    #[test]
    fn what_nobody_wrote_is_unreadable() {
        let mut decoder = Decoder::new();
        for (encoding, stored) in [(ZSTD_1, &b"x"[..]), (ZSTD_1, b""), (7, b"x"), (-1, b"")] {
            assert!(decoder.decode(encoding, stored).is_err());
        }
        let (_, mut stored) =
            Encoder::new().encode(br#"{"call_id":7,"state":"hangup","direction":"inbound"}"#);
        stored.truncate(stored.len() - 1);
        assert!(decoder.decode(ZSTD_1, &stored).is_err());
    }
}

//! Proves by properties that only the exact bytes signed are accepted, and that an independent verifier agrees.

use aws_lc_rs::hmac;
use domain::jws::{Refusal, sign, verify};
use proptest::prelude::*;

use crate::jws::{SECRET, live, secret};

/// Headers with the verdict each deserves.
const HEADERS: [(&str, bool); 8] = [
    (r#"{"alg":"HS256","typ":"JWT"}"#, true),
    (r#"{"typ":"JWT","alg":"HS256"}"#, true),
    (r#"{"alg":"HS256","kid":"1"}"#, true),
    (r#"{"alg":"HS512"}"#, false),
    (r#"{"alg":"none"}"#, false),
    (r#"{"alg":"HS256","crit":["exp"]}"#, false),
    (r#"{"alg":"none","alg":"HS256"}"#, false),
    ("HS256", false),
];

/// Written from RFC 4648 and RFC 7515 alone, bit by bit, sharing nothing with the code under test but the HMAC.
fn accepts(body: &[u8]) -> Option<Vec<u8>> {
    let is_space = |byte: &u8| [b' ', b'\t', b'\n', b'\r', b'\x0c'].contains(byte);
    let start = body.iter().position(|byte| !is_space(byte))?;
    let end = body.iter().rposition(|byte| !is_space(byte))? + 1;
    let token = &body[start..end];
    let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    let [header, payload, tag] = parts.as_slice() else { return None };
    let header = String::from_utf8(base64url(header)?).ok()?;
    HEADERS.iter().find(|(known, is_good)| *is_good && *known == header)?;
    let signed = &token[..header_and_payload(&parts)];
    let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), signed);
    let payload = base64url(payload)?;
    (base64url(tag)? == expected.as_ref()).then_some(payload)
}

fn header_and_payload(parts: &[&[u8]]) -> usize {
    parts[0].len() + 1 + parts[1].len()
}

fn base64url(text: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for letter in text {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits.extend((0..6).rev().map(|bit| value >> bit & 1));
    }
    let spare = bits.split_off(bits.len() / 8 * 8);
    let is_canonical = spare.len() < 6 && spare.iter().all(|bit| *bit == 0);
    is_canonical.then(|| bits.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect())
}

fn signed(header: &str, payload: &[u8]) -> Vec<u8> {
    use base64::engine::{Engine as _, general_purpose::URL_SAFE_NO_PAD};
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag)).into_bytes()
}

/// One way to spoil a token.
#[derive(Debug, Clone)]
enum Mutation {
    Replace(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Cut(prop::sample::Index),
    Double(prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"ABab01-_+/=. \n\"{".to_vec())];
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), byte.clone()).prop_map(|(index, byte)| Mutation::Replace(index, byte)),
        (index(), byte).prop_map(|(index, byte)| Mutation::Insert(index, byte)),
        index().prop_map(Mutation::Remove),
        index().prop_map(Mutation::Cut),
        index().prop_map(Mutation::Double),
    ]
}

fn apply(token: &mut Vec<u8>, mutation: &Mutation) {
    if token.is_empty() {
        return;
    }
    match mutation {
        Mutation::Replace(index, byte) => *index.get_mut(token) = *byte,
        Mutation::Insert(index, byte) => token.insert(index.index(token.len() + 1), *byte),
        Mutation::Remove(index) => drop(token.remove(index.index(token.len()))),
        Mutation::Cut(index) => token.truncate(index.index(token.len())),
        Mutation::Double(index) => {
            let tail = token[index.index(token.len())..].to_vec();
            token.extend(tail);
        }
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let token = sign(br#"{"call_id":7,"state":"hangup"}"#, &secret(SECRET)).into_bytes();
    let live = live();
    for bit in 0..token.len() * 8 {
        let mut flipped = token.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(verify(&flipped, &live).is_err(), "bit {bit}");
    }
    assert!(verify(&token, &live).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_independent_verifier_agrees(
        header in prop::sample::select(HEADERS.to_vec()),
        payload in prop::collection::vec(any::<u8>(), 0..40),
        mutations in prop::collection::vec(mutation(), 0..3),
    ) {
        let mut token = signed(header.0, &payload);
        mutations.iter().for_each(|mutation| apply(&mut token, mutation));
        let verdict = verify(&token, &live()).map(|verified| verified.payload).ok();
        prop_assert_eq!(verdict, accepts(&token));
    }

    #[test]
    fn any_body_gets_a_verdict(body in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(verify(&body, &live()).is_err());
    }

    #[test]
    fn what_we_sign_we_accept(payload in prop::collection::vec(any::<u8>(), 0..300), other in "[a-z]{1,20}") {
        let token = sign(&payload, &secret(SECRET));
        prop_assert_eq!(verify(token.as_bytes(), &live()).unwrap().payload, payload.clone());
        let stranger = sign(&payload, &secret(&other));
        prop_assert_eq!(verify(stranger.as_bytes(), &live()).unwrap_err(), Refusal::Signature);
    }
}

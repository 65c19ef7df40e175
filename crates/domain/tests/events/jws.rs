//! Proves what becomes of every hostile token (the webhook rows WH-001 to WH-054 that concern tokens and secrets).

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use domain::jws::{KeyUsed, LiveSecrets, Refusal, RefusalKind, Secret, SecretError, sign, verify};

use crate::samples::direct_hangup;

pub(crate) const SECRET: &str = "correct horse battery staple 7";

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

pub(crate) fn live() -> LiveSecrets {
    LiveSecrets { current: secret(SECRET), previous: None }
}

/// A token with any header and payload, signed with any HMAC and key.
fn token_with(header: &[u8], payload: &[u8], algorithm: hmac::Algorithm, key: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// A token rightly signed, with any header.
fn token(header: &str) -> String {
    token_with(header.as_bytes(), br#"{"call_id":7}"#, hmac::HMAC_SHA256, SECRET.as_bytes())
}

fn valid() -> String {
    sign(direct_hangup().to_string().as_bytes(), &secret(SECRET))
}

/// A valid token whose parts hold the characters in which the two base64 alphabets differ.
fn with_url_letters() -> String {
    sign(&[0xfb, 0xff, 0xbe, 0xfb, 0xff, 0xbe], &secret(SECRET))
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

/// What is signed and the signature, with the last character of the signature raised by one: same bytes, other bits.
fn with_loose_bits(token: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = token.as_bytes().to_vec();
    let last = bytes.last_mut().unwrap();
    let place = alphabet.iter().position(|letter| letter == last).unwrap();
    *last = alphabet[place + 1];
    String::from_utf8(bytes).unwrap()
}

#[test]
fn tokens_that_are_accepted() {
    let payload = direct_hangup().to_string();
    let rows: Vec<(&str, String)> = vec![
        ("WH-001", valid()),
        ("white space around", format!(" \r\n\t{}\n", valid())),
        ("WH-013 empty payload", sign(b"", &secret(SECRET))),
        ("payload not JSON", sign(b"\xff\x00not json", &secret(SECRET))),
        ("WH-024 kid", token(r#"{"alg":"HS256","kid":"' union select 'x"}"#)),
        (
            "WH-025 jku",
            token(r#"{"alg":"HS256","jku":"https://evil.example/k","x5u":"https://evil.example/c"}"#),
        ),
        ("jwk ignored", token(r#"{"jwk":{"kty":"oct","k":"AAAA"},"x5c":["AA"],"alg":"HS256"}"#)),
        ("WH-030 no typ", token(r#"{"alg":"HS256"}"#)),
        ("WH-030 jwt", token(r#"{"typ":"jwt","alg":"HS256"}"#)),
        ("WH-030 at+jwt", token(r#"{"typ":"at+jwt","alg":"HS256","cty":"x"}"#)),
        ("header of 2 KiB", token(&format!("{:<2048}", r#"{"alg":"HS256"}"#))),
    ];
    for (name, body) in rows {
        let verified = verify(body.as_bytes(), &live());
        assert_eq!(verified.map(|verified| verified.key), Ok(KeyUsed::Current), "{name}");
    }
    let verified = verify(valid().as_bytes(), &live()).unwrap();
    assert_eq!(verified.payload, payload.as_bytes());
}

#[test]
fn bodies_that_are_refused_for_their_shape() {
    let valid = valid();
    let [header, payload, signature] = parts(&valid);
    let [url_header, url_payload, url_signature] = parts(&with_url_letters()).map(str::to_owned);
    assert!(url_payload.contains(['-', '_']));
    let standard = STANDARD_NO_PAD.encode(URL_SAFE_NO_PAD.decode(&url_payload).unwrap());
    let padded = URL_SAFE.encode(URL_SAFE_NO_PAD.decode(signature).unwrap());
    let rows: Vec<(&str, Vec<u8>, Refusal)> = vec![
        ("WH-004 BOM", [b"\xef\xbb\xbf", valid.as_bytes()].concat(), Refusal::NotCompact),
        ("WH-005 quotes", format!("\"{valid}\"").into(), Refusal::NotCompact),
        ("WH-006 empty", b"".into(), Refusal::Empty),
        ("WH-006 white space", b" \r\n".into(), Refusal::Empty),
        ("WH-008 plain JSON", direct_hangup().to_string().into(), Refusal::Unsigned),
        ("WH-009 two parts", format!("{header}.{payload}").into(), Refusal::NotCompact),
        ("one part", header.into(), Refusal::NotCompact),
        ("WH-010 four parts", format!("{valid}.{signature}").into(), Refusal::NotCompact),
        ("WH-010 five parts", format!("{valid}.{signature}.{signature}").into(), Refusal::NotCompact),
        ("WH-012 dots", b"..".into(), Refusal::HeaderNotObject),
        ("leading dot", format!(".{valid}").into(), Refusal::NotCompact),
        ("WH-036 other alphabet", format!("{url_header}.{standard}.{url_signature}").into(), Refusal::NotCompact),
        ("padding", format!("{header}.{payload}.{padded}").into(), Refusal::NotCompact),
        ("WH-037 loose bits", with_loose_bits(&valid).into(), Refusal::NotCompact),
        ("WH-038 newline in a part", valid.replacen('e', "\ne", 3).into(), Refusal::NotCompact),
        ("space after a dot", valid.replacen('.', ". ", 1).into(), Refusal::NotCompact),
        ("invalid UTF-8", b"\xff\xfe.\xff.\xff".into(), Refusal::NotCompact),
        ("form body", b"payload=eyJ&x=1".into(), Refusal::NotCompact),
        (
            "WH-040 JWS JSON",
            format!(r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}"#)
                .into(),
            Refusal::Unsigned,
        ),
        ("WH-041 token inside JSON", format!(r#"{{"token":"{valid}"}}"#).into(), Refusal::Unsigned),
        ("no signature", format!("{header}.{payload}.").into(), Refusal::Signature),
        ("WH-042 16 bytes", format!("{header}.{payload}.{}", &signature[..21]).into(), Refusal::NotCompact),
        (
            "WH-042 16 bytes, canonical",
            format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([7; 16])).into(),
            Refusal::Signature,
        ),
        ("WH-042 1 byte", format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([7])).into(), Refusal::Signature),
    ];
    for (name, body, expected) in rows {
        assert_eq!(verify(&body, &live()).unwrap_err(), expected, "{name}");
    }
}

#[test]
fn headers_that_are_refused() {
    let deep = format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(900), "]".repeat(900));
    let rows = [
        ("WH-016", r#"{"typ":"JWT"}"#, Refusal::Algorithm),
        ("WH-017", r#"{"alg":"HS384"}"#, Refusal::Algorithm),
        ("WH-018", r#"{"alg":"RS256"}"#, Refusal::Algorithm),
        ("none", r#"{"alg":"none"}"#, Refusal::Algorithm),
        ("case", r#"{"alg":"hs256"}"#, Refusal::Algorithm),
        ("space", r#"{"alg":"HS256 "}"#, Refusal::Algorithm),
        ("key's case", r#"{"Alg":"HS256"}"#, Refusal::Algorithm),
        ("WH-021 array", r#"{"alg":["HS256"]}"#, Refusal::Algorithm),
        ("WH-021 object", r#"{"alg":{}}"#, Refusal::Algorithm),
        ("WH-021 number", r#"{"alg":1}"#, Refusal::Algorithm),
        ("WH-022", r#"{"alg":"none","alg":"HS256"}"#, Refusal::HeaderNotObject),
        ("twice the same", r#"{"alg":"HS256","alg":"HS256"}"#, Refusal::HeaderNotObject),
        ("escaped twin", r#"{"alg":"HS256","\u0061lg":"HS256"}"#, Refusal::HeaderNotObject),
        ("WH-028", r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, Refusal::HeaderExtension),
        ("crit", r#"{"alg":"HS256","crit":[]}"#, Refusal::HeaderExtension),
        ("b64", r#"{"alg":"HS256","b64":true}"#, Refusal::HeaderExtension),
        ("WH-029", r#"{"alg":"HS256","zip":"DEF"}"#, Refusal::HeaderExtension),
        ("WH-033", deep.as_str(), Refusal::HeaderNotObject),
        ("WH-034 array", "[]", Refusal::HeaderNotObject),
        ("WH-034 null", "null", Refusal::HeaderNotObject),
        ("WH-034 number", "1", Refusal::HeaderNotObject),
        ("empty", "", Refusal::HeaderNotObject),
        ("two objects", r#"{"alg":"HS256"}{}"#, Refusal::HeaderNotObject),
    ];
    for (name, header, expected) in rows {
        assert_eq!(verify(token(header).as_bytes(), &live()).unwrap_err(), expected, "{name}");
    }
    let invalid =
        token_with(b"{\"alg\":\"HS256\",\"x\":\"\xff\"}", b"{}", hmac::HMAC_SHA256, SECRET.as_bytes());
    assert_eq!(verify(invalid.as_bytes(), &live()).unwrap_err(), Refusal::HeaderNotObject, "WH-034 UTF-8");
    for length in [2_049, 65_536, 900_000] {
        let long = token(&format!(r#"{{"alg":"HS256"}}{}"#, " ".repeat(length - 15)));
        assert_eq!(verify(long.as_bytes(), &live()).unwrap_err(), Refusal::HeaderTooLong, "WH-032 {length}");
    }
    let nested = token(&format!(r#"{{"alg":"HS256","x":{}}}"#, "[".repeat(10_000)));
    assert_eq!(verify(nested.as_bytes(), &live()).unwrap_err(), Refusal::HeaderTooLong, "WH-033 10 000");
}

#[test]
fn signatures_that_are_refused() {
    let header = br#"{"alg":"HS256","typ":"JWT"}"#;
    let compact = direct_hangup().to_string();
    let valid_token = valid();
    let [encoded_header, _, signature] = parts(&valid_token);
    let pretty = URL_SAFE_NO_PAD.encode(serde_json::to_string_pretty(&direct_hangup()).unwrap());
    let sha512 = token_with(header, compact.as_bytes(), hmac::HMAC_SHA512, SECRET.as_bytes());
    let [sha512_header, sha512_payload, sha512_tag] = parts(&sha512);
    let cut = URL_SAFE_NO_PAD.encode(&URL_SAFE_NO_PAD.decode(sha512_tag).unwrap()[..32]);
    let mut rows: Vec<(&str, String)> = vec![
        ("WH-020", format!("{sha512_header}.{sha512_payload}.{cut}")),
        ("64-byte MAC", sha512.clone()),
        (
            "WH-026 own key",
            token_with(
                br#"{"alg":"HS256","jwk":{"kty":"oct","k":"QUFBQQ"}}"#,
                b"{}",
                hmac::HMAC_SHA256,
                b"AAAA",
            ),
        ),
        ("WH-045", format!("{encoded_header}.{pretty}.{signature}")),
        ("WH-046 other company", sign(compact.as_bytes(), &secret("another company's secret"))),
    ];
    let keys: [&[u8]; 7] = [b"", b"null", b"undefined", b"secret", b"puppy", &SECRET.as_bytes()[1..], b"\0"];
    for key in keys {
        rows.push(("WH-048", token_with(header, compact.as_bytes(), hmac::HMAC_SHA256, key)));
    }
    for (name, body) in rows {
        assert_eq!(verify(body.as_bytes(), &live()).unwrap_err(), Refusal::Signature, "{name}");
    }
    // WH-014: nothing signed at all.
    let unsigned =
        format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(compact));
    assert_eq!(verify(unsigned.as_bytes(), &live()).unwrap_err(), Refusal::Algorithm);
}

#[test]
fn rotation_accepts_both_secrets_and_says_which() {
    let (old, new) = (secret("the secret of last week"), secret("the secret of this week"));
    let overlap = LiveSecrets { current: new.clone(), previous: Some(old.clone()) };
    let key =
        |signer: &Secret, live: &LiveSecrets| verify(sign(b"{}", signer).as_bytes(), live).map(|ok| ok.key);
    assert_eq!(key(&new, &overlap), Ok(KeyUsed::Current));
    assert_eq!(key(&old, &overlap), Ok(KeyUsed::Previous), "WH-050");
    assert_eq!(key(&secret("a third secret of nobody"), &overlap), Err(Refusal::Signature));
    assert_eq!(key(&old, &LiveSecrets { current: new, previous: None }), Err(Refusal::Signature));
}

#[test]
fn secrets_companies_choose() {
    assert_eq!(Secret::new("").unwrap_err(), SecretError::Empty);
    assert_eq!(Secret::new("one\ntwo").unwrap_err(), SecretError::ControlCharacter);
    assert_eq!(Secret::new("nul\0").unwrap_err(), SecretError::ControlCharacter);
    assert_eq!(Secret::new(&"é".repeat(257)).unwrap_err(), SecretError::TooLong);
    assert!(Secret::new(&"éa".repeat(128)).is_ok());
    for weak in
        ["puppy", "PUPPY", "short", "your-256-bit-secret", "aaaaaaaaaaaaaaaaaaaaaaaa", "123456789012345"]
    {
        assert!(secret(weak).is_weak(), "{weak}");
    }
    assert!(!secret(SECRET).is_weak());
    assert!(!secret("1234567890123456").is_weak());
    assert_eq!(secret("ключ").expose_bytes(), "ключ".as_bytes());
    assert!(!format!("{:?}", live()).contains("horse"));
}

#[test]
fn codes_are_distinct_and_grouped() {
    let codes: std::collections::BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    assert_eq!(Refusal::Signature.kind(), RefusalKind::BadSignature);
    assert_eq!(Refusal::Unsigned.kind().as_str(), "UNSIGNED");
    assert_eq!(Refusal::NotCompact.kind().as_str(), "MALFORMED");
}

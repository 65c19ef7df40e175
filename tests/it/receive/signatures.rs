//! Rows about the token: who signed it, and how. All of them carry a payload that would be an event.

use base64::{
    Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD as BASE64,
};
use serde_json::json;

use super::{Expect, Row};
use crate::support::{Company, Hash, mac, sign, sign_with};

const REFUSED: Expect = Expect::Refused;
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A token with any header, signed over exactly these bytes.
fn token(header: impl AsRef<[u8]>, payload: &str, secret: &str) -> String {
    let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(payload));
    format!("{signed}.{}", mac(&signed, secret.as_bytes(), Hash::Sha256))
}

pub(super) fn rows(company: &Company, other: &Company) -> Vec<Row> {
    let secret = &company.secret;
    let mut rows = accepted(secret);
    rows.extend(not_compact(secret));
    rows.extend(algorithms(secret));
    rows.extend(headers(secret));
    rows.extend(encodings(secret));
    rows.extend(keys(other));
    rows
}

fn accepted(secret: &str) -> Vec<Row> {
    let header = |header| token(header, r#"{"call_id":30}"#, secret);
    let jku = r#"{"alg":"HS256","jku":"http://127.0.0.1:9/keys","x5u":"http://127.0.0.1:9/cert"}"#;
    let call = Expect::Call("30");
    vec![
        Row::new("WH-001 a valid token", sign(r#"{"call_id":1}"#, secret), Expect::Call("1")),
        Row::new(
            "WH-024 kid is ignored",
            header(r#"{"alg":"HS256","kid":"' union select 'x"}"#),
            call.clone(),
        ),
        Row::new("WH-025 jku and x5u are ignored", header(jku), call.clone()),
        Row::new("WH-030 typ absent", header(r#"{"alg":"HS256"}"#), call.clone()),
        Row::new("WH-030 typ jwt", header(r#"{"alg":"HS256","typ":"jwt"}"#), call.clone()),
        Row::new("WH-030 typ at+jwt", header(r#"{ "typ": "at+jwt", "alg": "HS256" }"#), call.clone()),
        Row::new(
            "white space around the token",
            format!("\r\n {} \n", sign(r#"{"call_id":30}"#, secret)),
            call,
        ),
    ]
}

fn not_compact(secret: &str) -> Vec<Row> {
    let good = sign(r#"{"call_id":9}"#, secret);
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts: {good}") };
    let general = json!({ "payload": payload, "signatures": [
        { "protected": header, "signature": signature }, { "protected": header, "signature": "AAAA" } ] });
    let flattened = json!({ "payload": payload, "protected": header, "signature": signature });
    vec![
        Row::new("WH-004 a byte order mark in front", format!("\u{feff}{good}"), REFUSED),
        Row::new("WH-005 in JSON quotes", format!("\"{good}\""), REFUSED),
        Row::new("WH-006 no body", "", REFUSED),
        Row::new("WH-006 only white space", " \r\n\t ", REFUSED),
        Row::new("WH-008 plain JSON", r#"{"call_id":9}"#, REFUSED),
        Row::new("WH-009 two parts", format!("{header}.{payload}"), REFUSED),
        Row::new("WH-009 no signature", format!("{header}.{payload}."), REFUSED),
        Row::new("WH-010 four parts", format!("{good}.{signature}"), REFUSED),
        Row::new("WH-010 five parts", format!("{header}.{payload}.{payload}.{payload}.{signature}"), REFUSED),
        Row::new("WH-012 two dots", "..", REFUSED),
        Row::new("no dot", "eyJhbGciOiJIUzI1NiJ9", REFUSED),
        Row::new("WH-038 a newline inside", good.replacen('.', ".\n", 1), REFUSED),
        Row::new("WH-038 a newline inside of a part", good.replacen("eyJ", "ey\nJ", 1), REFUSED),
        Row::new("WH-040 the general JSON form", general.to_string(), REFUSED),
        Row::new("WH-040 the flattened JSON form", flattened.to_string(), REFUSED),
        Row::new("WH-041 JSON that holds the token", json!({ "token": good }).to_string(), REFUSED),
        Row::new("WH-041 a form that holds the token", format!("token={good}"), REFUSED),
        Row::new("two tokens", format!("{good}\n{good}"), REFUSED),
        Row::new("bytes that are no text", vec![0xff, 0xfe, b'.', 0x80, b'.', 0x00], REFUSED),
    ]
}

fn algorithms(secret: &str) -> Vec<Row> {
    let payload = r#"{"call_id":16}"#;
    let header = |alg: &str| token(alg, payload, secret);
    let none = format!("{}.{}.", BASE64.encode(r#"{"alg":"none"}"#), BASE64.encode(payload));
    let signed = format!("{}.{}", BASE64.encode(HEADER), BASE64.encode(payload));
    let sha512 = BASE64.decode(mac(&signed, secret.as_bytes(), Hash::Sha512)).unwrap();
    vec![
        Row::new("WH-014 alg none", none, REFUSED),
        Row::new("WH-014 alg none, signed", header(r#"{"alg":"none"}"#), REFUSED),
        Row::new("WH-016 no alg", header(r#"{"typ":"JWT"}"#), REFUSED),
        Row::new("WH-017 HS384", sign_with(payload, secret, "HS384", &json!({})), REFUSED),
        Row::new("WH-017 HS512", sign_with(payload, secret, "HS512", &json!({})), REFUSED),
        Row::new("WH-018 RS256 with a MAC", header(r#"{"alg":"RS256","typ":"JWT"}"#), REFUSED),
        Row::new("WH-018 ES256 with a MAC", header(r#"{"alg":"ES256"}"#), REFUSED),
        Row::new(
            "WH-020 HS512 cut to 32 bytes",
            format!("{signed}.{}", BASE64.encode(&sha512[..32])),
            REFUSED,
        ),
        Row::new("WH-021 alg in a list", header(r#"{"alg":["HS256"]}"#), REFUSED),
        Row::new("WH-021 alg an object", header(r#"{"alg":{}}"#), REFUSED),
        Row::new("WH-021 alg a number", header(r#"{"alg":1}"#), REFUSED),
        Row::new("alg in lower case", header(r#"{"alg":"hs256"}"#), REFUSED),
        Row::new("alg with a blank", header(r#"{"alg":"HS256 "}"#), REFUSED),
        Row::new("WH-022 alg twice", header(r#"{"alg":"none","alg":"HS256"}"#), REFUSED),
        Row::new("WH-022 alg twice, the other way", header(r#"{"alg":"HS256","alg":"none"}"#), REFUSED),
    ]
}

fn headers(secret: &str) -> Vec<Row> {
    let payload = r#"{"call_id":28}"#;
    let header = |header: &str| token(header, payload, secret);
    let attackers = "a key of the attacker's own";
    let jwk =
        json!({ "alg": "HS256", "jwk": { "kty": "oct", "k": BASE64.encode(attackers) }, "x5c": ["AAAA"] });
    let long = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "y".repeat(64 * 1_024));
    let deep = format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let edge = |length: usize| format!(r#"{{"alg":"HS256","x":"{}"}}"#, "y".repeat(length - 22));
    vec![
        Row::new(
            "WH-026 signed by the key in the header",
            token(jwk.to_string(), payload, attackers),
            REFUSED,
        ),
        Row::new("WH-028 b64 and crit", header(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#), REFUSED),
        Row::new("WH-028 crit alone", header(r#"{"alg":"HS256","crit":[]}"#), REFUSED),
        Row::new("WH-029 zip", header(r#"{"alg":"HS256","zip":"DEF"}"#), REFUSED),
        Row::new("WH-032 a header of 64 KiB", header(&long), REFUSED),
        Row::new("WH-032 a header of 2 KiB", header(&edge(2_048)), Expect::Call("28")),
        Row::new("WH-032 a header of 2 KiB and a byte", header(&edge(2_049)), REFUSED),
        Row::new("WH-033 a header 10,000 deep", header(&deep), REFUSED),
        Row::new("WH-034 a list", header("[]"), REFUSED),
        Row::new("WH-034 null", header("null"), REFUSED),
        Row::new("WH-034 a number", header("1"), REFUSED),
        Row::new("WH-034 nothing", header(""), REFUSED),
        Row::new("WH-034 no UTF-8", token(b"{\"alg\":\"HS256\",\"x\":\"\xff\"}", payload, secret), REFUSED),
        Row::new("something behind the header", header(r#"{"alg":"HS256"} {}"#), REFUSED),
    ]
}

fn encodings(secret: &str) -> Vec<Row> {
    // Chosen so that base64 has `+` and `/` where base64url has `-` and `_`.
    let payload = r#"{"call_id":36,"x":"~~~???>>>"}"#;
    let good = token(HEADER, payload, secret);
    assert!(STANDARD.encode(payload).contains(['+', '/']), "the payload tells the alphabets apart");
    let signed = format!("{}.{}", BASE64.encode(HEADER), STANDARD.encode(payload).trim_end_matches('='));
    let padded = format!("{}.{}", BASE64.encode(HEADER), STANDARD.encode(r#"{"call_id":36}"#));
    let tag = |signed: &str| mac(signed, secret.as_bytes(), Hash::Sha256);
    let cut = |bytes: usize| {
        let (signed, signature) = good.rsplit_once('.').unwrap();
        format!("{signed}.{}", BASE64.encode(&BASE64.decode(signature).unwrap()[..bytes]))
    };
    // 43 characters hold 256 bits and two that must be zero.
    let (front, last) = good.split_at(good.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let at = alphabet.find(last).unwrap();
    let not_canonical = format!("{front}{}", &alphabet[at + 1..at + 2]);
    vec![
        Row::new("WH-036 the other alphabet, signed so", format!("{signed}.{}", tag(&signed)), REFUSED),
        Row::new("WH-036 padding, signed so", format!("{padded}.{}", tag(&padded)), REFUSED),
        Row::new("WH-036 a padded signature", format!("{good}="), REFUSED),
        Row::new("WH-037 the last bits are not zero", not_canonical, REFUSED),
        Row::new("WH-042 a signature of 16 bytes", cut(16), REFUSED),
        Row::new("WH-042 a signature of 1 byte", cut(1), REFUSED),
        Row::new("WH-042 a signature of 31 bytes", cut(31), REFUSED),
        Row::new("WH-042 a signature of 33 bytes", format!("{good}AA"), REFUSED),
        Row::new(
            "WH-045 other white space, the old signature",
            {
                let (_, signature) = good.rsplit_once('.').unwrap();
                let respelt = payload.replace(",", ", ");
                format!("{}.{}.{signature}", BASE64.encode(HEADER), BASE64.encode(respelt))
            },
            REFUSED,
        ),
        Row::new("the alphabets: the right one", good, Expect::Call("36")),
    ]
}

fn keys(other: &Company) -> Vec<Row> {
    let payload = r#"{"call_id":46}"#;
    let signed = |secret: &str| token(HEADER, payload, secret);
    vec![
        Row::new("WH-046 another company's secret", sign(payload, &other.secret), REFUSED),
        Row::new("WH-048 an empty key", signed(""), REFUSED),
        Row::new("WH-048 null", signed("null"), REFUSED),
        Row::new("WH-048 undefined", signed("undefined"), REFUSED),
        Row::new("WH-048 secret", signed("secret"), REFUSED),
        Row::new("WH-048 puppy", signed("puppy"), REFUSED),
        Row::new("the token of the Request URL", signed(other.token()), REFUSED),
    ]
}

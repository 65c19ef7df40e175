//! Questions, each as query text, as typed filter, and as a plain reading of the calls that were sent.

use serde_json::{Value, json};

use super::office::{Call, Number, Person};

pub(super) const DAY_MS: i64 = 86_400_000;

type Passes = Box<dyn Fn(&Call) -> bool>;

/// One question in up to two languages.
pub(super) struct Question {
    pub(super) query: Option<String>,
    pub(super) filter: Value,
    pub(super) passes: Passes,
}

fn ask(query: &str, filter: Value, passes: impl Fn(&Call) -> bool + 'static) -> Question {
    let query = (!query.is_empty()).then(|| query.to_owned());
    Question { query, filter, passes: Box::new(passes) }
}

/// Text without case, accents and width, for the letters that the office uses.
pub(super) fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'á' => 'a',
        'å' => 'a',
        'ë' | 'é' => 'e',
        'ñ' => 'n',
        'ü' => 'u',
        'ö' => 'o',
        '\u{ff41}'..='\u{ff5a}' => char::from_u32(c as u32 - 0xff41 + 'a' as u32).unwrap(),
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

/// A day since 1970 as a date.
pub(super) fn date(day: i64) -> String {
    let mut year = 1970;
    let mut left = day;
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    while left >= 365 + i64::from(is_leap(year)) {
        left -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let mut month = 0;
    let lengths = [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, left + 1)
}

pub(super) fn questions(now_ms: i64) -> Vec<Question> {
    let mut questions = words_of_dialpad();
    questions.extend(flags());
    questions.extend(lengths());
    questions.extend(spans(now_ms));
    questions.extend(numbers());
    questions.extend(contacts());
    questions.extend(people());
    questions.extend(free_text());
    questions.extend(ids());
    questions
}

fn words_of_dialpad() -> Vec<Question> {
    let mut questions = Vec::new();
    let upper = |word: &str| word.to_uppercase();
    for word in ["inbound", "outbound", "unknown"] {
        let filter = json!({ "direction": { "eq": upper(word) } });
        questions.push(ask(&format!("direction:{word}"), filter.clone(), move |call| call.direction == word));
        questions.push(ask(&format!("dir:{}", upper(word)), filter, move |call| call.direction == word));
        let filter = json!({ "direction": { "neq": upper(word) } });
        questions.push(ask(&format!("-direction:{word}"), filter, move |call| call.direction != word));
    }
    for word in ["hangup", "voicemail", "blocked", "connected", "ringing"] {
        let filter = json!({ "state": { "eq": upper(word) } });
        questions.push(ask(&format!("state:{word}"), filter, move |call| call.state == word));
    }
    for word in ["answered", "missed", "abandoned", "voicemail", "blocked", "cancelled", "ongoing"] {
        let filter = json!({ "outcome": { "eq": upper(word) } });
        questions.push(ask(&format!("outcome:{word}"), filter, move |call| call.outcome == word));
    }
    let two = |call: &Call| ["missed", "voicemail"].contains(&call.outcome);
    questions.extend([
        ask("outcome:[missed,voicemail]", json!({ "outcome": { "in": ["MISSED", "VOICEMAIL"] } }), two),
        ask(
            "-outcome:[ missed , Voicemail ]",
            json!({ "outcome": { "nin": ["MISSED", "VOICEMAIL"] } }),
            move |call| !two(call),
        ),
        ask("", json!({ "outcome": { "in": [] } }), |_| false),
        ask("", json!({ "outcome": { "nin": [] } }), |_| true),
        ask("group:CallCenter:55330718", json!({ "groupId": { "eq": "CallCenter:55330718" } }), |call| {
            call.group == Some("CallCenter:55330718")
        }),
        ask(
            "group:[CallCenter:55330718,Office:47992055]",
            json!({ "groupId": { "in": ["CallCenter:55330718", "Office:47992055"] } }),
            |call| call.group.is_some(),
        ),
        ask("group:callcenter:55330718", json!({ "groupId": { "eq": "Office" } }), |_| false),
        ask("label:renewal", json!({ "label": { "eq": "RENEWAL" } }), |call| {
            call.labels.iter().any(|label| label.eq_ignore_ascii_case("renewal"))
        }),
        ask("label:über-vip", json!({ "label": { "startsWith": "Über" } }), |call| {
            call.labels.contains(&"Über-VIP")
        }),
        ask("", json!({ "label": { "contains": "new" } }), |call| !call.labels.is_empty()),
    ]);
    questions
}

fn flags() -> Vec<Question> {
    let voicemail = |call: &Call| call.outcome == "voicemail" || call.voicemail_link;
    vec![
        ask("has:voicemail", json!({ "hasVoicemail": true }), voicemail),
        ask("-has:voicemail", json!({ "hasVoicemail": false }), move |call| !voicemail(call)),
        ask("has:recording", json!({ "wasRecorded": true }), |call| call.recorded == Some(true)),
        // What Dialpad did not say counts as no.
        ask("-has:recording", json!({ "wasRecorded": false }), |call| call.recorded != Some(true)),
        ask("has:transfer", json!({ "isTransferred": true }), |call| call.transferred),
        ask("-HAS:Transfer", json!({ "isTransferred": false }), |call| !call.transferred),
    ]
}

fn lengths() -> Vec<Question> {
    let lasts = |test: fn(f64) -> bool| move |call: &Call| call.duration_ms.is_some_and(test);
    vec![
        ask("duration:>5m", json!({ "durationMs": { "gt": 300_000 } }), lasts(|ms| ms > 300_000.0)),
        ask("duration:>=300", json!({ "durationMs": { "gte": 300_000 } }), lasts(|ms| ms >= 300_000.0)),
        ask("duration:5m", json!({ "durationMs": { "gte": 300_000.0 } }), lasts(|ms| ms >= 300_000.0)),
        ask("duration:<1.5m", json!({ "durationMs": { "lt": 90_000 } }), lasts(|ms| ms < 90_000.0)),
        ask("duration:<=90s", json!({ "durationMs": { "lte": 90_000 } }), lasts(|ms| ms <= 90_000.0)),
        ask("duration:=90", json!({ "durationMs": { "eq": 90_000 } }), lasts(|ms| ms == 90_000.0)),
        ask("duration:1m..5m", json!({ "durationMs": { "gte": 60_000, "lte": 300_000 } }), {
            lasts(|ms| (60_000.0..=300_000.0).contains(&ms))
        }),
        ask("-duration:>5m", json!({ "not": { "durationMs": { "gt": 300_000 } } }), |call| {
            call.duration_ms.is_none_or(|ms| ms <= 300_000.0)
        }),
        ask("talk:>0.1h", json!({ "talkTimeMs": { "gt": 360_000 } }), |call| {
            call.talk_ms.is_some_and(|ms| ms > 360_000.0)
        }),
    ]
}

fn spans(now_ms: i64) -> Vec<Question> {
    let mut questions = Vec::new();
    for (text, typed, days) in
        [("last:24h", "-PT24H", 1), ("last:7d", "-P7D", 7), ("last:2w", "-P2W", 14), ("last:10", "-P10D", 10)]
    {
        let since = now_ms - days * DAY_MS;
        let filter = json!({ "dateStarted": { "gte": typed } });
        questions.push(ask(text, filter, move |call| call.started_ms >= since));
        let filter = json!({ "dateStarted": { "lt": typed } });
        questions.push(ask(&format!("-{text}"), filter, move |call| call.started_ms < since));
    }
    questions
}

fn any(call: &Call, test: impl Fn(&Number) -> bool) -> bool {
    call.numbers().any(test)
}

fn numbers() -> Vec<Question> {
    let mut questions = Vec::new();
    // One number in the ways people write it.
    for written in
        ["+12065550133", "12065550133", "2065550133", "(206)555-0133", "206.555.0133", "+1-206-555-0133"]
    {
        let filter = json!({ "number": { "eq": written } });
        questions
            .push(ask(&format!("number:{written}"), filter, |call| any(call, |n| n.digits == "12065550133")));
        let filter = json!({ "externalNumber": { "eq": written } });
        questions
            .push(ask(&format!("external:{written}"), filter, |call| call.external.digits == "12065550133"));
    }
    let starts = |n: &Number, digits: &str| n.digits.starts_with(digits) || n.national.starts_with(digits);
    let contains = |n: &Number, digits: &str| n.digits.contains(digits) || n.national.contains(digits);
    for digits in ["1206", "206", "2065550", "44", "0207946", "442079460003", "9"] {
        let filter = json!({ "number": { "startsWith": digits } });
        questions
            .push(ask(&format!("number:{digits}*"), filter, move |call| any(call, |n| starts(n, digits))));
        let filter = json!({ "internalNumber": { "startsWith": digits } });
        questions
            .push(ask(&format!("internal:{digits}*"), filter, move |call| starts(&call.internal, digits)));
    }
    for digits in ["0133", "33", "5550190", "12065550121", "4", "0000"] {
        let ends = move |n: &Number| n.digits.ends_with(digits);
        let filter = json!({ "number": { "endsWith": digits } });
        questions.push(ask(&format!("number:*{digits}"), filter, move |call| any(call, ends)));
        let filter = json!({ "externalNumber": { "endsWith": format!("…{digits}") } });
        questions.push(ask(&format!("external:*{digits}"), filter, move |call| ends(&call.external)));
    }
    for digits in ["55501", "7946", "120655501", "0000000"] {
        let filter = json!({ "number": { "contains": digits } });
        questions
            .push(ask(&format!("number:*{digits}*"), filter, move |call| any(call, |n| contains(n, digits))));
    }
    questions.extend([
        ask("number:anonymous", json!({ "externalNumber": { "eq": "ANONYMOUS" } }), |call| {
            call.external.raw == "anonymous"
        }),
        ask("internal:blocked", json!({ "internalNumber": { "eq": "Blocked" } }), |call| {
            call.internal.raw == "blocked"
        }),
        ask("external:2065550190", json!({ "externalNumber": { "eq": "2065550190" } }), |call| {
            call.external.digits == "12065550190"
        }),
        ask("-number:*0133", json!({ "not": { "number": { "endsWith": "0133" } } }), |call| {
            !any(call, |n| n.digits.ends_with("0133"))
        }),
    ]);
    questions
}

fn has(person: &Person, part: &str) -> bool {
    person.texts().iter().any(|text| fold(text).contains(part))
}

fn begins(person: &Person, part: &str) -> bool {
    person.texts().iter().any(|text| fold(text).starts_with(part))
}

fn contact(test: fn(&Person) -> bool) -> impl Fn(&Call) -> bool + 'static {
    move |call| call.contact.as_ref().is_some_and(test)
}

fn person(test: fn(&Person) -> bool) -> impl Fn(&Call) -> bool + 'static {
    move |call| call.people.iter().any(|(_, person)| test(person))
}

fn contacts() -> Vec<Question> {
    vec![
        ask("contact:grace", json!({ "contact": { "contains": "GRACE" } }), contact(|who| has(who, "grace"))),
        ask(
            "contact:bronte",
            json!({ "contact": { "contains": "Brontë" } }),
            contact(|who| has(who, "bronte")),
        ),
        ask(
            "contact:\"zoë b\"",
            json!({ "contact": { "contains": "ZOE B" } }),
            contact(|who| has(who, "zoe b")),
        ),
        ask("contact:Zoe*", json!({ "contact": { "startsWith": "zoë" } }), contact(|who| begins(who, "zoe"))),
        ask("contact:hopp*", json!({ "contact": { "startsWith": "hopp" } }), |_| false),
        ask(
            "contact:o'neil",
            json!({ "contact": { "contains": "O'NEIL" } }),
            contact(|who| has(who, "o'neil")),
        ),
        ask(
            "contact:小",
            json!({ "contact": { "startsWith": "李小" } }),
            contact(|who| who.name == "李小龍"),
        ),
        ask(
            "contact:wide",
            json!({ "contact": { "startsWith": "WIDE LOAD" } }),
            contact(|who| begins(who, "wide")),
        ),
        ask(
            "contact:ørsted",
            json!({ "contact": { "eq": "ØRSTED håkon" } }),
            contact(|who| begins(who, "ørsted")),
        ),
        ask("", json!({ "contact": { "eq": "jürgen muller" } }), contact(|who| who.name == "JÜRGEN MÜLLER")),
        ask("", json!({ "contact": { "eq": "Grace" } }), |_| false),
        ask(
            "contact:customer.1*",
            json!({ "contact": { "startsWith": "CUSTOMER.1" } }),
            contact(|who| begins(who, "customer.1")),
        ),
        ask("contact:customer.11@example.org", json!({ "contact": { "eq": "Customer.11@Example.org" } }), {
            contact(|who| who.email == "customer.11@example.org")
        }),
        ask(
            "",
            json!({ "contact": { "eq": "shared_contact_pool_uid_c20" } }),
            contact(|who| who.id.ends_with("_c20")),
        ),
        ask(
            "contact:100%",
            json!({ "contact": { "contains": "100% pure_air \\ l" } }),
            contact(|who| has(who, "100%")),
        ),
        ask("contact:e_air", json!({ "contact": { "contains": "e_a" } }), contact(|who| has(who, "e_a"))),
    ]
}

fn people() -> Vec<Question> {
    vec![
        ask("person:grace", json!({ "person": { "contains": "gráce" } }), person(|who| has(who, "grace"))),
        ask(
            "person:lindqvist",
            json!({ "person": { "eq": "ivo lindqvist" } }),
            person(|who| who.name == "Ivo Lindqvist"),
        ),
        ask("person:bo*", json!({ "person": { "startsWith": "BO" } }), person(|who| begins(who, "bo"))),
        ask(
            "person:sales",
            json!({ "person": { "eq": "Sales Desk" } }),
            person(|who| who.name == "Sales Desk"),
        ),
        ask(
            "person:staff-3@example.com",
            json!({ "person": { "eq": "STAFF-3@example.com" } }),
            person(|who| who.name == "Ana Ruiz"),
        ),
        ask("", json!({ "person": { "eq": "6300001" } }), person(|who| who.id == "6300001")),
        ask("person:hopper", json!({ "person": { "contains": "hopper" } }), |_| false),
        ask("-contact:grace", json!({ "not": { "contact": { "contains": "grace" } } }), move |call| {
            !contact(|who| has(who, "grace"))(call)
        }),
    ]
}

/// Either party by the beginnings of words, all of them on the same party; digits also as a number or an id.
fn free(text: &str) -> impl Fn(&Call) -> bool + 'static + use<> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = !digits.is_empty() && !text.chars().any(char::is_alphabetic);
    move |call| {
        let has_all = |texts: &[&str]| {
            if words.is_empty() {
                return texts.iter().any(|text| fold(text).contains(&folded));
            }
            let known: Vec<String> = texts.iter().map(|text| fold(text)).collect();
            let mut known =
                known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).collect::<Vec<_>>();
            known.retain(|word| !word.is_empty());
            words.iter().all(|word| known.iter().any(|known| known.starts_with(word.as_str())))
        };
        let wordy = call.numbers().filter(|number| number.digits.is_empty());
        let by_word = call.parties().any(|party| has_all(&party.texts()))
            || wordy.into_iter().any(|number| has_all(&[number.raw.as_str()]));
        let by_number = is_number
            && (call.id.to_string() == digits
                || call.parties().any(|party| party.id == digits)
                || any(call, |n| {
                    n.digits.starts_with(&digits)
                        || n.national.starts_with(&digits)
                        || n.digits.ends_with(&digits)
                }));
        by_word || by_number
    }
}

fn free_text() -> Vec<Question> {
    let texts = [
        "grace",
        "GRÁCE",
        "hopper",
        "opper",
        "Müller",
        "mull",
        "zoë",
        "李",
        "anonymous",
        "blocked",
        "wide",
        "o'neil",
        "example",
        "lindqvist",
        "0133",
        "5550133",
        "2065550133",
        "+12065550133",
        "206-555-0133",
        "442079460004",
        "6300001",
        "700003",
        "0145",
        "120",
        "staff-3@example.com",
        "customer.11",
        "nobody",
        "%",
        "_",
        "\\",
        "@",
        ".*",
        "100",
    ];
    let mut questions: Vec<_> =
        texts.iter().map(|text| ask(text, json!({ "text": text }), free(text))).collect();
    // Words of a quoted text belong to one party; words side by side may be on two.
    questions.push(ask("\"grace hopper\"", json!({ "text": "grace hopper" }), free("grace hopper")));
    questions.push(ask("\"hopper grace\"", json!({ "text": "hopper, grace" }), free("hopper grace")));
    let (grace, ruiz) = (free("grace"), free("ruiz"));
    let both = json!({ "and": [{ "text": "grace" }, { "text": "ruiz" }] });
    questions.push(ask("grace ruiz", both, move |call| grace(call) && ruiz(call)));
    // A number with blanks is one number.
    questions.push(ask("(206) 555 0133", json!({ "text": "(206) 555 0133" }), free("(206)5550133")));
    let (grace, number) = (free("grace"), free("2065550133"));
    questions.push(ask("grace 206 555 0133", Value::Null, move |call| grace(call) && number(call)));
    questions
}

fn ids() -> Vec<Question> {
    vec![
        ask("call:700003", json!({ "callId": { "eq": "700003" } }), |call| call.id == 700_003),
        ask("call:[700003,700030,1]", json!({ "callId": { "in": ["700003", "700030", "1"] } }), |call| {
            [700_003, 700_030].contains(&call.id)
        }),
        ask("-call:700003", json!({ "not": { "callId": { "eq": "700003" } } }), |call| call.id != 700_003),
        ask("call:70000", json!({ "callId": { "eq": "not a number" } }), |_| false),
    ]
}

//! Measures what the receive path and the projector pay per event: `cargo run --release -p domain --example event_cost`.
#![expect(clippy::print_stdout, reason = "prints its measurements")]
#![expect(clippy::expect_used, reason = "a measurement of a broken build should stop")]

use std::hint::black_box;
use std::time::Instant;

use domain::event::{decode, read_key};
use domain::fold::fold;
use domain::json::Json;
use domain::jws::{LiveSecrets, Secret, sign, verify};
use domain::phone::PhoneNumber;

/// A direct call's hangup as Dialpad sends it.
const PAYLOAD: &str = r#"{"date_started":1789398245000,"call_id":5820117409431552,"state":"hangup","direction":"inbound","external_number":"+12065550133","internal_number":"+12065550190","contact":{"id":"shared_contact_pool_Company:9042_uid_k18","type":"shared","name":"Nadia Brook","email":"nadia@example.org","phone":"+12065550133"},"target":{"id":6301550172004352,"type":"user","name":"Ivo Lindqvist","email":"ivo@example.com","phone":"+12065550190","office_id":4911873300267008},"proxy_target":{},"entry_point_target":{},"entry_point_call_id":null,"operator_call_id":null,"master_call_id":null,"group_id":null,"is_internal":false,"is_transferred":false,"transferred_from":{},"selected_caller_id":null,"date_first_rang":1789398245600,"date_queued":null,"date_rang":1789398245600,"date_connected":1789398254300,"date_ended":1789398396700,"event_timestamp":1789398398100,"duration":142400.017,"total_duration":151700.017,"talk_time":142400.017,"hold_time":0,"target_availability_status":"open","callback_requested":null,"csat_score":null,"mos_score":4.37,"labels":[],"routing_breadcrumbs":[],"integrations":{},"was_recorded":false,"recording_details":[],"call_recording_ids":[],"voicemail_link":null,"voicemail_recording_id":null,"transcription_text":null,"company_call_review_share_link":"https://dialpad.com/shared/call/CCCC3","public_call_review_share_link":"https://dialpad.com/shared/call/DDDD4"}"#;

fn time<T>(name: &str, count: u32, mut work: impl FnMut() -> T) {
    black_box(work());
    let start = Instant::now();
    for _ in 0..count {
        black_box(work());
    }
    println!("{name:<24} {:>12} ns", start.elapsed().as_nanos() / u128::from(count));
}

fn main() {
    let payload = PAYLOAD.as_bytes();
    let secret = Secret::new("a secret for measurements").expect("a valid secret");
    let live = LiveSecrets { current: secret.clone(), previous: None };
    let token = sign(payload, &secret);
    let keys: Vec<String> =
        (0..100_000).map(|number| format!("\"{:05}\":1", number * 7_919 % 100_000)).collect();
    let hostile = format!("{{\"call_id\":7,{}}}", keys.join(","));

    println!("payload {} bytes, token {} bytes, hostile {} bytes", payload.len(), token.len(), hostile.len());
    time("verify", 50_000, || verify(black_box(token.as_bytes()), &live).is_ok());
    time("Json::parse", 50_000, || Json::parse(black_box(payload)).is_ok());
    time("read_key", 50_000, || read_key(black_box(payload)));
    time("decode", 50_000, || decode(black_box(payload)));
    time("read_key, 100k keys", 20, || read_key(black_box(hostile.as_bytes())));
    time("phone, plain", 50_000, || PhoneNumber::parse(black_box("+12065550177")));
    time("phone, abroad", 20_000, || PhoneNumber::parse(black_box("+442071838750")));

    let events: Vec<_> = ["ringing", "connected", "hangup", "recording", "recap_summary"]
        .iter()
        .map(|state| {
            let text = PAYLOAD.replace("\"hangup\"", &format!("\"{state}\""));
            let digest = read_key(text.as_bytes()).expect("a valid event").digest;
            (decode(text.as_bytes()).expect("a valid event"), digest)
        })
        .collect();
    time("fold, 5 events", 20_000, || fold(events.iter().map(|(event, digest)| (event, *digest))));
}

//! From a signed payload to a [`CallEvent`], and the short cut for the receive path.

use chrono::{DateTime, Utc};

use super::facts::{Facts, Recording};
use super::party::Party;
use super::read::{self, Fields, LONG_TEXT_BYTES_MAX, TEXT_BYTES_MAX, URL_BYTES_MAX};
use super::{CallEvent, EventKey, Fault, NotUnderstood, OtherKind};
use crate::json::{Json, Object};
use crate::state::{CallState, Direction};

/// The dates of a call's life; the latest stands in for a missing `event_timestamp`.
const DATE_KEYS: [&str; 6] =
    ["date_started", "date_queued", "date_first_rang", "date_rang", "date_connected", "date_ended"];

/// Voice quality scores go to 5; a hundred leaves room for other scales.
const SCORE_MAX: f64 = 100.0;

/// Reads what identifies an event, and nothing else: cheap enough for the receive path.
///
/// # Errors
/// [`NotUnderstood`] for the same payloads as [`decode`].
pub fn read_key(payload: &[u8]) -> Result<EventKey, NotUnderstood> {
    let json = Json::parse(payload).map_err(|_| NotUnderstood::NotJson)?;
    let (object, call_id) = locate(&json)?;
    let (_, state_raw) = state(&mut Fields::new(object, "", &mut Vec::new()));
    Ok(EventKey { call_id, occurred_at: occurred_at(object), state_raw, digest: json.digest() })
}

/// Reads a call event.
///
/// # Errors
/// [`NotUnderstood`] when it cannot be known which call the payload is about.
pub fn decode(payload: &[u8]) -> Result<CallEvent, NotUnderstood> {
    let json = Json::parse(payload).map_err(|_| NotUnderstood::NotJson)?;
    let (object, call_id) = locate(&json)?;
    let mut problems = Vec::new();
    let mut fields = Fields::new(object, "", &mut problems);
    let (state, state_raw) = state(&mut fields);
    let event_timestamp = fields.date("event_timestamp");
    let facts = facts(&mut fields);
    Ok(CallEvent {
        call_id,
        occurred_at: occurred_at(object),
        event_timestamp,
        state,
        state_raw,
        facts,
        problems,
    })
}

/// The object that is the event (the payload, or the only member of it that has a `call_id`) and its `call_id`.
fn locate<'r, 'j>(json: &'r Json<'j>) -> Result<(&'r Object<'j>, i64), NotUnderstood> {
    let outer = json.as_object().ok_or(NotUnderstood::NotAnObject)?;
    if let Some(call_id) = call_id(outer)? {
        return Ok((outer, call_id));
    }
    let has_call_id = |value: &&Object<'_>| value.has("call_id");
    let mut wrapped = outer.iter().filter_map(|(_, value)| value.as_object()).filter(has_call_id);
    match (wrapped.next(), wrapped.next()) {
        (Some(inner), None) => Ok((inner, call_id(inner)?.ok_or(NotUnderstood::NoCallId)?)),
        _ => Err(other_kind(outer).map_or(NotUnderstood::NoCallId, NotUnderstood::OtherEvent)),
    }
}

/// `None` if there is none. Several are one only if they all mean the same; elsewhere the last of several wins, but
/// here any choice could put an event on another call.
fn call_id(object: &Object<'_>) -> Result<Option<i64>, NotUnderstood> {
    let read = |value: &Json<'_>| (!value.is_blank()).then(|| read::whole_id(value));
    let mut values = object.get_all("call_id").map(read);
    let Some(first) = values.next() else { return Ok(None) };
    if values.any(|other| other != first) {
        return Err(NotUnderstood::DuplicateKey);
    }
    first.transpose().map_err(|_| NotUnderstood::BadCallId)
}

/// Recognises the events of Dialpad's other subscriptions by the fields only they have.
fn other_kind(object: &Object<'_>) -> Option<OtherKind> {
    let has_all = |keys: &[&str]| keys.iter().all(|key| object.has(key));
    if has_all(&["from_number", "to_number"]) {
        Some(OtherKind::Sms)
    } else if has_all(&["on_duty_status"]) {
        Some(OtherKind::AgentStatus)
    } else if has_all(&["action", "changed_by"]) {
        Some(OtherKind::ChangeLog)
    } else if has_all(&["event", "contact"]) {
        Some(OtherKind::Contact)
    } else {
        None
    }
}

fn occurred_at(object: &Object<'_>) -> DateTime<Utc> {
    let date = |key: &str| object.get(key).and_then(|value| read::date(value).ok());
    let latest = || DATE_KEYS.iter().filter_map(|key| date(key)).max();
    date("event_timestamp").or_else(latest).unwrap_or(DateTime::UNIX_EPOCH)
}

fn state(fields: &mut Fields<'_, '_>) -> (CallState, String) {
    let raw = fields.text("state", TEXT_BYTES_MAX).unwrap_or_default();
    (CallState::parse(&raw), raw)
}

fn direction(fields: &mut Fields<'_, '_>) -> Direction {
    let Some(raw) = fields.text("direction", TEXT_BYTES_MAX) else { return Direction::Unknown };
    let direction = Direction::parse(&raw);
    if direction == Direction::Unknown {
        fields.note("direction", Fault::NotUnderstood);
    }
    direction
}

fn dispositions(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let named = fields.texts("call_dispositions", TEXT_BYTES_MAX);
    if named.is_empty() { fields.texts("dispositions", TEXT_BYTES_MAX) } else { named }
}

fn recording(fields: &mut Fields<'_, '_>) -> Option<Recording> {
    let recording = Recording {
        id: fields.name_id("id"),
        kind: fields.text("recording_type", TEXT_BYTES_MAX),
        started_at: fields.date("start_time"),
        duration_ms: fields.duration("duration"),
        url: fields.text("url", URL_BYTES_MAX),
    };
    (recording != Recording::default()).then_some(recording)
}

fn facts(fields: &mut Fields<'_, '_>) -> Facts {
    let facts = Facts {
        direction: direction(fields),
        internal_number: fields.phone("internal_number"),
        external_number: fields.phone("external_number"),
        target: fields.nested("target", "target.", Party::read),
        proxy_target: fields.nested("proxy_target", "proxy_target.", Party::read),
        entry_point_target: fields.nested("entry_point_target", "entry_point_target.", Party::read),
        transferred_from: fields.nested("transferred_from", "transferred_from.", Party::read),
        contact: fields.nested("contact", "contact.", Party::read),
        entry_point_call_id: fields.link_id("entry_point_call_id"),
        master_call_id: fields.link_id("master_call_id"),
        operator_call_id: fields.link_id("operator_call_id"),
        group_id: fields.text("group_id", TEXT_BYTES_MAX),
        is_internal: fields.flag("is_internal"),
        is_transferred: fields.flag("is_transferred"),
        was_recorded: fields.flag("was_recorded"),
        date_started: fields.date("date_started"),
        date_queued: fields.date("date_queued"),
        date_first_rang: fields.date("date_first_rang"),
        date_rang: fields.date("date_rang"),
        date_connected: fields.date("date_connected"),
        date_ended: fields.date("date_ended"),
        duration_ms: fields.duration("duration"),
        total_duration_ms: fields.duration("total_duration"),
        talk_time_ms: fields.duration("talk_time"),
        hold_time_ms: fields.duration("hold_time"),
        recording_details: fields.nested_list("recording_details", "recording_details.", recording),
        recording_urls: fields.texts("recording_url", URL_BYTES_MAX),
        admin_recording_urls: fields.texts("admin_recording_urls", URL_BYTES_MAX),
        call_recording_ids: fields.texts("call_recording_ids", TEXT_BYTES_MAX),
        call_recording_share_links: fields.texts("call_recording_share_links", URL_BYTES_MAX),
        admin_call_recording_share_links: fields.texts("admin_call_recording_share_links", URL_BYTES_MAX),
        screen_recording_urls: fields.texts("screen_recording_urls", URL_BYTES_MAX),
        voicemail_link: fields.text("voicemail_link", URL_BYTES_MAX),
        voicemail_share_link: fields.text("voicemail_share_link", URL_BYTES_MAX),
        voicemail_recording_id: fields.name_id("voicemail_recording_id"),
        transcription_text: fields.text("transcription_text", LONG_TEXT_BYTES_MAX),
        company_call_review_share_link: fields.text("company_call_review_share_link", URL_BYTES_MAX),
        public_call_review_share_link: fields.text("public_call_review_share_link", URL_BYTES_MAX),
        recap_summary: fields.text_or_json("recap_summary", LONG_TEXT_BYTES_MAX),
        recap_outcome: fields.text_or_json("recap_outcome", LONG_TEXT_BYTES_MAX),
        recap_purposes: fields.texts("recap_purposes", LONG_TEXT_BYTES_MAX),
        recap_action_items: fields.texts("recap_action_items", LONG_TEXT_BYTES_MAX),
        dispositions: dispositions(fields),
        csat_score: fields.text("csat_score", TEXT_BYTES_MAX),
        pcsat_score: fields.text("pcsat_score", TEXT_BYTES_MAX),
        csat_recording_urls: fields.texts("csat_recording_urls", URL_BYTES_MAX),
        csat_transcriptions: fields.texts("csat_transcriptions", LONG_TEXT_BYTES_MAX),
        mos_score: fields.amount("mos_score", SCORE_MAX),
        custom_data: fields.text_or_json("custom_data", LONG_TEXT_BYTES_MAX),
        integrations: fields.value("integrations"),
        labels: fields.texts("labels", TEXT_BYTES_MAX),
        callback_requested: fields.value("callback_requested"),
        selected_caller_id: fields.text("selected_caller_id", TEXT_BYTES_MAX),
        target_availability_status: fields.text("target_availability_status", TEXT_BYTES_MAX),
        routing_breadcrumbs: fields.values("routing_breadcrumbs"),
    };
    note_end_before_start(&facts, fields);
    facts
}

/// Clocks disagree; both values are shown, with a mark.
fn note_end_before_start(facts: &Facts, fields: &mut Fields<'_, '_>) {
    if let (Some(started), Some(ended)) = (facts.date_started, facts.date_ended)
        && ended < started
    {
        fields.note("date_ended", Fault::BeforeStart);
    }
}

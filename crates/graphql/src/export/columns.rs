//! What stands in an export, column by column.

use std::collections::HashMap;

use domain::export::Cell;
use store::{ExportedCall, Party};
use uuid::Uuid;

/// The columns, in the order of [`cells`], and whether each is a time.
pub(super) const COLUMNS: [(&str, bool); 42] = [
    ("call_id", false),
    ("date_started", true),
    ("direction", false),
    ("outcome", false),
    ("external_number", false),
    ("internal_number", false),
    ("contact_name", false),
    ("contact_email", false),
    ("contact_phone", false),
    ("contact_type", false),
    ("contact_id", false),
    ("target_name", false),
    ("target_email", false),
    ("target_phone", false),
    ("target_type", false),
    ("target_id", false),
    ("entry_point_target_name", false),
    ("entry_point_target_phone", false),
    ("entry_point_target_type", false),
    ("entry_point_target_id", false),
    ("proxy_target_name", false),
    ("proxy_target_type", false),
    ("proxy_target_id", false),
    ("group_id", false),
    ("date_queued", true),
    ("date_first_rang", true),
    ("date_rang", true),
    ("date_connected", true),
    ("date_ended", true),
    ("duration_ms", false),
    ("total_duration_ms", false),
    ("talk_time_ms", false),
    ("hold_time_ms", false),
    ("was_recorded", false),
    ("voicemail_link", false),
    ("is_transferred", false),
    ("labels", false),
    ("state", false),
    ("state_raw", false),
    ("entry_point_call_id", false),
    ("master_call_id", false),
    ("operator_call_id", false),
];

/// The cells of a call. Whoever is on it is found in `parties`.
pub(super) fn cells<'a>(
    call: &'a ExportedCall<'a>,
    parties: &'a HashMap<Uuid, Party>,
) -> [Cell<'a>; COLUMNS.len()] {
    let party = |id: Option<Uuid>| id.and_then(|id| parties.get(&id));
    let (contact, target) = (party(call.contact), party(call.target));
    let (entry_point, proxy) = (party(call.entry_point), party(call.proxy_target));
    let of = |party: Option<&'a Party>, pick: fn(&Party) -> Option<&str>| text(party.and_then(pick));
    let name = |party| of(party, |party| party.name.as_deref());
    let email = |party| of(party, |party| party.email.as_deref());
    let phone = |party| of(party, |party| party.phone.as_deref());
    let kind = |party| of(party, |party| Some(&party.kind));
    let dialpad_id = |party| of(party, |party| party.dialpad_id.as_deref());
    [
        Cell::Id(call.call_id),
        some(call.date_started, Cell::Time),
        Cell::Word(call.direction),
        Cell::Word(call.outcome),
        text(call.external_number),
        text(call.internal_number),
        name(contact),
        email(contact),
        phone(contact),
        kind(contact),
        dialpad_id(contact),
        name(target),
        email(target),
        phone(target),
        kind(target),
        dialpad_id(target),
        name(entry_point),
        phone(entry_point),
        kind(entry_point),
        dialpad_id(entry_point),
        name(proxy),
        kind(proxy),
        dialpad_id(proxy),
        text(call.group_id),
        some(call.date_queued, Cell::Time),
        some(call.date_first_rang, Cell::Time),
        some(call.date_rang, Cell::Time),
        some(call.date_connected, Cell::Time),
        some(call.date_ended, Cell::Time),
        some(call.duration_ms, Cell::Number),
        some(call.total_duration_ms, Cell::Number),
        some(call.talk_time_ms, Cell::Number),
        some(call.hold_time_ms, Cell::Number),
        some(call.was_recorded, Cell::Flag),
        text(call.voicemail_link),
        some(call.is_transferred, Cell::Flag),
        Cell::List(&call.labels),
        Cell::Word(call.state),
        text(Some(call.state_raw)),
        some(call.entry_point_call_id, Cell::Id),
        some(call.master_call_id, Cell::Id),
        some(call.operator_call_id, Cell::Id),
    ]
}

fn some<'a, T>(value: Option<T>, cell: fn(T) -> Cell<'a>) -> Cell<'a> {
    value.map_or(Cell::Missing, cell)
}

fn text(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Missing, Cell::Text)
}

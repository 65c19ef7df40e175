//! Events that are no calls but arrive at the same address with the same signature.

use serde_json::{Value, json};

use super::Script;
use crate::office::spoken;

/// One text message, contact change, agent status or administrator's change.
pub(super) fn other(script: &mut Script<'_>) {
    let now = script.origin;
    let claims = match script.rng.below(4) {
        0 => text_message(script, now),
        1 => contact(script),
        2 => agent_status(script, now),
        _ => change(script, now),
    };
    let at = now + script.rng.between(700, 1_600);
    script.push(at, claims);
}

/// Its objects name the number `phone_number` and write it as people do.
fn text_message(script: &mut Script<'_>, now: i64) -> Value {
    let (person, customer) = (script.any_person(), script.any_customer());
    let inbound = script.rng.chance(60);
    let (from, to) =
        if inbound { (&customer.phone, &person.phone) } else { (&person.phone, &customer.phone) };
    json!({
        "id": script.rng.dialpad_id(),
        "created_date": now,
        "event_timestamp": now + 900,
        "direction": if inbound { "inbound" } else { "outbound" },
        "from_number": from,
        "to_number": [to],
        "target": {
            "id": person.id, "type": "user", "name": person.name, "phone_number": spoken(&person.phone),
            "office_id": script.office.main_line.id,
        },
        "contact": { "id": customer.id, "name": customer.name, "phone_number": spoken(&customer.phone) },
        "admins": [],
        "sender_id": if inbound { Value::Null } else { json!(person.id) },
        "mms": false,
        "mms_url": null,
        "is_internal": false,
        "text": null,
        "text_content": "Thank you, see you on Monday.",
        "message_status": if inbound { "pending" } else { "delivered" },
        "message_delivery_result": null,
    })
}

fn contact(script: &mut Script<'_>) -> Value {
    let customer = script.any_customer();
    json!({
        "event": *script.rng.pick(&["Created", "Updated", "Deleted"]),
        "contact": {
            "id": customer.id, "type": "shared", "first_name": "Sample", "last_name": "Customer",
            "phones": [customer.phone], "emails": [], "company_name": "", "job_title": "", "urls": [],
        },
    })
}

fn agent_status(script: &mut Script<'_>, now: i64) -> Value {
    let person = script.any_person();
    let status = *script.rng.pick(&["Available", "Unavailable", "Occupied", "Wrapup", "Busy"]);
    let call_center_ids: Vec<i64> = script.office.call_centers.iter().map(|center| center.id).collect();
    json!({
        "on_duty_status": status,
        "availability_status": status == "Available",
        "call_center_ids": call_center_ids,
        "target": { "id": person.id, "type": "user", "name": person.name, "email": person.email },
        "date": now,
        "event_timestamp": now + 900,
    })
}

fn change(script: &mut Script<'_>, now: i64) -> Value {
    let person = script.any_person();
    json!({
        "action": "update",
        "changed_by": { "id": person.id, "name": person.name, "email": person.email },
        "date": now,
        "note": "Opening hours changed",
        "additional_data": {},
        "target": { "type": "CallCenter", "id": script.office.call_centers.first().map(|center| center.id) },
    })
}

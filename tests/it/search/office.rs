//! Calls of an invented office: few people, many calls, every outcome.

use serde_json::{Value, json};

use super::oracle::fold;

/// A number as it is written, and its digits with and without the country code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) raw: String,
    pub(super) digits: String,
    pub(super) national: String,
}

/// Someone or some group.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) email: String,
    pub(super) phone: Number,
}

/// A call as it was sent, and what it comes to.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) id: i64,
    pub(super) started_ms: i64,
    pub(super) direction: &'static str,
    pub(super) state: &'static str,
    pub(super) outcome: &'static str,
    pub(super) duration_ms: Option<f64>,
    pub(super) talk_ms: Option<f64>,
    pub(super) external: Number,
    pub(super) internal: Number,
    pub(super) contact: Option<Person>,
    /// Target, caller id and entry point, under Dialpad's names.
    pub(super) people: Vec<(&'static str, Person)>,
    pub(super) labels: Vec<&'static str>,
    pub(super) group: Option<&'static str>,
    pub(super) recorded: Option<bool>,
    pub(super) voicemail_link: bool,
    pub(super) transferred: bool,
}

const CUSTOMERS: [&str; 14] = [
    "Grace Hopper",
    "Ada Lovelace",
    "Zoë Brontë",
    "José Niño",
    "JÜRGEN MÜLLER",
    "Mary-Ann O'Neil",
    "Grace Ångström",
    "李小龍",
    "René Descartes",
    "(206) 555-0145",
    "Anna Grace",
    "Ｗｉｄｅ Load",
    "100% Pure_Air \\ Ltd",
    "Ørsted Håkon",
];
const STAFF: [&str; 5] = ["Ivo Lindqvist", "Mei Okafor", "Grace Agent", "Ana Ruiz", "Bo"];
const GROUPS: [&str; 2] = ["CallCenter:55330718", "Office:47992055"];

impl Number {
    /// A number of Seattle in one of the ways people and Dialpad write it.
    fn seattle(last: usize, spelling: usize) -> Self {
        let raw = match spelling % 5 {
            0 => format!("+1206555{last:04}"),
            1 => format!("1206555{last:04}"),
            2 => format!("(206) 555-{last:04}"),
            3 => format!("+1 206-555-{last:04}"),
            _ => format!("206.555.{last:04}"),
        };
        Self { raw, digits: format!("1206555{last:04}"), national: format!("206555{last:04}") }
    }

    /// A number of London. Its national form has a 0 in front.
    fn london(last: usize) -> Self {
        let digits = format!("4420794600{last:02}");
        Self { raw: format!("+{digits}"), digits, national: format!("020794600{last:02}") }
    }

    fn word(raw: &str) -> Self {
        Self { raw: raw.to_owned(), digits: String::new(), national: String::new() }
    }
}

impl Person {
    fn customer(at: usize, phone: Number) -> Self {
        let name = CUSTOMERS[at % CUSTOMERS.len()];
        let email = if at.is_multiple_of(3) { String::new() } else { format!("customer.{at}@example.org") };
        Self { kind: "shared", id: format!("shared_contact_pool_uid_c{at}"), name, email, phone }
    }

    fn staff(at: usize) -> Self {
        let at = at % STAFF.len();
        let phone = Number::seattle(190 + at, at);
        let email = format!("Staff-{at}@Example.com");
        Self { kind: "user", id: format!("{}", 6_300_000 + at), name: STAFF[at], email, phone }
    }

    fn group(name: &'static str, id: &str, last: usize) -> Self {
        let phone = Number::seattle(last, 0);
        Self { kind: "call_center", id: id.to_owned(), name, email: String::new(), phone }
    }

    fn json(&self) -> Value {
        json!({ "id": self.id, "type": self.kind, "name": self.name, "email": self.email, "phone": self.phone.raw })
    }

    /// Name and e-mail, where they are known.
    pub(super) fn texts(&self) -> Vec<&str> {
        [self.name, self.email.as_str()].into_iter().filter(|text| !text.is_empty()).collect()
    }
}

impl Call {
    /// Everyone on the call.
    pub(super) fn parties(&self) -> impl Iterator<Item = &Person> {
        self.contact.iter().chain(self.people.iter().map(|(_, person)| person))
    }

    /// Every number on the call.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &Number> {
        [&self.external, &self.internal].into_iter().chain(self.parties().map(|person| &person.phone))
    }

    /// Whether someone has a name or an e-mail with a word that begins so.
    pub(super) fn has_word(&self, begins: &str) -> bool {
        self.parties()
            .flat_map(Person::texts)
            .any(|text| fold(text).split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(begins)))
    }

    /// The only event of the call.
    pub(super) fn payload(&self) -> String {
        let mut event = json!({
            "call_id": self.id, "state": self.state, "direction": self.direction, "date_started": self.started_ms,
            "event_timestamp": self.started_ms + 60_000, "external_number": self.external.raw,
            "internal_number": self.internal.raw, "duration": self.duration_ms, "talk_time": self.talk_ms,
            "contact": self.contact.as_ref().map(Person::json), "labels": self.labels, "group_id": self.group,
            "was_recorded": self.recorded, "is_transferred": self.transferred,
            "voicemail_link": self.voicemail_link.then_some("https://dialpad.com/v/1.mp3")
        });
        for (key, person) in &self.people {
            event[*key] = person.json();
        }
        let after = |seconds: i64| json!(self.started_ms + seconds * 1_000);
        match self.outcome {
            "answered" | "ongoing" => event["date_connected"] = after(5),
            "missed" => event["date_rang"] = after(1),
            _ => {}
        }
        if self.outcome != "ongoing" {
            event["date_ended"] = after(50);
        }
        event.to_string()
    }
}

/// Calls every 216 minutes back from `now_ms`, some of them at the same moment.
pub(super) fn office(calls: usize, now_ms: i64) -> Vec<Call> {
    (0..calls).map(|at| call(at, now_ms)).collect()
}

fn call(at: usize, now_ms: i64) -> Call {
    // A stir that has no period in common with the lists.
    let pick = |salt: usize, of: usize| (at * 7_919 + salt * 104_729 + at * at * 31) / 8 % of;
    let (direction, state, outcome) = match pick(1, 9) {
        0 | 1 => ("inbound", "hangup", "answered"),
        2 => ("inbound", "hangup", "missed"),
        3 => ("inbound", "voicemail", "voicemail"),
        4 => ("inbound", "hangup", "abandoned"),
        5 => ("outbound", "hangup", "answered"),
        6 => ("outbound", "hangup", "cancelled"),
        7 => ("inbound", "blocked", "blocked"),
        _ => ("inbound", "connected", "ongoing"),
    };
    let direction = if at % 23 == 5 && direction == "inbound" { "" } else { direction };
    let who = pick(2, 40);
    let external = match who {
        0..=2 => Number::word("anonymous"),
        3..=6 => Number::london(who),
        _ => Number::seattle(100 + who, at),
    };
    let staff = Person::staff(pick(3, 11));
    let internal = if at % 31 == 4 { Number::word("blocked") } else { staff.phone.clone() };
    let mut people = vec![("target", staff)];
    if direction == "outbound" && pick(4, 3) == 0 {
        people.push(("proxy_target", Person::group("Sales Desk", "5533120", 120)));
    }
    if direction == "inbound" && pick(5, 4) == 0 {
        people.push(("entry_point_target", Person::group("Gráce & Co Support", "55330718", 110)));
    }
    let is_answered = outcome == "answered";
    let length_ms = is_answered.then(|| f64::from(u32::try_from(pick(6, 60)).unwrap()) * 15_000.0);
    // Pairs share their start: the call id decides.
    let back = i64::try_from(at / 2 * 2).unwrap() * 216 * 60_000 / 2 - 100 * 60_000;
    Call {
        id: 700_000 + i64::try_from(at * 3).unwrap(),
        started_ms: now_ms - back.max(60_000),
        direction: if direction.is_empty() { "unknown" } else { direction },
        state,
        outcome,
        duration_ms: length_ms,
        talk_ms: length_ms.map(|length| (length - 10_000.0).max(0.0)),
        contact: (who > 2).then(|| Person::customer(who, external.clone())),
        external,
        internal,
        people,
        labels: [vec![], vec!["Renewal"], vec!["renewal", "Über-VIP"], vec![]][pick(7, 4)].clone(),
        group: [None, Some(GROUPS[0]), Some(GROUPS[1])][pick(8, 3)],
        recorded: [None, Some(true), Some(false)][pick(9, 3)],
        voicemail_link: outcome == "voicemail" && pick(10, 2) == 0,
        transferred: pick(11, 5) == 0,
    }
}

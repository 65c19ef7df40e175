//! The people and groups of a call: Dialpad's `target`, `contact` and their kin.

use super::read::{Fields, TEXT_BYTES_MAX};
use crate::phone::PhoneNumber;

/// One side of a call, as Dialpad describes it: a user, a group, a room, or a contact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Party {
    /// Dialpad's id: digits for users, groups and local contacts, other text for shared contacts.
    pub id: Option<String>,
    /// What the party is, in one spelling: `user`, `office`, `department`, `call_center`, … or, for contacts,
    /// `local`, `shared`, `google`, …; `unknown` if Dialpad did not say.
    pub kind: String,
    /// The display name; for contacts it may be the number or a city.
    pub name: Option<String>,
    /// The e-mail address, not checked.
    pub email: Option<String>,
    /// The number.
    pub phone: Option<PhoneNumber>,
    /// Dialpad's id of the office the party belongs to.
    pub office_id: Option<i64>,
}

/// The kinds whose spelling differs between payloads, API and exports: the letters alone, then the name we use.
const KINDS: [(&str, &str); 7] = [
    ("callcenter", "call_center"),
    ("callrouter", "call_router"),
    ("coachinggroup", "coaching_group"),
    ("coachingteam", "coaching_team"),
    ("staffgroup", "staff_group"),
    ("userprofile", "user"),
    ("", "unknown"),
];

impl Party {
    /// Reads a party; `None` if nothing is known of it.
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let kind = fields.text("type", TEXT_BYTES_MAX);
        let party = Self {
            id: fields.name_id("id"),
            kind: kind_name(kind.as_deref().unwrap_or_default()),
            name: fields.text("name", TEXT_BYTES_MAX),
            email: fields.text("email", TEXT_BYTES_MAX),
            phone: fields.phone("phone"),
            office_id: fields.link_id("office_id"),
        };
        let is_blank =
            party.id.is_none() && party.name.is_none() && party.email.is_none() && party.phone.is_none();
        (!is_blank || party.is_known_kind() || party.office_id.is_some()).then_some(party)
    }

    /// True for the parties that are one person or one device, rather than a group that calls are spread over.
    pub fn is_person(&self) -> bool {
        matches!(self.kind.as_str(), "user" | "room")
    }

    fn is_known_kind(&self) -> bool {
        self.kind != "unknown"
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(id), Some(other_id)) => id == other_id,
            _ => self.phone.is_some() && self.phone == other.phone,
        }
    }

    /// Takes over what a newer event says: another party replaces this one, the same party is filled in.
    pub(crate) fn absorb(&mut self, newer: &Self) {
        if !self.is_same(newer) {
            *self = newer.clone();
            return;
        }
        let Self { id, kind, name, email, phone, office_id } = newer;
        if newer.is_known_kind() {
            self.kind.clone_from(kind);
        }
        self.id = id.clone().or_else(|| self.id.take());
        self.name = name.clone().or_else(|| self.name.take());
        self.email = email.clone().or_else(|| self.email.take());
        self.phone = phone.clone().or_else(|| self.phone.take());
        self.office_id = office_id.or(self.office_id);
    }
}

/// Dialpad writes `call_center` in events, `callcenter` in its API and `CallCenter` in exports.
pub(crate) fn kind_name(sent: &str) -> String {
    let letters: String = sent
        .chars()
        .filter(|letter| !matches!(letter, '_' | ' ' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    match KINDS.iter().find(|(spelling, _)| *spelling == letters) {
        Some((_, name)) => (*name).to_owned(),
        None => letters,
    }
}

//! Everyone and every number on a call, as search keeps them: each once, with the terms they are found by.
//!
//! Calls of one company repeat the same people and numbers, so text lives on the few distinct parties and a call only
//! points at them. A party is immutable: another name or number makes another party.

use serde::Serialize;
use uuid::Uuid;

use crate::event::{Party, kind_name};
use crate::fold::Call;
use crate::ids::{PartyId, sha256};
use crate::phone::PhoneNumber;
use crate::text;

/// Characters of a whole name, e-mail or id that are compared; longer ones are cut on both sides.
pub const WHOLE_TERM_CHARS_MAX: usize = 128;
/// Digits of a number that are compared.
const NUMBER_TERM_DIGITS_MAX: usize = 40;

/// On which sides of a call a party stands: a set of bits, as stored in `call_parties.sides`.
pub mod sides {
    /// Its number is the other side's number.
    pub const EXTERNAL_NUMBER: i16 = 1;
    /// Its number is the company's number.
    pub const INTERNAL_NUMBER: i16 = 2;
    /// It is the contact.
    pub const CONTACT: i16 = 4;
    /// It is the target.
    pub const TARGET: i16 = 8;
    /// It is the caller id that was shown.
    pub const PROXY: i16 = 16;
    /// It is what was dialled first.
    pub const ENTRY_POINT: i16 = 32;
    /// Anywhere on the call.
    pub const ANY: i16 = 63;
    /// Someone or some group of the company.
    pub const PEOPLE_INTERNAL: i16 = TARGET | PROXY | ENTRY_POINT;
}

/// A party as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DistinctParty {
    /// Derived from everything below, so that the same party has the same id wherever it is met.
    pub party_id: Uuid,
    /// `user`, `call_center`, `local`, …; `number` for a number that nobody is known to belong to.
    pub kind: String,
    /// Dialpad's id.
    pub dialpad_id: Option<String>,
    /// The name as sent.
    pub name: Option<String>,
    /// The e-mail as sent.
    pub email: Option<String>,
    /// The number as sent.
    pub phone: Option<String>,
}

/// The parties of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallParties {
    /// Each with the sides it stands on.
    pub links: Vec<(DistinctParty, i16)>,
    /// The contact.
    pub contact: Option<PartyId>,
    /// The target.
    pub target: Option<PartyId>,
    /// The caller id that was shown.
    pub proxy_target: Option<PartyId>,
    /// What was dialled first.
    pub entry_point_target: Option<PartyId>,
}

impl CallParties {
    /// Who and which numbers are on `call`.
    pub fn of(call: &Call) -> Self {
        let mut parties = Self::default();
        parties.contact = parties.add(call.contact.as_ref(), sides::CONTACT);
        parties.target = parties.add(call.target.as_ref(), sides::TARGET);
        parties.proxy_target = parties.add(call.proxy_target.as_ref(), sides::PROXY);
        parties.entry_point_target = parties.add(call.entry_point_target.as_ref(), sides::ENTRY_POINT);
        parties.add_number(call.external_number.as_ref(), sides::CONTACT, sides::EXTERNAL_NUMBER);
        parties.add_number(call.internal_number.as_ref(), sides::PEOPLE_INTERNAL, sides::INTERNAL_NUMBER);
        parties
    }

    fn add(&mut self, party: Option<&Party>, side: i16) -> Option<PartyId> {
        let party = DistinctParty::of(party?);
        let id = PartyId(party.party_id);
        self.link(party, side);
        Some(id)
    }

    fn link(&mut self, party: DistinctParty, side: i16) {
        match self.links.iter_mut().find(|(known, _)| known.party_id == party.party_id) {
            Some((_, sides)) => *sides |= side,
            None => self.links.push((party, side)),
        }
    }

    /// The number of a line belongs to whoever of `owners` has it; else it is a party of its own.
    fn add_number(&mut self, number: Option<&PhoneNumber>, owners: i16, side: i16) {
        let Some(number) = number else { return };
        let same = |phone: &str| match PhoneNumber::parse(phone) {
            Some(phone) if !number.digits().is_empty() => phone.digits() == number.digits(),
            Some(phone) => phone.raw() == number.raw(),
            None => false,
        };
        let owner = self
            .links
            .iter_mut()
            .find(|(party, sides)| *sides & owners != 0 && party.phone.as_deref().is_some_and(same));
        match owner {
            Some((_, sides)) => *sides |= side,
            None => self.link(DistinctParty::number(number), side),
        }
    }
}

impl DistinctParty {
    fn of(party: &Party) -> Self {
        Self {
            party_id: Uuid::nil(),
            kind: party.kind.clone(),
            dialpad_id: party.id.clone(),
            name: party.name.clone(),
            email: party.email.clone(),
            phone: party.phone.as_ref().map(|phone| phone.raw().to_owned()),
        }
        .identified()
    }

    fn number(number: &PhoneNumber) -> Self {
        Self {
            party_id: Uuid::nil(),
            kind: "number".to_owned(),
            dialpad_id: None,
            name: None,
            email: None,
            phone: Some(number.raw().to_owned()),
        }
        .identified()
    }

    fn identified(mut self) -> Self {
        let mut content = Vec::new();
        let fields = [
            Some(&self.kind),
            self.dialpad_id.as_ref(),
            self.name.as_ref(),
            self.email.as_ref(),
            self.phone.as_ref(),
        ];
        for field in fields {
            // The length in front keeps neighbouring fields apart; a missing field differs from an empty one.
            content.extend(field.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            content.extend(field.map_or("", String::as_str).as_bytes());
        }
        let hash = sha256(&content);
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        self.party_id = uuid::Builder::from_custom_bytes(id).into_uuid();
        self
    }

    /// What the party can be found by. The first character says what a term is:
    /// `w` word, `n` whole name, `e` e-mail, `i` Dialpad id, `d` digits of the number, `r` the same reversed.
    pub fn terms(&self) -> Vec<String> {
        let mut terms = Vec::new();
        let mut add = |kind: char, text: &str| {
            let term = format!("{kind}{text}");
            if !text.is_empty() && !terms.contains(&term) {
                terms.push(term);
            }
        };
        for (kind, text) in [('n', &self.name), ('e', &self.email)] {
            let Some(text) = text else { continue };
            add(kind, &whole(text));
            text::words(text).iter().for_each(|word| add('w', word));
        }
        if let Some(id) = &self.dialpad_id {
            add('i', &cut(id, WHOLE_TERM_CHARS_MAX));
        }
        if let Some(phone) = self.phone.as_deref().and_then(PhoneNumber::parse) {
            let digits = cut(&phone.digits(), NUMBER_TERM_DIGITS_MAX);
            add('d', &digits);
            add('r', &reversed(&digits));
            if let Some(national) = phone.national() {
                add('d', &text::digits(&national));
            }
            if digits.is_empty() {
                add('n', &whole(phone.raw()));
                text::words(phone.raw()).iter().for_each(|word| add('w', word));
            }
        }
        terms
    }
}

/// Kind and search term of the party that a call's group (`CallCenter:5533`) is; `None` when it names no party.
pub fn group_party(group_id: &str) -> Option<(String, String)> {
    let (kind, id) = group_id.split_once(':')?;
    let is_named = !kind.trim().is_empty() && !id.is_empty();
    is_named.then(|| (kind_name(kind), format!("i{}", cut(id, WHOLE_TERM_CHARS_MAX))))
}

/// A whole name, e-mail or word in place of a number as it is compared.
pub fn whole(text: &str) -> String {
    cut(&text::fold(text.trim()), WHOLE_TERM_CHARS_MAX)
}

/// The characters in the other order: the end of a number is the beginning of its reverse.
pub fn reversed(digits: &str) -> String {
    digits.chars().rev().collect()
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::decode;
    use crate::fold::fold;
    use crate::json::Digest;

    fn parties(payload: &str) -> CallParties {
        let event = decode(payload.as_bytes()).unwrap();
        CallParties::of(&fold([(&event, Digest::from_bytes([0; 16]))]).unwrap())
    }

    #[test]
    fn a_line_belongs_to_whoever_has_its_number() {
        let parties = parties(
            r#"{"call_id":1,"state":"hangup","external_number":"+12065550142","internal_number":"12065550101",
                "contact":{"id":"c1","type":"shared","name":"Zoë Example","email":"zoe@example.com","phone":"(206) 555-0142"},
                "target":{"id":31,"type":"user","phone":"+12065550199"}}"#,
        );
        let sides: Vec<_> =
            parties.links.iter().map(|(party, sides)| (party.kind.as_str(), *sides)).collect();
        assert_eq!(
            sides,
            [
                ("shared", sides::CONTACT | sides::EXTERNAL_NUMBER),
                ("user", sides::TARGET),
                ("number", sides::INTERNAL_NUMBER)
            ]
        );
        assert_eq!(
            parties.links[0].0.terms(),
            [
                "nzoe example",
                "wzoe",
                "wexample",
                "ezoe@example.com",
                "wcom",
                "ic1",
                "d12065550142",
                "r24105556021",
                "d2065550142"
            ]
        );
    }

    #[test]
    fn words_in_place_of_numbers_can_be_found() {
        let parties = parties(r#"{"call_id":1,"external_number":"Blocked"}"#);
        assert_eq!(parties.links[0].0.terms(), ["nblocked", "wblocked"]);
    }

    #[test]
    fn a_group_is_a_party() {
        let parties = parties(r#"{"call_id":1,"target":{"id":5533,"type":"call_center","name":"Support"}}"#);
        let (party, _) = &parties.links[0];
        let (kind, term) = group_party("CallCenter:5533").unwrap();
        assert_eq!(kind, party.kind);
        assert!(party.terms().contains(&term), "{term}");
        for nothing in ["", "5533", ":5533", " :1", "CallCenter:"] {
            assert_eq!(group_party(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_same_content_is_the_same_party() {
        let a = parties(r#"{"call_id":1,"contact":{"id":"1","type":"local","name":"A"}}"#);
        let b = parties(r#"{"call_id":2,"contact":{"name":"A","type":"local","id":1}}"#);
        let c = parties(r#"{"call_id":2,"contact":{"name":"A","type":"local","email":"1"}}"#);
        assert_eq!(a.contact, b.contact);
        assert_ne!(a.contact, c.contact);
    }
}

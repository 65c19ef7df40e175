//! What can be put into the places of the API: values of a company, in every form in which somebody might try them. The
//! same form of what the other company holds and of what nobody holds must be answered alike.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::Dice;

/// What kind of value a place takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Global ids, the company's first.
    GlobalId,
    /// Dialpad's ids of calls.
    CallId,
    Member,
    ApiKey,
    Invitation,
    Session,
    View,
    /// Cursors of every list.
    Cursor,
    /// A search, in the language of the search box.
    Query,
    /// Names, addresses, labels, whole and in parts.
    Text,
    /// Numbers of people, whole and in parts.
    Number,
    Group,
    /// The moment of a call, to the millisecond.
    Moment,
    /// Of somebody who is invited.
    Email,
    /// Of somebody who can sign in.
    Account,
    Name,
    Secret,
    Slug,
    /// What belongs to nobody.
    OneOf(Vec<Value>),
}

/// Which values the places take that take text: by the whole name of the place, or by its last part.
const TAKES: &[(&str, Kind)] = &[
    ("Company.conversation(id)", Kind::CallId),
    ("Company.deliverySummary(since)", Kind::Moment),
    ("Company.deliverySummary(until)", Kind::Moment),
    ("AuditFilter.since", Kind::Moment),
    ("AuditFilter.until", Kind::Moment),
    ("AuditFilter.actor", Kind::Account),
    ("(id)", Kind::GlobalId),
    ("(ids)", Kind::GlobalId),
    ("(company)", Kind::GlobalId),
    ("(callId)", Kind::CallId),
    ("(after)", Kind::Cursor),
    ("(before)", Kind::Cursor),
    ("(since)", Kind::Cursor),
    ("(query)", Kind::Query),
    ("IdFilter.eq", Kind::Group),
    ("IdFilter.in", Kind::CallId),
    ("DateTimeFilter.eq", Kind::Moment),
    ("DateTimeFilter.gt", Kind::Moment),
    ("DateTimeFilter.gte", Kind::Moment),
    ("DateTimeFilter.lt", Kind::Moment),
    ("DateTimeFilter.lte", Kind::Moment),
    ("NumberFilter.contains", Kind::Number),
    ("NumberFilter.endsWith", Kind::Number),
    ("NumberFilter.eq", Kind::Number),
    ("NumberFilter.startsWith", Kind::Number),
    ("TextFilter.contains", Kind::Text),
    ("TextFilter.eq", Kind::Text),
    ("TextFilter.startsWith", Kind::Text),
    (".text", Kind::Text),
    (".companyId", Kind::GlobalId),
    (".deliveryIds", Kind::GlobalId),
    (".memberId", Kind::Member),
    (".apiKeyId", Kind::ApiKey),
    (".invitationId", Kind::Invitation),
    (".sessionId", Kind::Session),
    (".viewId", Kind::View),
    (".groupScope", Kind::Group),
    (".email", Kind::Email),
    (".name", Kind::Name),
    (".secret", Kind::Secret),
    (".clientSecret", Kind::Secret),
    (".currentPassword", Kind::Secret),
    (".newPassword", Kind::Secret),
];

/// What a place of this name takes; nothing when nobody said it.
pub(super) fn takes(name: &str) -> Option<Kind> {
    match name {
        "Company.callHistogram(timeZone)" => return Some(Kind::OneOf(vec![json!("Europe/Paris")])),
        "CreateApiKeyInput.expiresAt" | "RequireSecondFactorInput.requiredFrom" => {
            return Some(Kind::OneOf(vec![json!("2030-01-01T00:00:00Z")]));
        }
        "AuditFilter.actions" => return Some(Kind::OneOf(vec![json!("MEMBER_INVITED")])),
        "CreateSavedViewInput.content" | "UpdateSavedViewInput.content" => {
            return Some(Kind::OneOf(vec![json!("{}")]));
        }
        // Addresses of pages are everybody's: whoever wants one that is taken is told so.
        "UpdateCompanyInput.slug" => return Some(Kind::OneOf(vec![json!("another-address")])),
        "UpdateCompanyInput.timeZone" => return Some(Kind::OneOf(vec![json!("Europe/Paris")])),
        // One's own, and only so often.
        "BeginSecondFactorInput.password"
        | "EndSecondFactorInput.password"
        | "ReplaceRecoveryCodesInput.password"
        | "RequestEmailChangeInput.currentPassword"
        | "DeleteCompanyInput.currentPassword"
        | "DeleteAccountInput.currentPassword" => {
            return Some(Kind::OneOf(vec![json!("not the password")]));
        }
        "CreateApiKeyInput.networks" => return Some(Kind::OneOf(vec![json!("192.0.2.0/24")])),
        // Where nothing may be asked for.
        "SetSingleSignOnInput.issuer" => return Some(Kind::OneOf(vec![json!("https://10.0.0.1")])),
        "SetSingleSignOnInput.clientId" => return Some(Kind::OneOf(vec![json!("trunkline")])),
        "SetSingleSignOnInput.domains" => return Some(Kind::OneOf(vec![json!("example.com")])),
        "ConfirmSecondFactorInput.code" => return Some(Kind::OneOf(vec![json!("000000")])),
        _ => {}
    }
    let fits =
        |known: &str| name == known || (!known.starts_with(char::is_alphabetic) && name.ends_with(known));
    TAKES.iter().find(|(known, _)| fits(known)).map(|(_, kind)| kind.clone())
}

/// The marks by which what belongs to a company is recognised wherever it turns up.
#[derive(Clone)]
pub(super) struct Marks {
    /// Six letters: in its name, and in everything that has a name.
    pub(super) word: String,
    /// Eight digits with which the ids of its calls, people and groups begin.
    pub(super) digits: String,
    /// What stands in front of the last digit of its numbers.
    pub(super) phone: String,
    /// Milliseconds of all its moments.
    pub(super) milliseconds: u32,
}

/// What a company holds, as far as somebody else might try it.
pub(super) struct Holdings {
    pub(super) marks: Marks,
    pub(super) tenant: [u8; 16],
    /// Tag and what follows the company in its global ids.
    pub(super) objects: Vec<(u8, Vec<u8>)>,
    pub(super) members: Vec<String>,
    pub(super) api_keys: Vec<String>,
    pub(super) invitations: Vec<String>,
    pub(super) sessions: Vec<String>,
    pub(super) views: Vec<String>,
    pub(super) cursors: Vec<String>,
    pub(super) slug: String,
}

/// A value as it is sent, and what stands in for it when it is said back.
#[derive(Clone, Debug)]
pub(super) struct Given {
    sent: Value,
    /// The parts that the answer may say back, longest first.
    pub(super) echoes: Vec<String>,
}

impl Given {
    pub(super) fn value(&self) -> Value {
        self.sent.clone()
    }

    /// As text, in addresses and headers.
    pub(super) fn text(&self) -> String {
        self.sent.as_str().map_or_else(|| self.sent.to_string(), str::to_owned)
    }

    fn of(text: String, echoes: Vec<String>) -> Self {
        let mut echoes = [echoes, vec![text.clone()]].concat();
        let lower = echoes.iter().map(|echo| echo.to_lowercase()).collect();
        echoes = [echoes, lower].concat();
        echoes.sort_by_key(|echo| std::cmp::Reverse(echo.len()));
        echoes.dedup();
        Self { sent: json!(text), echoes }
    }
}

/// The people of every company, behind its word.
const PEOPLE: [&str; 3] = ["barbara", "bertram", "beatrix"];
/// Its people with accounts, the owner's aside.
pub(super) const ROLES: [&str; 3] = ["admin", "member", "viewer"];
/// How often somebody may try to sign in as each of them is bounded, so these are few.
const ACCOUNTS: [&str; 4] = ["owner", ROLES[0], ROLES[1], ROLES[2]];
/// Calls of every company.
pub(super) const CALLS: usize = 9;
/// Forms of a search and of a text.
const QUERIES: usize = 16;
const TEXTS: usize = 9;
const NUMBERS: usize = 6;

impl Marks {
    pub(super) fn person(&self, at: usize) -> String {
        let mut name = format!("{}{}", self.word, PEOPLE[at % PEOPLE.len()]);
        name[..1].make_ascii_uppercase();
        name
    }

    pub(super) fn email(&self, at: usize) -> String {
        format!("{}@{}.example", PEOPLE[at % PEOPLE.len()], self.word)
    }

    pub(super) fn account(&self, at: usize) -> String {
        match ACCOUNTS[at % ACCOUNTS.len()] {
            "owner" => format!("{}.lines@example.com", self.word),
            role => format!("{role}@{}.example", self.word),
        }
    }

    pub(super) fn number(&self, at: usize) -> String {
        format!("+1{}{}", self.phone, at % PEOPLE.len())
    }

    /// Dialpad's id of a call, a person or a group.
    pub(super) fn id(&self, at: usize) -> String {
        format!("{}{at:04}", self.digits)
    }

    pub(super) fn group(&self) -> String {
        format!("CallCenter:{}", self.id(900))
    }

    pub(super) fn label(&self) -> String {
        format!("{}-label", self.word)
    }

    pub(super) fn secret(&self) -> String {
        format!("{}: what nobody guesses", self.word)
    }

    pub(super) fn moment(&self, at: usize) -> String {
        format!("2026-05-{:02}T15:04:05.{:03}Z", 1 + at % CALLS, self.milliseconds)
    }
}

impl Kind {
    /// In how many forms a value can be tried.
    pub(super) fn forms(&self, own: &Holdings) -> usize {
        match self {
            Self::GlobalId => own.objects.len() * 2 + 2,
            Self::CallId => CALLS + 1,
            Self::Cursor => own.cursors.len(),
            Self::Query => QUERIES,
            Self::Text => TEXTS,
            Self::Number => NUMBERS,
            Self::Group => 2,
            Self::Moment => 3,
            Self::Member => own.members.len(),
            Self::ApiKey => own.api_keys.len(),
            Self::Invitation => own.invitations.len(),
            Self::Session => own.sessions.len(),
            Self::View => own.views.len(),
            Self::Email | Self::Name => PEOPLE.len(),
            Self::Account => ACCOUNTS.len(),
            Self::Secret | Self::Slug => 1,
            Self::OneOf(values) => values.len(),
        }
    }

    /// A value of `held` in a form. `own` is the company of who asks: half of the global ids name it, and what is behind
    /// the name is the other's.
    pub(super) fn value(&self, form: usize, held: &Holdings, own: &Holdings) -> Given {
        let (marks, pick) = (&held.marks, form % PEOPLE.len());
        let opaque = |of: &[String]| Given::of(of[form % of.len()].clone(), vec![]);
        match self {
            Self::GlobalId => global_id(form, held, own),
            Self::CallId => Given::of(marks.id(form), vec![]),
            Self::Member => opaque(&held.members),
            Self::ApiKey => opaque(&held.api_keys),
            Self::Invitation => opaque(&held.invitations),
            Self::Session => opaque(&held.sessions),
            Self::View => opaque(&held.views),
            Self::Cursor => opaque(&held.cursors),
            Self::Query => query(form, marks),
            Self::Text => text(form, marks),
            Self::Number => number(form, marks),
            Self::Group => Given::of([marks.group(), marks.id(form)][form % 2].clone(), vec![]),
            Self::Moment => Given::of(marks.moment(form * 3), vec![]),
            Self::Email => Given::of(marks.email(form), vec![]),
            Self::Account => Given::of(marks.account(form), vec![]),
            Self::Name => Given::of(marks.person(pick), vec![]),
            Self::Secret => Given::of(marks.secret(), vec![]),
            Self::Slug => Given::of(held.slug.clone(), vec![]),
            Self::OneOf(values) => Given { sent: values[form % values.len()].clone(), echoes: vec![] },
        }
    }
}

fn global_id(form: usize, held: &Holdings, own: &Holdings) -> Given {
    // Ids of another kind where a global id belongs.
    if form >= held.objects.len() * 2 {
        let raw = [uuid(&held.tenant), held.slug.clone()];
        return Given::of(raw[form % 2].clone(), vec![]);
    }
    let (tag, rest) = &held.objects[form % held.objects.len()];
    // The company itself has nothing behind its name.
    let is_mixed = form >= held.objects.len() && *tag != b'C';
    let tenant = if is_mixed { own.tenant } else { held.tenant };
    let bytes = [&[*tag], &tenant[..], rest].concat();
    Given::of(URL_SAFE_NO_PAD.encode(bytes), vec![])
}

fn query(form: usize, marks: &Marks) -> Given {
    let (person, email, number, id) =
        (marks.person(form), marks.email(form), marks.number(form), marks.id(form % CALLS));
    let (word, digits) = (&marks.word, &number[2..]);
    let text = match form {
        0 => person.clone(),
        1 => format!("contact:{person}"),
        2 => format!("person:{}*", &word[..4]),
        3 => format!("contact:*{}*", &word[1..5]),
        4 => format!("contact:=\"{email}\""),
        5 => format!("number:{number}"),
        6 => format!("number:*{}", &digits[3..]),
        7 => format!("external:*{}*", &digits[2..8]),
        8 => format!("call:{id}"),
        9 => id.clone(),
        10 => format!("group:{}", marks.group()),
        11 => format!("label:{}", marks.label()),
        12 => format!("-contact:{person}"),
        13 => format!("(contact:{person} OR label:{}) direction:inbound", marks.label()),
        14 => email.clone(),
        _ => format!("contact:={}", marks.id(800)),
    };
    let echoes = vec![
        person,
        email,
        number.clone(),
        digits.to_owned(),
        number[1..].to_owned(),
        id,
        marks.group(),
        marks.label(),
        marks.id(800),
        word[..4].to_owned(),
        word[1..5].to_owned(),
        digits[3..].to_owned(),
        digits[2..8].to_owned(),
    ];
    Given::of(text, echoes)
}

fn text(form: usize, marks: &Marks) -> Given {
    let (person, email, word) = (marks.person(form), marks.email(form), &marks.word);
    let text = match form {
        0 => person,
        1 => person.to_uppercase(),
        2 => word[..4].to_owned(),
        3 => word[1..].to_owned(),
        4 => email,
        5 => marks.label(),
        6 => marks.id(800),
        7 => format!("{word}.example"),
        _ => marks.number(form)[6..].to_owned(),
    };
    Given::of(text, vec![])
}

fn number(form: usize, marks: &Marks) -> Given {
    let number = marks.number(form);
    let text = match form {
        0 | 1 => number.clone(),
        2 => number[1..].to_owned(),
        3 => number[5..].to_owned(),
        4 => number[8..].to_owned(),
        _ => format!("({}) {}-{}", &number[2..5], &number[5..8], &number[8..]),
    };
    Given::of(text, vec![number[1..].to_owned(), number[2..].to_owned(), number])
}

/// As PostgreSQL writes it.
pub(super) fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl Holdings {
    /// What nobody holds, in the shapes of what a company does.
    pub(super) fn nobodys(own: &Self, dice: &mut Dice) -> Self {
        // No word of the tests has two of these beside each other.
        let letters: String = (0..6).map(|_| char::from(b"qxwvkj"[dice.roll(6)])).collect();
        let digits: String =
            (0..6).map(|_| char::from(b'0' + u8::try_from(dice.roll(10)).unwrap())).collect();
        let marks = Marks {
            word: letters,
            digits: format!("99{digits}"),
            phone: "206555019".to_owned(),
            milliseconds: 991,
        };
        let mut bytes = |length: usize| -> Vec<u8> {
            (0..length).map(|_| u8::try_from(dice.roll(256)).unwrap()).collect()
        };
        let tenant = bytes(16).try_into().unwrap();
        let objects = own.objects.iter().map(|(tag, rest)| match tag {
            // Numbers stay numbers, and moments such as there may be.
            b'L' | b'V' => {
                let id: i64 = marks.id(usize::from(rest[7])).parse().unwrap();
                (*tag, id.to_be_bytes().to_vec())
            }
            b'D' => (*tag, [&rest[..8], &bytes(rest.len() - 8)].concat()),
            _ => (*tag, bytes(rest.len())),
        });
        let objects = objects.collect();
        let mut uuids = |like: &[String]| like.iter().map(|_| uuid(&bytes(16))).collect::<Vec<_>>();
        let (members, api_keys) = (uuids(&own.members), uuids(&own.api_keys));
        let (invitations, sessions) = (uuids(&own.invitations), uuids(&own.sessions));
        let views = uuids(&own.views);
        let cursor = |like: &String| {
            let mut known = URL_SAFE_NO_PAD.decode(like).unwrap();
            // Its version and place stay; nobody sealed it.
            let sealed = known.len() - 12;
            known[sealed..].copy_from_slice(&bytes(12));
            URL_SAFE_NO_PAD.encode(known)
        };
        let cursors = own.cursors.iter().map(cursor).collect();
        let slug = format!("{}-lines", marks.word);
        Self { marks, tenant, objects, members, api_keys, invitations, sessions, views, cursors, slug }
    }
}

//! An invented company: its people, its groups and the customers outside who call it.
//!
//! Every number is in the 555-01xx range that is kept for fiction, every e-mail at `example.com`.

use serde_json::{Value, json};

use crate::rng::Rng;

/// Customers of an office unless the caller asks for another number.
pub const CUSTOMERS_DEFAULT: usize = 60;
/// Above this number the fictional range (100 numbers per area code) would run out.
pub const CUSTOMERS_MAX: usize = 2_500;

const AREA_CODES: [u32; 30] = [
    206, 212, 213, 215, 253, 303, 305, 312, 313, 404, 408, 412, 415, 425, 480, 503, 505, 512, 602, 612, 614,
    615, 617, 702, 713, 801, 808, 816, 904, 919,
];
const FIRST_NAMES: [&str; 24] = [
    "Ada", "Bela", "Cleo", "Dario", "Edda", "Falk", "Gilda", "Hugo", "Ines", "Jonas", "Kira", "Leon", "Mara",
    "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Silas", "Tova", "Uwe", "Vera", "Wanda", "Yuri",
];
const LAST_NAMES: [&str; 24] = [
    "Abbey", "Brook", "Cedar", "Dale", "Elm", "Field", "Grove", "Heath", "Inlet", "Juniper", "Knoll", "Lake",
    "Marsh", "North", "Orchard", "Pond", "Quarry", "Ridge", "Stone", "Thorn", "Upland", "Vale", "Wells",
    "Yarrow",
];
const DEPARTMENTS: [&str; 3] = ["Sales", "Billing", "Front desk"];
const CALL_CENTERS: [&str; 2] = ["Support", "Orders"];
const PEOPLE: usize = 12;

/// What kind of thing on the company's side a call reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyKind {
    /// One person.
    User,
    /// The main line.
    Office,
    /// A department with its own number.
    Department,
    /// A call center with agents and a queue.
    CallCenter,
}

impl PartyKind {
    /// The word in a payload's `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Office => "office",
            Self::Department => "department",
            Self::CallCenter => "call_center",
        }
    }

    /// The word in front of the id in `group_id`; `None` for a person, who is no group.
    #[must_use]
    pub fn group_prefix(self) -> Option<&'static str> {
        match self {
            Self::User => None,
            Self::Office => Some("Office"),
            Self::Department => Some("Department"),
            Self::CallCenter => Some("CallCenter"),
        }
    }
}

/// Someone or something on the company's side.
#[derive(Clone, Debug)]
pub struct Party {
    /// Dialpad's id of it.
    pub id: i64,
    /// Person or which kind of group.
    pub kind: PartyKind,
    /// Display name.
    pub name: String,
    /// E-mail, empty for groups.
    pub email: String,
    /// Its own number, E.164.
    pub phone: String,
}

/// Where Dialpad found the name of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// One user's own address book: integer id, often only the number as a name.
    Local,
    /// The company's shared pool: string id.
    Shared,
    /// A synced Google address book.
    Google,
    /// A synced Microsoft address book.
    Microsoft,
    /// Nothing found: the payload carries `{}`.
    Unknown,
}

/// Someone outside the company.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Their number, E.164.
    pub phone: String,
    /// Name as Dialpad guesses it.
    pub name: String,
    /// E-mail, empty when unknown.
    pub email: String,
    /// The address book the name came from.
    pub kind: ContactKind,
    /// Id inside that address book.
    pub id: i64,
}

/// A company with everything a generated call refers to.
#[derive(Clone, Debug)]
pub struct Office {
    /// Dialpad's id of the company.
    pub company_id: i64,
    /// The main line; its id is the office's id.
    pub main_line: Party,
    /// The people who answer and place calls.
    pub people: Vec<Party>,
    /// Departments.
    pub departments: Vec<Party>,
    /// Call centers.
    pub call_centers: Vec<Party>,
    /// Who calls and is called.
    pub customers: Vec<Customer>,
}

impl Office {
    /// An office with [`CUSTOMERS_DEFAULT`] customers; the same for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with_customers(seed, CUSTOMERS_DEFAULT)
    }

    /// An office with `customers` distinct customers (1 to [`CUSTOMERS_MAX`]).
    #[must_use]
    pub fn with_customers(seed: u64, customers: usize) -> Self {
        let mut rng = Rng::nth(seed, u64::MAX);
        let mut areas = AREA_CODES.to_vec();
        let home = areas.swap_remove(rng.below(AREA_CODES.len()));
        let party = |rng: &mut Rng, kind: PartyKind, name: &str, suffix: usize| Party {
            id: rng.dialpad_id(),
            kind,
            name: name.to_owned(),
            email: String::new(),
            phone: number(home, suffix),
        };
        let main_line = party(&mut rng, PartyKind::Office, "Main office", 0);
        let departments = DEPARTMENTS
            .iter()
            .enumerate()
            .map(|(index, name)| party(&mut rng, PartyKind::Department, name, 10 + index))
            .collect();
        let call_centers = CALL_CENTERS
            .iter()
            .enumerate()
            .map(|(index, name)| party(&mut rng, PartyKind::CallCenter, name, 20 + index))
            .collect();
        let people = (0..PEOPLE).map(|index| person(&mut rng, home, index)).collect();
        let customers = (0..customers.clamp(1, CUSTOMERS_MAX))
            .map(|index| customer(&mut rng, areas[index % areas.len()], index / areas.len(), index))
            .collect();
        Self { company_id: rng.dialpad_id(), main_line, people, departments, call_centers, customers }
    }

    /// The payload's `contact` for a customer.
    pub(crate) fn contact(&self, customer: &Customer) -> Value {
        let (id, kind) = match customer.kind {
            ContactKind::Unknown => return json!({}),
            ContactKind::Local => (json!(customer.id), "local"),
            ContactKind::Google => (json!(customer.id), "google"),
            ContactKind::Microsoft => (json!(customer.id), "microsoft"),
            ContactKind::Shared => {
                let id =
                    format!("shared_contact_pool_Company:{}_uid_c{}", self.company_id, customer.id % 100_000);
                (json!(id), "shared")
            }
        };
        json!({
            "id": id, "type": kind, "name": customer.name, "email": customer.email, "phone": customer.phone,
        })
    }
}

fn number(area: u32, suffix: usize) -> String {
    format!("+1{area}55501{:02}", suffix % 100)
}

/// `+12065550142` as people write it; Dialpad uses it as the name of a contact it knows nothing about.
pub(crate) fn spoken(phone: &str) -> String {
    let parts = (phone.get(2..5), phone.get(5..8), phone.get(8..));
    let (Some(area), Some(exchange), Some(line)) = parts else { return phone.to_owned() };
    format!("({area}) {exchange}-{line}")
}

fn person(rng: &mut Rng, area: u32, index: usize) -> Party {
    // Walking both lists with different steps keeps the names distinct and still mixed.
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    let last = LAST_NAMES[(index * 7 + 3) % LAST_NAMES.len()];
    Party {
        id: rng.dialpad_id(),
        kind: PartyKind::User,
        name: format!("{first} {last}"),
        email: format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase()),
        phone: number(area, 40 + index),
    }
}

fn customer(rng: &mut Rng, area: u32, suffix: usize, index: usize) -> Customer {
    let phone = number(area, suffix);
    let kind = match rng.below(20) {
        0..=7 => ContactKind::Local,
        8..=14 => ContactKind::Shared,
        15..=16 => ContactKind::Google,
        17 => ContactKind::Microsoft,
        _ => ContactKind::Unknown,
    };
    let first = *rng.pick(&FIRST_NAMES);
    let last = *rng.pick(&LAST_NAMES);
    let (name, email) = match (kind, rng.below(4)) {
        (ContactKind::Local, 0 | 1) => (spoken(&phone), String::new()),
        (ContactKind::Local, 2) => ("SEATTLE WA".to_owned(), String::new()),
        (ContactKind::Unknown, _) => (String::new(), String::new()),
        (ContactKind::Local | ContactKind::Shared | ContactKind::Google | ContactKind::Microsoft, _) => {
            (format!("{first} {last}"), format!("customer{index}@example.com"))
        }
    };
    Customer { phone, name, email, kind, id: rng.dialpad_id() }
}

//! Phone numbers: as sent, and as far as they could be understood.

use async_graphql::parser::types::Field;
use async_graphql::{ContextSelectionSet, Object};

use crate::plain::Plain;

/// A number, or the word that Dialpad sent in its place ("blocked").
pub(crate) struct PhoneNumber(domain::phone::PhoneNumber);

impl PhoneNumber {
    /// Reads a stored number.
    pub(crate) fn parse(raw: Option<&str>) -> Option<Self> {
        domain::phone::PhoneNumber::parse(raw?).map(Self)
    }
}

/// A number, or the word that Dialpad sent in its place ("blocked").
#[Object]
impl PhoneNumber {
    /// As Dialpad sent it.
    async fn raw(&self) -> &str {
        self.0.raw()
    }

    /// In E.164, when it is a possible number.
    async fn e164(&self) -> Option<&str> {
        self.0.e164()
    }

    /// As people of its country write it.
    async fn national(&self) -> Option<String> {
        self.0.national()
    }

    /// Its country, ISO 3166-1 alpha-2.
    async fn country(&self) -> Option<String> {
        self.0.country()
    }
}

impl Plain for PhoneNumber {
    fn is_known(_: &ContextSelectionSet<'_>, _: &Field) -> bool {
        true
    }
}

//! Notices: what the process that writes tells those that answer people, so that they see changes at once.
//!
//! A notice names companies, and which of their calls changed; a company without calls got deliveries. It carries no
//! content: whoever hears it reads behind the walls. A notice is a hint, and one that is lost loses nothing but time.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::ids::TenantId;

/// Bytes of one notice. PostgreSQL carries fewer than 8,000.
pub const NOTICE_BYTES_MAX: usize = 7_900;

/// What changed: calls by company. A company without calls got deliveries.
pub type Notice = BTreeMap<TenantId, Vec<i64>>;

/// The notice as texts of at most [`NOTICE_BYTES_MAX`]: `company:call,call;company`, numbers in base 16.
pub fn encode(notice: &Notice) -> Vec<String> {
    let mut texts = Vec::new();
    let mut text = String::new();
    for (tenant, calls) in notice {
        let company = tenant.0.simple().to_string();
        add(&mut texts, &mut text, ";", &company, "");
        for (at, call) in calls.iter().enumerate() {
            let before = if at == 0 { ":" } else { "," };
            add(&mut texts, &mut text, before, &format!("{call:x}"), &company);
        }
    }
    if !text.is_empty() {
        texts.push(text);
    }
    texts
}

/// Adds a part to the text; to a new one that begins with the company when it does not fit.
fn add(texts: &mut Vec<String>, text: &mut String, before: &str, part: &str, company: &str) {
    if text.len() + before.len() + part.len() > NOTICE_BYTES_MAX {
        texts.push(std::mem::take(text));
        text.push_str(company);
        if !company.is_empty() {
            text.push(':');
        }
    } else if !text.is_empty() {
        text.push_str(before);
    }
    text.push_str(part);
}

/// Reads a text; `None` when it is none of ours.
pub fn decode(text: &str) -> Option<Notice> {
    let mut notice = Notice::new();
    for part in text.split(';') {
        let (company, calls) =
            part.split_once(':').map_or((part, None), |(company, calls)| (company, Some(calls)));
        let calls = calls.into_iter().flat_map(|calls| calls.split(','));
        let calls = calls.map(|call| i64::from_str_radix(call, 16).ok()).collect::<Option<Vec<_>>>()?;
        notice.entry(TenantId(Uuid::try_parse(company).ok()?)).or_default().extend(calls);
    }
    Some(notice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn notices_round_trip_in_parts_that_fit(
            companies in prop::collection::btree_map(any::<u128>(), 0_usize..2_000, 0..8), first in 1..i64::MAX / 2,
        ) {
            let notice: Notice = companies.into_iter().map(|(company, calls)| {
                (TenantId(Uuid::from_u128(company)), (first..).step_by(7).take(calls).collect())
            }).collect();
            let texts = encode(&notice);
            let mut read = Notice::new();
            for text in &texts {
                prop_assert!(!text.is_empty() && text.len() <= NOTICE_BYTES_MAX);
                for (company, calls) in decode(text).unwrap() {
                    read.entry(company).or_default().extend(calls);
                }
            }
            prop_assert_eq!(read, notice);
        }

        #[test]
        fn nothing_else_is_read(text in "[0-9a-f;:,x-]{0,80}") {
            if let Some(read) = decode(&text) {
                prop_assert!(!read.is_empty());
            }
        }
    }
}

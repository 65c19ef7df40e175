//! `/api/export/audit`: the entries of the audit log that a filter finds, newest first, with what chains them.

use std::sync::Arc;

use accounts::Sender;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::access::Action;
use domain::export::{Cell, RowWriter};
use http::{HeaderMap, Version};
use serde::Deserialize;
use store::{Api, AuditFilter, NumberedEntry, TenantAccess};

use super::stream::{Broken, Parts};
use super::{Exports, Refused, attachment, check_version, format, no_company};
use crate::audit::actions;
use crate::services::require;

/// Entries that are read at once.
const PAGE_ROWS: u64 = 500;
/// The columns, in the order of [`cells`], and whether each is a time.
const COLUMNS: [(&str, bool); 8] = [
    ("number", false),
    ("at", true),
    ("actor", false),
    ("address", false),
    ("action", false),
    ("subject", false),
    ("detail", false),
    ("digest", false),
];

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Asked {
    company: Option<String>,
    format: Option<String>,
    actor: Option<String>,
    /// Codes, with commas between them.
    actions: Option<String>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

struct Export {
    api: Api,
    access: TenantAccess,
    filter: AuditFilter,
    writer: RowWriter,
}

pub(super) async fn by_address(
    State(exports): State<Arc<Exports>>,
    version: Version,
    Sender(address): Sender,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refused> {
    let Query(asked) = asked.map_err(|error| Refused::input(error.body_text()))?;
    check_version(version)?;
    let (pass, access) = exports.identify(&headers, address, asked.company.as_deref()).await?;
    require(&access, Action::ReadAudit)?;
    let format = format(asked.format.as_deref())?;
    let codes = asked.actions.map(|codes| codes.split(',').map(str::to_owned).collect());
    let filter =
        AuditFilter { actor: asked.actor, actions: actions(codes)?, since: asked.since, until: asked.until };
    let turn = exports.turn(&access).await?;
    let api = exports.services.exports.clone();
    let company = api.begin(&access).await?.company().await?.ok_or_else(no_company)?;
    let zone = company.time_zone.parse().unwrap_or(Tz::UTC);
    let day = exports.services.edge.now().with_timezone(&zone).date_naive();
    let name = format!("audit-{}-{day}.{}", company.slug, format.extension());
    let export = Export { api, access, filter, writer: RowWriter::new(format, zone, COLUMNS) };
    let body = exports.leave(turn, pass, access).begin(access.tenant(), |parts| export.write(parts));
    Ok(attachment(body, format, &name))
}

impl Export {
    async fn write(self, parts: Parts) -> Result<u64, Broken> {
        let (mut written, mut below, mut rows) = (Vec::new(), i64::MAX, 0);
        self.writer.begin(&mut written);
        loop {
            let tx = self.api.begin(&self.access).await?;
            let page = tx.audit_entries(&self.filter, below, PAGE_ROWS).await?;
            drop(tx);
            for entry in &page {
                below = entry.number;
                self.writer.row(&mut written, cells(entry, &hex(&entry.digest)));
            }
            rows += page.len() as u64;
            parts.rows(&mut written).await?;
            if (page.len() as u64) < PAGE_ROWS {
                return parts.end(rows).await;
            }
        }
    }
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cells<'a>(entry: &'a NumberedEntry, digest: &'a str) -> [Cell<'a>; COLUMNS.len()] {
    let said = |text: &'a str| if text.is_empty() { Cell::Missing } else { Cell::Text(text) };
    let NumberedEntry { number, entry, .. } = entry;
    [
        Cell::Id(*number),
        Cell::Time(entry.at),
        Cell::Text(&entry.actor),
        said(&entry.address),
        Cell::Word(&entry.action),
        said(&entry.subject),
        said(&entry.detail),
        Cell::Word(digest),
    ]
}

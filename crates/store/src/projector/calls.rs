//! Writing calls: one array for each column, which costs PostgreSQL a fraction of reading the rows from JSON.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ids::PartyId;
use domain::parties::whole;
use domain::phone::PhoneNumber;
use sqlx::postgres::{PgArguments, PgConnection, PgHasArrayType, Postgres};
use sqlx::{Arguments as _, AssertSqlSafe, Encode, Row as _, Type};
use uuid::Uuid;

use super::conversations::Joined;
use super::{Folded, Key};
use crate::error::StoreError;

/// Writes the calls; answers which of them were written, and whether each was there before. A call that another
/// projector has folded from more events is left alone: events are only ever added, so more is newer.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    folded: &[Folded],
    joined: &Joined,
    now: DateTime<Utc>,
) -> Result<BTreeMap<Key, Before>, StoreError> {
    if folded.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut columns = Columns { rows: folded, names: Vec::new(), arguments: PgArguments::default() };
    add_columns(&mut columns, joined, now)
        .map_err(|error| StoreError::Refused(sqlx::Error::Encode(error)))?;
    let sql = columns.upsert();
    let rows = sqlx::query_with(AssertSqlSafe(sql), columns.arguments).fetch_all(connection).await?;
    let before = |is_new| if is_new { Before::Absent } else { Before::Present };
    Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), before(row.get(2)))).collect())
}

/// Whether a call that was written was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Absent,
    Present,
}

type Added = Result<(), sqlx::error::BoxDynError>;

/// Columns of `calls` with their values.
struct Columns<'a> {
    rows: &'a [Folded],
    /// Each with its type.
    names: Vec<(&'static str, &'static str)>,
    arguments: PgArguments,
}

impl<'a> Columns<'a> {
    fn add<T>(&mut self, name: &'static str, sql_type: &'static str, value: impl Fn(&'a Folded) -> T) -> Added
    where
        Vec<T>: Encode<'a, Postgres> + Type<Postgres>,
        T: PgHasArrayType,
    {
        self.names.push((name, sql_type));
        self.arguments.add(self.rows.iter().map(value).collect::<Vec<T>>())
    }

    /// The statement; names and types are constants of this file.
    fn upsert(&self) -> String {
        let list = |one: &dyn Fn(usize, &str, &str) -> Option<String>| {
            let parts = self.names.iter().enumerate().filter_map(|(at, (name, kind))| one(at, name, kind));
            parts.collect::<Vec<_>>().join(", ")
        };
        let names = list(&|_, name, _| Some(name.to_owned()));
        // An array of arrays would have to be rectangular: lists travel as text, and mostly there is none.
        let selected = list(&|_, name, kind| match kind {
            "text[]" => Some(format!("coalesce({name}::text[], '{{}}')")),
            _ => Some(name.to_owned()),
        });
        let arrays = list(&|at, _, kind| {
            let element = if kind == "text[]" { "text" } else { kind };
            Some(format!("${}::{element}[]", at + 1))
        });
        let set = list(&|_, name, _| {
            (!["tenant_id", "call_id"].contains(&name)).then(|| format!("{name} = excluded.{name}"))
        });
        // A row that was inserted was locked by nobody: that is how it is told from one that was updated.
        format!(
            "INSERT INTO calls AS known ({names}) SELECT {selected} FROM UNNEST({arrays}) AS new ({names})
             ON CONFLICT (tenant_id, call_id) DO UPDATE SET {set}
             WHERE known.event_count <= excluded.event_count
             RETURNING tenant_id, call_id, xmax = 0"
        )
    }
}

fn add_columns(columns: &mut Columns<'_>, joined: &Joined, now: DateTime<Utc>) -> Added {
    columns.add("tenant_id", "uuid", |row| row.key.0)?;
    columns.add("call_id", "bigint", |row| row.key.1)?;
    columns.add("started_at", "timestamptz", |row| row.call.started_at)?;
    columns.add("direction", "text", |row| row.call.facts.direction.as_str())?;
    columns.add("state", "text", |row| row.call.state.as_str())?;
    columns.add("state_raw", "text", |row| row.call.state_raw.as_str())?;
    columns.add("outcome", "text", |row| row.call.outcome.as_str())?;
    columns.add("internal_number", "text", |row| raw(row.call.facts.internal_number.as_ref()))?;
    columns.add("external_number", "text", |row| raw(row.call.facts.external_number.as_ref()))?;
    columns.add("target_party", "uuid", |row| id(row.parties.target))?;
    columns.add("proxy_target_party", "uuid", |row| id(row.parties.proxy_target))?;
    columns.add("entry_point_party", "uuid", |row| id(row.parties.entry_point_target))?;
    columns.add("contact_party", "uuid", |row| id(row.parties.contact))?;
    columns.add("group_id", "text", |row| row.call.facts.group_id.as_deref())?;
    columns.add("entry_point_call_id", "bigint", |row| row.call.facts.entry_point_call_id)?;
    columns.add("master_call_id", "bigint", |row| row.call.facts.master_call_id)?;
    columns.add("operator_call_id", "bigint", |row| row.call.facts.operator_call_id)?;
    columns.add("conversation_id", "bigint", |row| joined.conversation_of(row.key))?;
    columns.add("date_started", "timestamptz", |row| row.call.facts.date_started)?;
    columns.add("date_queued", "timestamptz", |row| row.call.facts.date_queued)?;
    columns.add("date_first_rang", "timestamptz", |row| row.call.facts.date_first_rang)?;
    columns.add("date_rang", "timestamptz", |row| row.call.facts.date_rang)?;
    columns.add("date_connected", "timestamptz", |row| row.call.facts.date_connected)?;
    columns.add("date_ended", "timestamptz", |row| row.call.facts.date_ended)?;
    columns.add("duration_ms", "double precision", |row| row.call.facts.duration_ms)?;
    columns.add("total_duration_ms", "double precision", |row| row.call.facts.total_duration_ms)?;
    columns.add("talk_time_ms", "double precision", |row| row.call.facts.talk_time_ms)?;
    columns.add("hold_time_ms", "double precision", |row| row.call.facts.hold_time_ms)?;
    columns.add("was_recorded", "boolean", |row| row.call.facts.was_recorded)?;
    columns.add("voicemail_link", "text", |row| row.call.facts.voicemail_link.as_deref())?;
    columns.add("is_transferred", "boolean", |row| row.call.facts.is_transferred)?;
    columns.add("labels", "text[]", |row| list(row.call.facts.labels.iter().cloned()))?;
    columns
        .add("label_terms", "text[]", |row| list(row.call.facts.labels.iter().map(|label| whole(label))))?;
    columns.add("event_count", "integer", |row| i32::try_from(row.call.event_count).unwrap_or(i32::MAX))?;
    columns.add("updated_at", "timestamptz", |_| now)
}

fn raw(number: Option<&PhoneNumber>) -> Option<&str> {
    number.map(PhoneNumber::raw)
}

fn id(party: Option<PartyId>) -> Option<Uuid> {
    party.map(|party| party.0)
}

/// Texts as PostgreSQL reads an array of them; nothing for an empty one.
fn list(texts: impl Iterator<Item = String>) -> Option<String> {
    let quoted: Vec<_> =
        texts.map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    (!quoted.is_empty()).then(|| format!("{{{}}}", quoted.join(",")))
}

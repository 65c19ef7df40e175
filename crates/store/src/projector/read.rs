//! Reading the events of calls, and folding them.

use std::collections::BTreeSet;

use domain::conversation::Leg;
use domain::event::{CallEvent, decode};
use domain::fold::fold;
use domain::json::Digest;
use domain::parties::CallParties;
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::{Folded, Key};
use crate::error::StoreError;
use crate::payload::Decoder;

/// Calls whose events are read at once: few enough that what is read stays small, whatever the step.
const CALLS_AT_ONCE: usize = 256;

/// Folds the calls from all their events, in the order of `keys`.
pub(super) async fn fold_calls(
    connection: &mut PgConnection,
    keys: &BTreeSet<Key>,
) -> Result<Vec<Folded>, StoreError> {
    let keys: Vec<Key> = keys.iter().copied().collect();
    let mut decoder = Decoder::new();
    let mut folded = Vec::with_capacity(keys.len());
    for some in keys.chunks(CALLS_AT_ONCE) {
        let events = read_events(connection, &mut decoder, some).await?;
        for (key, events) in some.iter().zip(events) {
            if let Some(call) = fold(events.iter().map(|(event, digest)| (event, *digest))) {
                let legs = events.iter().map(|(event, _)| Leg::of(event.call_id, &event.facts));
                let legs = legs.filter(|leg| leg.links().next().is_some()).collect();
                folded.push(Folded { key: *key, parties: CallParties::of(&call), call, legs });
            }
        }
    }
    Ok(folded)
}

/// The events of each of the calls.
#[expect(clippy::disallowed_methods, reason = "the projector reads events of all companies, by key")]
async fn read_events(
    connection: &mut PgConnection,
    decoder: &mut Decoder,
    keys: &[Key],
) -> Result<Vec<Vec<(CallEvent, Digest)>>, StoreError> {
    let (tenants, calls): (Vec<Uuid>, Vec<i64>) = keys.iter().copied().unzip();
    let rows = sqlx::query(
        "SELECT wanted.at, events.digest, events.encoding, events.payload
         FROM UNNEST($1::uuid[], $2::bigint[]) WITH ORDINALITY AS wanted (tenant_id, call_id, at)
         JOIN events ON events.tenant_id = wanted.tenant_id AND events.call_id = wanted.call_id",
    )
    .bind(tenants)
    .bind(calls)
    .fetch_all(connection)
    .await?;
    let mut events: Vec<_> = keys.iter().map(|_| Vec::new()).collect();
    for row in &rows {
        let at: i64 = row.get(0);
        // Numbered from one.
        let of_call = usize::try_from(at - 1).ok().and_then(|at| events.get_mut(at));
        of_call.ok_or_else(|| inconsistent("call_id"))?.push(read_event(decoder, row)?);
    }
    Ok(events)
}

fn read_event(decoder: &mut Decoder, row: &PgRow) -> Result<(CallEvent, Digest), StoreError> {
    let digest = <[u8; 16]>::try_from(row.get::<&[u8], _>(1)).map_err(|_| inconsistent("digest"))?;
    let payload = decoder.decode(row.get(2), row.get(3)).map_err(|_| inconsistent("payload"))?;
    let event = decode(&payload).map_err(|_| inconsistent("payload"))?;
    Ok((event, Digest::from_bytes(digest)))
}

fn inconsistent(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: "events", column }
}

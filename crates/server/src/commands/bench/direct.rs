//! The limit: the same events, written straight into PostgreSQL.

use std::time::Instant;

use domain::event::read_key;
use domain::ids::{EndpointId, TenantId};
use simulator::{Office, Rng, Scenario, generate};
use store::{Arrival, Ingest, Logins, Write, WriteKind};

use crate::edge::edge;

/// Rows of one batch, and how many writers write them; as in the server.
const BATCH_ROWS: usize = 64;
const WRITERS: usize = 2;

pub(super) struct Direct {
    pub(super) events_per_second: f64,
    pub(super) payload_bytes_per_event: f64,
}

impl Direct {
    /// Writes the same kind of events with the same statement and the same number of writers, without the server.
    pub(super) async fn measure(logins: &Logins, calls: u64) -> anyhow::Result<Self> {
        let ingest = Ingest::new(logins);
        let writes = writes(calls);
        let rows = writes.len();
        let payload_bytes: usize = writes.iter().map(|write| write.payload.len()).sum();
        let mut lanes: Vec<Vec<Write>> = (0..WRITERS).map(|_| Vec::new()).collect();
        for (at, write) in writes.into_iter().enumerate() {
            lanes[at / BATCH_ROWS % WRITERS].push(write);
        }
        let started = Instant::now();
        let writing = lanes.into_iter().map(|lane| {
            let mut writer = ingest.writer();
            tokio::spawn(async move {
                for batch in lane.chunks(BATCH_ROWS) {
                    writer.write(batch).await?;
                }
                anyhow::Ok(())
            })
        });
        for writer in writing.collect::<Vec<_>>() {
            writer.await??;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
        Ok(Self {
            events_per_second: rows as f64 / started.elapsed().as_secs_f64(),
            payload_bytes_per_event: payload_bytes as f64 / rows.max(1) as f64,
        })
    }
}

fn writes(calls: u64) -> Vec<Write> {
    let (office, now) = (Office::new(1), edge().now());
    let (tenant, endpoint) = (TenantId(edge().new_uuid()), EndpointId(edge().new_uuid()));
    let mut writes = Vec::new();
    for call in 0..calls {
        for step in generate(Scenario::Mix, &office, &mut Rng::nth(7, call), now) {
            let payload = step.payload.to_string().into_bytes();
            let Ok(key) = read_key(&payload) else { continue };
            let kind = WriteKind::Event { call_id: key.call_id, occurred_at: key.occurred_at };
            let (digest, arrival) = (key.digest, Arrival::default());
            writes.push(Write { tenant, endpoint, received_at: now, digest, payload, kind, arrival });
        }
    }
    writes
}

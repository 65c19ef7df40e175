//! An export under way: pages are read, written and handed on, one after the other. What is in memory is one page, and
//! what is on its way to the client; when the client does not read, nothing is read for it either.

use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use domain::cursor::Position;
use domain::export::RowWriter;
use domain::search::CallFilter;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame};
use store::{Api, ExportedCalls, Party, StoreError, TenantAccess};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::columns::cells;
use super::turns::Turn;
use crate::watch::Watched;

/// Calls that are read at once; fewer the first time, so that something arrives soon.
const PAGE_ROWS: u64 = 2_000;
const FIRST_PAGE_ROWS: u64 = 200;
/// Pages that are written and wait for the client.
const PAGES_WAITING_MAX: usize = 1;
/// A client that takes nothing for so long is taken for gone: others wait for its turn.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Parties that are remembered from page to page; they are few, on many calls.
const PARTIES_MAX: usize = 10_000;
/// Bytes of a row, roughly: for the first allocation of a page.
const ROW_BYTES: usize = 512;

/// How many calls were written, behind the last one: a trailer, for those who ask for trailers.
pub(super) const CALLS_TRAILER: HeaderName = HeaderName::from_static("trunkline-export-calls");

/// What is needed to write an export.
pub(super) struct Export {
    pub(super) api: Api,
    pub(super) access: TenantAccess,
    pub(super) filter: CallFilter,
    /// Only calls behind this one.
    pub(super) after: Option<Position>,
    pub(super) writer: RowWriter,
    /// Held until the end.
    pub(super) turn: Turn,
    pub(super) watched: Watched,
    pub(super) stop: CancellationToken,
}

/// A part of an export.
enum Part {
    Rows(Bytes),
    /// There is no more; so many calls were written.
    End(u64),
}

/// Why an export ends before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("the client is gone, or takes nothing")]
    Client,
    #[error("the session or key has ended")]
    Ended,
    #[error("the server stops")]
    Stopping,
    #[error("a page could not be read")]
    Store(#[from] StoreError),
    #[error("the export ended early")]
    Early,
}

impl Export {
    /// Begins; the body is what the client gets.
    pub(super) fn begin(self) -> ExportBody {
        let (sender, parts) = mpsc::channel(PAGES_WAITING_MAX);
        tokio::spawn(async move {
            let (tenant, stop, ended) = (self.access.tenant(), self.stop.clone(), self.watched.ended.clone());
            let written = tokio::select! {
                written = self.write(&sender) => written,
                () = ended.cancelled() => Err(Broken::Ended),
                () = stop.cancelled() => Err(Broken::Stopping),
            };
            match written {
                Ok(calls) => tracing::info!(tenant.id = %tenant, calls, "export finished"),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(tenant.id = %tenant, error, "export broken off");
                }
            }
        });
        ExportBody { parts, is_over: false }
    }

    async fn write(self, parts: &mpsc::Sender<Part>) -> Result<u64, Broken> {
        let (mut after, mut limit, mut calls) = (self.after, FIRST_PAGE_ROWS, 0);
        let mut parties = HashMap::new();
        let mut page = Vec::new();
        // Rows that are added to an export that was broken off must fit to those that are there.
        if after.is_none() {
            self.writer.begin(&mut page);
        }
        loop {
            let read = self.read(after, limit, &mut parties).await?;
            page.reserve(read.len() * ROW_BYTES);
            for call in read.iter() {
                let call = call?;
                self.writer.row(&mut page, cells(&call, &parties));
                after = Some(Position { at: call.started_at, tie: u128::from(call.call_id.unsigned_abs()) });
            }
            calls += read.len() as u64;
            let is_last = (read.len() as u64) < limit;
            drop(read);
            if !page.is_empty() {
                hand_on(parts, Part::Rows(std::mem::take(&mut page).into())).await?;
            }
            if is_last {
                hand_on(parts, Part::End(calls)).await?;
                drop(self.turn);
                return Ok(calls);
            }
            limit = PAGE_ROWS;
        }
    }

    /// Reads a page, and whoever is on its calls and was not known yet.
    async fn read(
        &self,
        after: Option<Position>,
        limit: u64,
        parties: &mut HashMap<Uuid, Party>,
    ) -> Result<ExportedCalls, StoreError> {
        let tx = self.api.begin(&self.access).await?;
        let read = tx.export_calls(&self.filter, after, limit).await?;
        if parties.len() > PARTIES_MAX {
            parties.clear();
        }
        let mut unknown = Vec::new();
        for call in read.iter() {
            let call = call?;
            let ids = [call.contact, call.target, call.entry_point, call.proxy_target];
            unknown.extend(ids.into_iter().flatten().filter(|id| !parties.contains_key(id)));
        }
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            let found = tx.parties(unknown).await?;
            parties.extend(found.into_iter().map(|party| (party.party_id, party)));
        }
        Ok(read)
    }
}

async fn hand_on(parts: &mpsc::Sender<Part>, part: Part) -> Result<(), Broken> {
    let handed = tokio::time::timeout(STALL_TIMEOUT, parts.send(part)).await;
    if matches!(handed, Ok(Ok(()))) { Ok(()) } else { Err(Broken::Client) }
}

/// The body of the answer. When the export ends early the body fails, so that the connection is broken and nobody takes
/// what arrived for the whole.
pub(super) struct ExportBody {
    parts: mpsc::Receiver<Part>,
    is_over: bool,
}

impl Body for ExportBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        self.parts.poll_recv(context).map(|part| match part {
            Some(Part::Rows(rows)) => Some(Ok(Frame::data(rows))),
            Some(Part::End(calls)) => {
                self.is_over = true;
                let trailers = HeaderMap::from_iter([(CALLS_TRAILER, HeaderValue::from(calls))]);
                Some(Ok(Frame::trailers(trailers)))
            }
            None => {
                self.is_over = true;
                Some(Err(Broken::Early))
            }
        })
    }
}

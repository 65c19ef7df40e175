//! An export under way: pages are read, written and handed on. While one is written the next is read, and while one
//! waits for the client no more are; so what is in memory is a few pages, whatever the client does.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use domain::cursor::Position;
use domain::export::RowWriter;
use domain::ids::TenantId;
use domain::search::CallFilter;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame};
use store::{Api, ExportedCalls, Party, StoreError, TenantAccess};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::columns::cells;
use super::turns::Turn;
use crate::watch::Watched;

/// Calls that are read at once; fewer the first time, so that something arrives soon.
const PAGE_ROWS: u64 = 2_000;
const FIRST_PAGE_ROWS: u64 = 200;
/// Pages that were read and wait for being written, and pages that were written and wait for the client.
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
}

/// What an export runs under, whatever it writes.
pub(super) struct Leave {
    /// Held until the end.
    pub(super) turn: Turn,
    pub(super) watched: Watched,
    pub(super) stop: CancellationToken,
}

/// Where an export hands its parts on to.
pub(super) struct Parts(mpsc::Sender<Part>);

/// A part of an export.
enum Part {
    Rows(Bytes),
    /// There is no more; so many rows were written.
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

impl Leave {
    /// Begins what `write` does; it says how many rows there were. The body is what the client gets.
    pub(super) fn begin<W>(self, tenant: TenantId, write: impl FnOnce(Parts) -> W) -> ExportBody
    where
        W: Future<Output = Result<u64, Broken>> + Send + 'static,
    {
        let (sender, parts) = mpsc::channel(PAGES_WAITING_MAX);
        let writing = write(Parts(sender));
        tokio::spawn(async move {
            let written = tokio::select! {
                written = writing => written,
                () = self.watched.ended.cancelled() => Err(Broken::Ended),
                () = self.stop.cancelled() => Err(Broken::Stopping),
            };
            match written {
                Ok(rows) => tracing::info!(tenant.id = %tenant, rows, "export finished"),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(tenant.id = %tenant, error, "export broken off");
                }
            }
            drop(self.turn);
        });
        ExportBody { parts, is_over: false }
    }
}

impl Parts {
    /// Hands what was written on and empties it; waits until the client takes it.
    pub(super) async fn rows(&self, written: &mut Vec<u8>) -> Result<(), Broken> {
        if written.is_empty() {
            Ok(())
        } else {
            self.hand_on(Part::Rows(std::mem::take(written).into())).await
        }
    }

    /// Says that there is no more, and how many rows there were.
    pub(super) async fn end(&self, rows: u64) -> Result<u64, Broken> {
        self.hand_on(Part::End(rows)).await?;
        Ok(rows)
    }

    async fn hand_on(&self, part: Part) -> Result<(), Broken> {
        let handed = tokio::time::timeout(STALL_TIMEOUT, self.0.send(part)).await;
        if matches!(handed, Ok(Ok(()))) { Ok(()) } else { Err(Broken::Client) }
    }
}

impl Export {
    /// Writes all calls. Says how many there were.
    pub(super) async fn write(self, parts: Parts) -> Result<u64, Broken> {
        let mut written = Vec::new();
        // Rows that are added to an export that was broken off must fit to those that are there.
        if self.after.is_none() {
            self.writer.begin(&mut written);
        }
        let (sender, mut pages) = mpsc::channel(PAGES_WAITING_MAX);
        // Reading ends with writing, however that ends.
        let mut reading = JoinSet::new();
        reading.spawn(Reading::new(self.api, self.access, self.filter, self.after).read_on(sender));
        let (mut calls, mut parties) = (0, HashMap::new());
        while let Some(page) = pages.recv().await {
            let page = page?;
            if page.forgets {
                parties.clear();
            }
            parties.extend(page.met.into_iter().map(|party| (party.party_id, party)));
            written.reserve(page.calls.len() * ROW_BYTES);
            for call in page.calls.iter() {
                self.writer.row(&mut written, cells(&call?, &parties));
            }
            calls += page.calls.len() as u64;
            drop(page.calls);
            parts.rows(&mut written).await?;
            if page.is_last {
                return parts.end(calls).await;
            }
        }
        Err(Broken::Early)
    }
}

/// A page that was read.
struct Page {
    calls: ExportedCalls,
    /// Who is on its calls and was not on those before.
    met: Vec<Party>,
    /// Whoever was met before is met again.
    forgets: bool,
    is_last: bool,
}

/// Reads page after page.
struct Reading {
    api: Api,
    access: TenantAccess,
    filter: CallFilter,
    /// Only calls behind this one.
    after: Option<Position>,
    /// Parties that were met.
    met: HashSet<Uuid>,
}

impl Reading {
    fn new(api: Api, access: TenantAccess, filter: CallFilter, after: Option<Position>) -> Self {
        Self { api, access, filter, after, met: HashSet::new() }
    }

    async fn read_on(mut self, pages: mpsc::Sender<Result<Page, StoreError>>) {
        let mut limit = FIRST_PAGE_ROWS;
        loop {
            let page = self.read(limit).await;
            let is_over = page.as_ref().map_or(true, |page| page.is_last);
            if pages.send(page).await.is_err() || is_over {
                return;
            }
            limit = PAGE_ROWS;
        }
    }

    async fn read(&mut self, limit: u64) -> Result<Page, StoreError> {
        let tx = self.api.begin(&self.access).await?;
        let calls = tx.export_calls(&self.filter, self.after, limit).await?;
        let forgets = self.met.len() > PARTIES_MAX;
        if forgets {
            self.met.clear();
        }
        let mut unknown = Vec::new();
        for call in calls.iter() {
            let call = call?;
            let ids = [call.contact, call.target, call.entry_point, call.proxy_target];
            unknown.extend(ids.into_iter().flatten().filter(|id| self.met.insert(*id)));
            self.after = Some(Position { at: call.started_at, tie: u128::from(call.call_id.unsigned_abs()) });
        }
        let met = if unknown.is_empty() { Vec::new() } else { tx.parties(unknown).await? };
        let is_last = (calls.len() as u64) < limit;
        Ok(Page { calls, met, forgets, is_last })
    }
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

//! What is watched of one company: what changed is gathered, looked at together, and told to whoever watches it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{DeliveryId, UserId};
use domain::search::CallFilter;
use futures_util::Stream;
use store::{Call, Delivery, DeliveryFilter, Page, Party, StoreError, TenantAccess};
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

use super::Live;
use super::link::Link;

/// Between two looks at what changed in one company.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Calls that are looked at together, and that may wait to be looked at.
const CALLS_AT_ONCE: usize = 1_000;
const CALLS_WAITING_MAX: usize = 10_000;
/// Filters that are tried by one statement.
const FILTERS_AT_ONCE: usize = 16;
/// Changes that one subscription gets of one look: the newest.
const CHANGES_OF_LOOK_MAX: usize = 50;
/// Changes that wait for one subscription; above it its connection is too slow.
const CHANGES_WAITING_MAX: usize = 1_024;
/// Subscriptions to one company in this process.
const SUBSCRIPTIONS_MAX: usize = 1_000;
/// Deliveries that are read by one look: the newest.
const DELIVERIES_AT_ONCE: u64 = 200;
/// A delivery is found by the order of arrival, but committed later than one that arrived after it, by no more than this.
const DELIVERIES_LATE_MAX: TimeDelta = TimeDelta::seconds(5);

/// A call that changed, with whoever is on it.
#[derive(Clone)]
pub(crate) struct ChangedCall {
    pub(crate) call: Arc<Call>,
    /// Everyone on the calls that were looked at together.
    pub(crate) parties: Arc<HashMap<Uuid, Arc<Party>>>,
}

/// A delivery that was received.
pub(crate) type Received = Delivery;

/// What is sent to somebody who watches.
pub(crate) trait Changed: Send + 'static {}
impl Changed for ChangedCall {}
impl Changed for Received {}

/// What somebody watches.
#[derive(Clone)]
pub(super) enum Wanted {
    Calls { filter: Arc<CallFilter>, changed: mpsc::Sender<ChangedCall> },
    Deliveries { received: mpsc::Sender<Received> },
}

/// Somebody who watches.
#[derive(Clone)]
struct Watcher {
    access: TenantAccess,
    /// What arrived earlier is not told.
    since: DateTime<Utc>,
    link: Arc<Link>,
    wanted: Wanted,
}

/// The changes that somebody watches; ends with it.
pub(crate) struct Watching<T> {
    company: Arc<Company>,
    id: u64,
    changes: mpsc::Receiver<T>,
}

impl<T> Stream for Watching<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.changes.poll_recv(context)
    }
}

impl<T> Drop for Watching<T> {
    fn drop(&mut self) {
        self.company.locked().watchers.remove(&self.id);
        // Whoever looks after the company sees whether it was the last one.
        self.company.wake.notify_one();
    }
}

pub(super) struct Company {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    watchers: HashMap<u64, Watcher>,
    added: u64,
    changed: BTreeSet<i64>,
    /// There were more than can wait.
    is_overflown: bool,
    has_deliveries: bool,
    seen: Seen,
}

/// The deliveries that were told already.
#[derive(Default)]
struct Seen {
    newest: Option<DateTime<Utc>>,
    /// Of those that others may still come before.
    lately: HashSet<DeliveryId>,
}

/// What is looked at together.
struct Look {
    calls: Vec<i64>,
    has_deliveries: bool,
    watchers: Vec<Watcher>,
}

impl Company {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        let seen = Seen { newest: Some(now), lately: HashSet::new() };
        Self { state: Mutex::new(State { seen, ..State::default() }), wake: Notify::new() }
    }

    /// Notes that calls changed; without any, that there are deliveries.
    pub(super) fn changed(&self, calls: &[i64]) {
        let mut state = self.locked();
        state.has_deliveries = true;
        state.changed.extend(calls);
        while state.changed.len() > CALLS_WAITING_MAX {
            state.changed.pop_first();
            state.is_overflown = true;
        }
        drop(state);
        self.wake.notify_one();
    }

    pub(super) fn add<T: Changed>(
        self: &Arc<Self>,
        access: TenantAccess,
        since: DateTime<Utc>,
        link: Arc<Link>,
        wanted: impl FnOnce(mpsc::Sender<T>) -> Wanted,
    ) -> Option<Watching<T>> {
        let mut state = self.locked();
        if state.watchers.len() >= SUBSCRIPTIONS_MAX {
            return None;
        }
        let (sender, changes) = mpsc::channel(CHANGES_WAITING_MAX);
        state.added += 1;
        let id = state.added;
        state.watchers.insert(id, Watcher { access, since, link, wanted: wanted(sender) });
        drop(state);
        Some(Watching { company: Arc::clone(self), id, changes })
    }

    pub(super) fn is_unwatched(&self) -> bool {
        self.locked().watchers.is_empty()
    }

    /// Tells everybody who watches, until nobody does.
    pub(super) async fn keep_telling(self: Arc<Self>, live: Arc<Live>) {
        while live.services.stop.run_until_cancelled(self.wake.notified()).await.is_some() {
            if live.forget(&self) {
                return;
            }
            let look = self.look();
            if let Err(error) = self.tell(&live, &look).await {
                // It is not tried again: whoever watches reads again when everything is told.
                look.watchers.iter().for_each(|watcher| watcher.link.sample());
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "changes could not be read for those who watch");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Takes what is looked at now.
    fn look(&self) -> Look {
        let mut state = self.locked();
        let rest = state.changed.iter().nth(CALLS_AT_ONCE).copied();
        let later = rest.map_or_else(BTreeSet::new, |first| state.changed.split_off(&first));
        let calls = std::mem::replace(&mut state.changed, later).into_iter().collect();
        if !state.changed.is_empty() {
            self.wake.notify_one();
        }
        if std::mem::take(&mut state.is_overflown) {
            state.watchers.values().for_each(|watcher| watcher.link.sample());
        }
        let has_deliveries = std::mem::take(&mut state.has_deliveries);
        Look { calls, has_deliveries, watchers: state.watchers.values().cloned().collect() }
    }

    async fn tell(&self, live: &Live, look: &Look) -> Result<(), StoreError> {
        if look.has_deliveries {
            self.tell_deliveries(live, look).await?;
        }
        if look.calls.is_empty() {
            return Ok(());
        }
        // Who sees all calls of the company sees the same; who is scoped to groups sees their own.
        let mut alike: HashMap<Option<UserId>, Vec<&Watcher>> = HashMap::new();
        for watcher in &look.watchers {
            alike.entry(watcher.access.scoped()).or_default().push(watcher);
        }
        for watchers in alike.values() {
            tell_calls(live, &look.calls, watchers).await?;
        }
        Ok(())
    }

    async fn tell_deliveries(&self, live: &Live, look: &Look) -> Result<(), StoreError> {
        let watchers: Vec<_> = look
            .watchers
            .iter()
            .filter_map(|watcher| match &watcher.wanted {
                Wanted::Deliveries { received } => Some((watcher, received)),
                Wanted::Calls { .. } => None,
            })
            .collect();
        let Some((any, _)) = watchers.first() else {
            // Who comes later is not told what came before.
            self.locked().seen = Seen { newest: Some(live.services.edge.now()), lately: HashSet::new() };
            return Ok(());
        };
        let since = self.locked().seen.newest.map(|newest| newest - DELIVERIES_LATE_MAX);
        let tx = live.services.api.begin(&any.access).await?;
        let filter = DeliveryFilter { since, ..DeliveryFilter::default() };
        let limit = DELIVERIES_AT_ONCE;
        let page = Page { oldest_first: false, after: None, before: None, from_end: false, limit };
        let read = tx.deliveries(&filter, page).await?;
        drop(tx);
        let new = self.locked().seen.add(read.rows);
        for (watcher, received) in watchers {
            if read.has_next && new.len() as u64 == DELIVERIES_AT_ONCE {
                watcher.link.sample();
            }
            let new: Vec<_> =
                new.iter().filter(|delivery| delivery.id.received_at >= watcher.since).collect();
            send(received, &watcher.link, &new);
        }
        Ok(())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Those of `read` that are new, oldest first.
    fn add(&mut self, read: Vec<Received>) -> Vec<Received> {
        let mut new: Vec<Received> =
            read.into_iter().filter(|delivery| self.lately.insert(delivery.id)).collect();
        new.reverse();
        self.newest = self.newest.max(new.last().map(|last| last.id.received_at));
        let since = self.newest.map(|newest| newest - DELIVERIES_LATE_MAX);
        self.lately.retain(|id| Some(id.received_at) >= since);
        new
    }
}

/// Sends the newest of `changes`, which are oldest first. Whoever does not take them in time is let go.
fn send<T: Clone>(sender: &mpsc::Sender<T>, link: &Link, changes: &[&T]) {
    let newest = changes.len().saturating_sub(CHANGES_OF_LOOK_MAX);
    if newest > 0 {
        link.sample();
    }
    for change in changes.iter().skip(newest) {
        if let Err(mpsc::error::TrySendError::Full(_)) = sender.try_send((*change).clone()) {
            link.too_slow.cancel();
        }
    }
}

/// Tells of changed calls to watchers who see the same of them.
async fn tell_calls(live: &Live, calls: &[i64], watchers: &[&Watcher]) -> Result<(), StoreError> {
    let mut filters: HashMap<String, (Arc<CallFilter>, Vec<&Watcher>)> = HashMap::new();
    for watcher in watchers {
        if let Wanted::Calls { filter, .. } = &watcher.wanted {
            let entry = filters.entry(format!("{filter:?}"));
            entry.or_insert_with(|| (Arc::clone(filter), Vec::new())).1.push(watcher);
        }
    }
    let (Some(any), false) = (watchers.first(), filters.is_empty()) else { return Ok(()) };
    let changed = read(live, &any.access, calls).await?;
    let filters: Vec<_> = filters.into_values().collect();
    for some in filters.chunks(FILTERS_AT_ONCE) {
        // A transaction each: in between it is the turn of other companies.
        let tx = live.services.api.begin(&any.access).await?;
        let tried: Vec<&CallFilter> = some.iter().map(|(filter, _)| filter.as_ref()).collect();
        let passing = tx.calls_passing(calls, &tried).await?;
        drop(tx);
        let passing: HashSet<(usize, i64)> = passing.into_iter().collect();
        for (at, (_, watchers)) in some.iter().enumerate() {
            let of_filter: Vec<&ChangedCall> =
                changed.iter().filter(|changed| passing.contains(&(at, changed.call.call_id))).collect();
            for watcher in watchers {
                if let Wanted::Calls { changed, .. } = &watcher.wanted {
                    send(changed, &watcher.link, &of_filter);
                }
            }
        }
    }
    Ok(())
}

/// The calls as they are now, oldest first, and whoever is on them.
async fn read(live: &Live, access: &TenantAccess, calls: &[i64]) -> Result<Vec<ChangedCall>, StoreError> {
    let tx = live.services.api.begin(access).await?;
    let mut calls = tx.calls_by_id(calls).await?;
    calls.sort_by_key(|call| (call.started_at, call.call_id));
    let ids = |call: &Call| {
        [call.target_party, call.proxy_target_party, call.entry_point_party, call.contact_party]
    };
    let parties: BTreeSet<Uuid> = calls.iter().flat_map(ids).flatten().collect();
    let parties = tx.parties(parties.into_iter().collect()).await?;
    let parties = parties.into_iter().map(|party| (party.party_id, Arc::new(party))).collect();
    let parties: Arc<HashMap<_, _>> = Arc::new(parties);
    let changed = |call| ChangedCall { call: Arc::new(call), parties: Arc::clone(&parties) };
    Ok(calls.into_iter().map(changed).collect())
}

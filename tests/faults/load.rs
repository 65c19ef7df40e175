//! Dialpad and the network between it and us: sends until it is answered, gives up in the middle, sends again.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::chance::Chance;
use crate::ledger::{Ending, Entry, Ledger};
use crate::stories::Form;
use crate::support::within;

/// Deliveries under way at the same time.
const SENDERS: usize = 12;
/// Dialpad calls it a failed connection then.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Before a delivery that was not accepted is tried again; Dialpad waits longer.
const RETRY_AFTER: Duration = Duration::from_millis(25);
/// How long anything that must happen to a delivery may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Of a thousand tries: the client goes away before the answer, at most so much later.
const ABORTS: usize = 15;
const ABORT_WITHIN_US: usize = 8_000;
/// Of a thousand aborted ones: tried again.
const TRIED_AGAIN: usize = 600;

/// A body on its way.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) event: usize,
    pub(crate) form: Form,
    pub(crate) path: Arc<str>,
    pub(crate) body: Arc<str>,
}

struct Queue {
    ready: VecDeque<Delivery>,
    under_way: usize,
    /// Tries that were answered 200, and 503.
    accepted: usize,
    unavailable: usize,
    chance: Chance,
}

struct Shared {
    http: reqwest::Client,
    server: String,
    ledger: Ledger,
    queue: Mutex<Queue>,
    /// One for each delivery that is ready.
    ready: Semaphore,
    aborts: AtomicUsize,
}

pub(crate) struct Load {
    shared: Arc<Shared>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins to send to `server`, a URL, what is given.
    pub(crate) fn begin(server: String, ledger: Ledger, seed: u64) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_TIMEOUT).build().unwrap();
        let chance = Chance::new(seed);
        let queue = Queue { ready: VecDeque::new(), under_way: 0, accepted: 0, unavailable: 0, chance };
        let (queue, ready) = (Mutex::new(queue), Semaphore::new(0));
        let aborts = AtomicUsize::new(ABORTS);
        let shared = Arc::new(Shared { http, server, ledger, queue, ready, aborts });
        let senders = (0..SENDERS).map(|_| tokio::spawn(keep_sending(Arc::clone(&shared)))).collect();
        Self { shared, senders }
    }

    pub(crate) fn give(&self, deliveries: Vec<Delivery>) {
        let count = deliveries.len();
        self.shared.queue.lock().unwrap().ready.extend(deliveries);
        self.shared.ready.add_permits(count);
    }

    /// Sets how many of a thousand tries are aborted; back to the usual number with `None`.
    pub(crate) fn set_aborts(&self, aborts: Option<usize>) {
        self.shared.aborts.store(aborts.unwrap_or(ABORTS), Ordering::Relaxed);
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.shared.ledger
    }

    /// Tries that were answered 200 so far.
    pub(crate) fn accepted(&self) -> usize {
        self.shared.queue.lock().unwrap().accepted
    }

    /// Tries that were answered 503 so far.
    pub(crate) fn unavailable(&self) -> usize {
        self.shared.queue.lock().unwrap().unavailable
    }

    pub(crate) async fn until_accepted(&self, count: usize) {
        within(PATIENCE, async || match self.accepted() {
            accepted if accepted >= count => Ok(()),
            accepted => Err(format!("{accepted} of {count} deliveries were accepted")),
        })
        .await;
    }

    /// Comes back when so many tries were answered 200, or when nothing is left to be sent; says which.
    pub(crate) async fn until_accepted_or_done(&self, count: usize) -> bool {
        within(PATIENCE, async || {
            let queue = self.shared.queue.lock().unwrap();
            match queue.ready.len() + queue.under_way {
                _ if queue.accepted >= count => Ok(true),
                0 => Ok(false),
                left => {
                    Err(format!("{} of {count} deliveries were accepted, {left} are left", queue.accepted))
                }
            }
        })
        .await
    }

    /// Comes back when so many tries were answered 503, or when nothing is left to be sent; says which.
    pub(crate) async fn until_unavailable_or_done(&self, count: usize) -> bool {
        within(PATIENCE, async || {
            let queue = self.shared.queue.lock().unwrap();
            match queue.ready.len() + queue.under_way {
                _ if queue.unavailable >= count => Ok(true),
                0 => Ok(false),
                left => {
                    Err(format!("{} of {count} deliveries were refused, {left} are left", queue.unavailable))
                }
            }
        })
        .await
    }

    /// Waits until nothing is left to be sent.
    pub(crate) async fn until_done(&self) {
        within(PATIENCE, async || {
            let queue = self.shared.queue.lock().unwrap();
            match queue.ready.len() + queue.under_way {
                0 => Ok(()),
                left => Err(format!("{left} deliveries are left")),
            }
        })
        .await;
    }

    /// Ends the senders.
    pub(crate) async fn end(&mut self) {
        self.shared.ready.close();
        for sender in self.senders.drain(..) {
            sender.await.unwrap();
        }
    }
}

async fn keep_sending(shared: Arc<Shared>) {
    while let Ok(permit) = shared.ready.acquire().await {
        permit.forget();
        let (delivery, abort_after, is_tried_again) = {
            let mut queue = shared.queue.lock().unwrap();
            queue.under_way += 1;
            let delivery = queue.ready.pop_front().unwrap();
            let aborts = queue.chance.happens(shared.aborts.load(Ordering::Relaxed));
            let abort_after = aborts.then(|| queue.chance.between(0, ABORT_WITHIN_US) as u64);
            (delivery, abort_after.map(Duration::from_micros), queue.chance.happens(TRIED_AGAIN))
        };
        let ending = shared.send(&delivery, abort_after).await;
        let again = match ending {
            Ending::Answered(503) | Ending::Broken | Ending::Silence => {
                tokio::time::sleep(RETRY_AFTER).await;
                true
            }
            Ending::Answered(_) => false,
            Ending::Aborted => is_tried_again,
        };
        let mut queue = shared.queue.lock().unwrap();
        queue.under_way -= 1;
        queue.accepted += usize::from(ending == Ending::Answered(200));
        queue.unavailable += usize::from(ending == Ending::Answered(503));
        if again {
            queue.ready.push_back(delivery);
            shared.ready.add_permits(1);
        }
    }
}

impl Shared {
    /// One try, noted before and after.
    async fn send(&self, delivery: &Delivery, abort_after: Option<Duration>) -> Ending {
        let Delivery { event, form, path, body } = delivery;
        self.ledger.note(Entry::Sent { event: *event, form: *form });
        let begun = Instant::now();
        let request = self.http.post(format!("{}{path}", self.server)).body(body.to_string());
        let answered = async {
            let response = request.header("content-type", "application/jwt").send().await?;
            let status = response.status().as_u16();
            assert!(
                status != 503 || response.headers().contains_key("retry-after"),
                "WH-141: come again, but when"
            );
            response.bytes().await?;
            Ok::<u16, reqwest::Error>(status)
        };
        let answered = match abort_after {
            None => Some(answered.await),
            Some(abort_after) => tokio::time::timeout(abort_after, answered).await.ok(),
        };
        let ending = match answered {
            None => Ending::Aborted,
            Some(Ok(status)) => Ending::Answered(status),
            Some(Err(error)) if error.is_timeout() => Ending::Silence,
            Some(Err(_)) => Ending::Broken,
        };
        self.ledger.note(Entry::Ended { event: *event, ending, took: begun.elapsed() });
        ending
    }
}

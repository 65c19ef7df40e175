//! How large an answer may get, watched while it is made: a query of a few lines can ask for all that a company ever
//! received.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::Context;
use tokio::sync::{Mutex, MutexGuard};

use crate::error::ApiError;
use crate::services::RequestState;

/// Bytes of an answer.
pub(crate) const RESPONSE_BYTES_MAX: usize = 8 * 1_024 * 1_024;

/// What one request may still have in memory.
pub(crate) struct Budget {
    payload_bytes: Mutex<u64>,
    text_bytes: AtomicUsize,
}

impl Default for Budget {
    fn default() -> Self {
        let bytes = RESPONSE_BYTES_MAX;
        Self { payload_bytes: Mutex::new(bytes as u64), text_bytes: AtomicUsize::new(bytes) }
    }
}

impl Budget {
    /// All of it again: for the next message of a subscription, which is an answer of its own.
    pub(crate) async fn refill(&self) {
        *self.payload_bytes.lock().await = RESPONSE_BYTES_MAX as u64;
        self.text_bytes.store(RESPONSE_BYTES_MAX, Ordering::Relaxed);
    }

    /// Bytes of payloads that may still be read from the database. Held while they are read: one after the other.
    pub(crate) async fn payload_bytes(&self) -> MutexGuard<'_, u64> {
        self.payload_bytes.lock().await
    }

    /// Takes what a text of any length adds to the answer. Texts whose length is bounded are not counted: how many there
    /// are is bounded by the cost of the query.
    pub(crate) fn spend(&self, bytes: usize) -> Result<(), ApiError> {
        let spent = |left: usize| left.checked_sub(bytes);
        let left = self.text_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent);
        left.map(drop).map_err(|_| ApiError::TooLarge)
    }
}

/// Takes the room that a text needs in the answer.
pub(crate) fn spend(ctx: &Context<'_>, text: &str) -> Result<(), ApiError> {
    RequestState::of(ctx).budget.spend(text.len())
}

/// An answer being written down, of which there is no more than [`RESPONSE_BYTES_MAX`].
#[derive(Default)]
pub(crate) struct BoundedBytes(Vec<u8>);

impl BoundedBytes {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl std::io::Write for BoundedBytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > RESPONSE_BYTES_MAX {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn nothing_gets_larger_than_it_may() {
        let budget = Budget::default();
        assert!(budget.spend(RESPONSE_BYTES_MAX).is_ok());
        assert!(matches!(budget.spend(1), Err(ApiError::TooLarge)));
        assert!(budget.spend(0).is_ok());
        let mut bytes = BoundedBytes::default();
        assert!(bytes.write_all(&vec![b'x'; RESPONSE_BYTES_MAX]).is_ok());
        assert!(bytes.write_all(b"x").is_err());
        assert_eq!(bytes.into_bytes().len(), RESPONSE_BYTES_MAX);
    }
}

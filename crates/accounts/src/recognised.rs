//! Who was recognised a moment ago.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::ids::Credential;
use moka::sync::Cache;

/// How long somebody is known without asking the database again. Whatever another process ends or takes away works on
/// here for so long at most; what this process changes counts at once.
const RECOGNISED_FOR: Duration = Duration::from_secs(1);
/// How many are known at a time.
const RECOGNISED_MAX: u64 = 10_000;

/// The credentials that were good a moment ago, and whose they are.
pub(crate) struct Recognised<T> {
    known: Cache<(Generation, [u8; 32]), T>,
    generation: AtomicU64,
}

/// Grows with every change that may concern who somebody is. What was read before one is not known behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Generation(u64);

impl<T: Clone + Send + Sync + 'static> Default for Recognised<T> {
    fn default() -> Self {
        let known = Cache::builder().max_capacity(RECOGNISED_MAX).time_to_live(RECOGNISED_FOR).build();
        Self { known, generation: AtomicU64::new(0) }
    }
}

impl<T: Clone + Send + Sync + 'static> Recognised<T> {
    /// Who holds a credential; without them, when the question was put: before the database is asked.
    pub(crate) fn holder(&self, credential: &Credential) -> Result<T, Generation> {
        let generation = Generation(self.generation.load(Ordering::Acquire));
        self.known.get(&(generation, credential.hash())).ok_or(generation)
    }

    /// Remembers who the database says holds a credential.
    pub(crate) fn remember(&self, asked: Generation, credential: &Credential, holder: T) {
        self.known.insert((asked, credential.hash()), holder);
    }

    /// Forgets everybody, also those about whom the database is being asked.
    pub(crate) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_known_behind_it() {
        let recognised = Recognised::default();
        let credential = Credential::new_session([7; 32]);
        let asked = recognised.holder(&credential).unwrap_err();
        recognised.remember(asked, &credential, "Grace");
        assert_eq!(recognised.holder(&credential), Ok("Grace"));
        assert!(recognised.holder(&Credential::new_session([8; 32])).is_err());
        recognised.forget();
        let asked = recognised.holder(&credential).unwrap_err();
        recognised.forget();
        recognised.remember(asked, &credential, "Grace");
        assert!(recognised.holder(&credential).is_err());
    }
}

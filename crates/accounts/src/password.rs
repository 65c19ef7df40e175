//! Hashing passwords: argon2id at OWASP's parameters, a few at a time, never on the async threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

/// OWASP's recommendation for argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes under way at once; each takes a core and 19 MiB.
const CONCURRENT_MAX: usize = 2;
/// Whoever waits longer for a turn is told to come back.
const TURN_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(1);

/// No turn was to be had: too many sign-ins at once.
#[derive(Debug)]
pub(crate) struct Busy;

pub(crate) struct Hasher {
    turns: Semaphore,
    /// Checked when there is no account, so that the answer takes as long.
    nobody: String,
}

impl Hasher {
    /// `salt` is for the hash that belongs to nobody.
    pub(crate) fn new(salt: [u8; 16]) -> Self {
        Self { turns: Semaphore::new(CONCURRENT_MAX), nobody: hash(b"nobody", salt) }
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Busy> {
        let password = password.to_owned();
        self.take_turn(move || hash(password.as_bytes(), salt)).await
    }

    /// Whether `password` is the one of `stored`; without an account it takes as long and says no.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Busy> {
        let [is_right] = self.verify_each(password, [stored]).await?;
        Ok(is_right)
    }

    /// Of which of these `password` is the one. It takes as long for those that are missing.
    pub(crate) async fn verify_each<const N: usize>(
        &self,
        password: &str,
        stored: [Option<&str>; N],
    ) -> Result<[bool; N], Busy> {
        let password = password.to_owned();
        let each = stored.map(|stored| (stored.is_some(), stored.unwrap_or(&self.nobody).to_owned()));
        let verify = move |(has_account, stored): (bool, String)| {
            let stored = PasswordHash::new(&stored).ok();
            let matches = |stored| argon2().verify_password(password.as_bytes(), &stored).is_ok();
            stored.is_some_and(matches) && has_account
        };
        self.take_turn(move || each.map(verify)).await
    }

    async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let turn = tokio::time::timeout(TURN_TIMEOUT, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| Busy)?.map_err(|_| Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }
}

fn hash(password: &[u8], salt: [u8; 16]) -> String {
    #[expect(clippy::expect_used, reason = "parameters are constants, the salt has the recommended length")]
    argon2().hash_password_with_salt(password, &salt).expect("constant parameters").to_string()
}

fn argon2() -> Argon2<'static> {
    #[expect(clippy::expect_used, reason = "parameters are constants inside of the allowed ranges")]
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("constant parameters");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

//! Everything that follows from the master key: sealing, the passwords of our database logins, the cursor key.
//!
//! Files are sealed with a key that follows from the master key, because they are opened when no database is there. Rows
//! are sealed with keys that are kept in the database, sealed with the former, and can be replaced: `sealing_keys`.

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hmac, pbkdf2};
use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::cursor::CursorKey;
use domain::device::DeviceKey;

/// Bytes of the master key.
const MASTER_KEY_BYTES: usize = 32;
/// Layout of a sealed value: version, key id, nonce, ciphertext with tag.
const SEAL_VERSION: u8 = 1;
pub(crate) const KEY_ID_BYTES: usize = 4;
/// What PostgreSQL uses by default for its own SCRAM verifiers.
const SCRAM_ITERATIONS: u32 = 4096;

/// A sealed value could not be opened: altered, moved to another place, or sealed with another master key.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value could not be opened")]
pub struct SealError;

/// A key that seals, and the id by which what it sealed says so.
struct SealingKey {
    id: [u8; KEY_ID_BYTES],
    key: RandomizedNonceKey,
}

impl SealingKey {
    fn new(secret: &[u8; MASTER_KEY_BYTES]) -> Self {
        let mut id = [0; KEY_ID_BYTES];
        id.copy_from_slice(&derive(secret, "seal id")[..KEY_ID_BYTES]);
        #[expect(clippy::expect_used, reason = "the key has the length the algorithm asks for")]
        let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, &derive(secret, "seal")).expect("a 256-bit key");
        Self { id, key }
    }

    fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let mut sealed = plain.to_vec();
        #[expect(clippy::expect_used, reason = "fails only for inputs of many gigabytes")]
        let nonce = self.key.seal_in_place_append_tag(Aad::from(place), &mut sealed).expect("a short input");
        let mut out = vec![SEAL_VERSION];
        out.extend(self.id);
        out.extend(nonce.as_ref());
        out.append(&mut sealed);
        out
    }

    fn open(&self, place: &str, nonce: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut buffer = ciphertext.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from(place), &mut buffer).map_err(|_| SealError)?;
        Ok(plain.to_vec())
    }
}

/// The keys of rows that are known: all of them open, the newest that all processes know seals.
#[derive(Default)]
struct Ring {
    opening: Vec<SealingKey>,
    /// Its place in `opening`; nothing before keys were ever replaced.
    sealing: Option<usize>,
}

/// A key of rows as the database keeps it.
pub(crate) struct StoredKey {
    /// Its id.
    pub(crate) id: Vec<u8>,
    /// The key, sealed.
    pub(crate) sealed: Vec<u8>,
    /// Whether it may seal by now.
    pub(crate) may_seal: bool,
}

/// Keys derived from the master key, one per purpose, and the keys of rows. The master key itself is not kept.
pub struct Keys {
    sealing: SealingKey,
    ring: RwLock<Arc<Ring>>,
    logins: hmac::Key,
    cursor: [u8; 32],
    device: [u8; 32],
    check: [u8; 32],
}

impl Keys {
    /// Derives every key from the master key.
    pub fn new(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        Self {
            sealing: SealingKey::new(master),
            ring: RwLock::default(),
            logins: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, "logins")),
            cursor: derive(master, "cursor"),
            device: derive(master, "device"),
            check: derive(master, "check"),
        }
    }

    /// Encrypts `plain` for one place of a file: moved elsewhere it does not open.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        self.sealing.seal(place, plain)
    }

    /// Encrypts `plain` for one place of the database, such as `endpoints.secret/<tenant>/<endpoint>`.
    pub(crate) fn seal_row(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let ring = self.ring();
        ring.sealing.and_then(|at| ring.opening.get(at)).unwrap_or(&self.sealing).seal(place, plain)
    }

    /// Decrypts what [`Keys::seal`] or `seal_row` made for the same place.
    ///
    /// # Errors
    /// [`SealError`] when the value was altered, belongs elsewhere, or was sealed with a key that is not known.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let rest = sealed.strip_prefix(&[SEAL_VERSION]).ok_or(SealError)?;
        let (id, rest) = rest.split_at_checked(KEY_ID_BYTES).ok_or(SealError)?;
        let (nonce, ciphertext) = rest.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        if id == self.sealing.id {
            return self.sealing.open(place, nonce, ciphertext);
        }
        let ring = self.ring();
        let key = ring.opening.iter().find(|key| id == key.id).ok_or(SealError)?;
        key.open(place, nonce, ciphertext)
    }

    /// What everything begins with that is sealed with the key that seals rows now.
    pub(crate) fn row_head(&self) -> Vec<u8> {
        let ring = self.ring();
        let key = ring.sealing.and_then(|at| ring.opening.get(at)).unwrap_or(&self.sealing);
        [&[SEAL_VERSION], key.id.as_slice()].concat()
    }

    /// A key of rows that follows from `secret`: its id, and itself as the database keeps it.
    pub(crate) fn new_row_key(&self, secret: &[u8; MASTER_KEY_BYTES]) -> ([u8; KEY_ID_BYTES], Vec<u8>) {
        let id = SealingKey::new(secret).id;
        (id, self.seal(&key_place(&id), secret))
    }

    /// Knows these keys of rows from now on, oldest first, and no others.
    ///
    /// # Errors
    /// [`SealError`] when one cannot be opened; nothing changes then.
    pub(crate) fn learn(&self, stored: &[StoredKey]) -> Result<(), SealError> {
        let key = |stored: &StoredKey| {
            let secret = self.sealing_secret(stored)?;
            Ok(SealingKey::new(&secret))
        };
        let opening = stored.iter().map(key).collect::<Result<_, SealError>>()?;
        let ring = Ring { opening, sealing: stored.iter().rposition(|key| key.may_seal) };
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    fn sealing_secret(&self, stored: &StoredKey) -> Result<[u8; MASTER_KEY_BYTES], SealError> {
        let secret = self.open(&key_place(&stored.id), &stored.sealed)?;
        secret.try_into().map_err(|_| SealError)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key that seals cursors.
    pub fn cursor_key(&self) -> CursorKey {
        CursorKey::new(&self.cursor)
    }

    /// The key that marks devices on which people sign in.
    pub fn device_key(&self) -> DeviceKey {
        DeviceKey::new(&self.device)
    }

    /// A value that tells whether a database was set up with this master key, and nothing else.
    pub(crate) fn check(&self) -> &[u8] {
        &self.check
    }

    /// The password of a database login. Derived, so that every process knows it and nobody has to keep it.
    pub(crate) fn login_password(&self, login: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.logins, login.as_bytes()))
    }

    /// What PostgreSQL stores for that password, computed here so that the password never appears in a statement
    /// (and so in no log). RFC 5803.
    pub(crate) fn login_verifier(&self, login: &str) -> String {
        let salt = &hmac::sign(&self.logins, format!("salt {login}").as_bytes()).as_ref()[..16].to_vec();
        let password = self.login_password(login);
        let mut salted = [0_u8; 32];
        #[expect(clippy::expect_used, reason = "a constant above zero")]
        let rounds = std::num::NonZeroU32::new(SCRAM_ITERATIONS).expect("above zero");
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.as_bytes(), &mut salted);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &salted);
        let stored = domain::ids::sha256(hmac::sign(&key, b"Client Key").as_ref());
        let server = hmac::sign(&key, b"Server Key");
        format!(
            "SCRAM-SHA-256${SCRAM_ITERATIONS}:{}${}:{}",
            STANDARD.encode(salt),
            STANDARD.encode(stored),
            STANDARD.encode(server)
        )
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

fn key_place(id: &[u8]) -> String {
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sealing_keys/{id}")
}

fn derive(master: &[u8; MASTER_KEY_BYTES], purpose: &str) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, master);
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&key, format!("trunkline {purpose}").as_bytes()).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_place_with_its_key() {
        let keys = Keys::new(&[1; 32]);
        let sealed = keys.seal("a", b"puppy");
        assert_eq!(keys.open("a", &sealed).unwrap(), b"puppy");
        assert!(keys.open("b", &sealed).is_err());
        assert!(Keys::new(&[2; 32]).open("a", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(keys.open("a", &altered).is_err(), "byte {at}");
        }
        assert!(keys.open("a", &sealed[..10]).is_err());
        assert_ne!(sealed, keys.seal("a", b"puppy"), "every sealing has its own nonce");
    }

    #[test]
    fn rows_are_sealed_with_the_newest_key_that_may_and_opened_with_each() {
        let keys = Keys::new(&[1; 32]);
        let first = keys.seal_row("a", b"puppy");
        let stored = |secret, may_seal| {
            let (id, sealed) = keys.new_row_key(secret);
            StoredKey { id: id.to_vec(), sealed, may_seal }
        };
        keys.learn(&[stored(&[2; 32], false)]).unwrap();
        assert!(keys.seal_row("a", b"puppy").starts_with(&first[..5]), "not before every process knows it");
        keys.learn(&[stored(&[2; 32], true), stored(&[3; 32], false)]).unwrap();
        let second = keys.seal_row("a", b"puppy");
        assert_ne!(first[..5], second[..5]);
        assert!(second.starts_with(&keys.row_head()));
        for sealed in [&first, &second] {
            assert_eq!(keys.open("a", sealed).unwrap(), b"puppy");
            assert!(keys.open("b", sealed).is_err());
        }
        assert!(keys.seal("a", b"puppy").starts_with(&first[..5]), "files need no database");
        keys.learn(&[stored(&[3; 32], true)]).unwrap();
        assert!(keys.open("a", &second).is_err(), "a key that was taken away opens nothing");
        let mut moved = stored(&[2; 32], true);
        moved.id = stored(&[3; 32], true).id;
        assert!(keys.learn(&[moved]).is_err());
        assert!(keys.open("a", &first).is_ok(), "what it knew stays");
    }
}

//! Everything that follows from the master key: sealing, the passwords of our database logins, the cursor key.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hmac, pbkdf2};
use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::cursor::CursorKey;

/// Bytes of the master key.
const MASTER_KEY_BYTES: usize = 32;
/// Layout of a sealed value: version, key id, nonce, ciphertext with tag.
const SEAL_VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 4;
/// What PostgreSQL uses by default for its own SCRAM verifiers.
const SCRAM_ITERATIONS: u32 = 4096;

/// A sealed value could not be opened: altered, moved to another place, or sealed with another master key.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value could not be opened")]
pub struct SealError;

/// Keys derived from the master key, one per purpose. The master key itself is not kept.
pub struct Keys {
    sealing: RandomizedNonceKey,
    sealing_id: [u8; KEY_ID_BYTES],
    logins: hmac::Key,
    cursor: [u8; 32],
    check: [u8; 32],
}

impl Keys {
    /// Derives every key from the master key.
    pub fn new(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        let sealing = derive(master, "seal");
        let mut sealing_id = [0; KEY_ID_BYTES];
        sealing_id.copy_from_slice(&derive(master, "seal id")[..KEY_ID_BYTES]);
        #[expect(clippy::expect_used, reason = "the key has the length the algorithm asks for")]
        let sealing = RandomizedNonceKey::new(&AES_256_GCM_SIV, &sealing).expect("a 256-bit key");
        Self {
            sealing,
            sealing_id,
            logins: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, "logins")),
            cursor: derive(master, "cursor"),
            check: derive(master, "check"),
        }
    }

    /// Encrypts `plain` for one place, such as `endpoints.secret/<tenant>/<endpoint>`: moved elsewhere it does not open.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let mut sealed = plain.to_vec();
        #[expect(clippy::expect_used, reason = "fails only for inputs of many gigabytes")]
        let nonce =
            self.sealing.seal_in_place_append_tag(Aad::from(place), &mut sealed).expect("a short input");
        let mut out = vec![SEAL_VERSION];
        out.extend(self.sealing_id);
        out.extend(nonce.as_ref());
        out.append(&mut sealed);
        out
    }

    /// Decrypts what [`Keys::seal`] made for the same place.
    ///
    /// # Errors
    /// [`SealError`] when the value was altered, belongs elsewhere, or was sealed with another key.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let rest = sealed.strip_prefix(&[SEAL_VERSION]).ok_or(SealError)?;
        let rest = rest.strip_prefix(&self.sealing_id).ok_or(SealError)?;
        let (nonce, ciphertext) = rest.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut buffer = ciphertext.to_vec();
        let plain =
            self.sealing.open_in_place(nonce, Aad::from(place), &mut buffer).map_err(|_| SealError)?;
        Ok(plain.to_vec())
    }

    /// The key that seals cursors.
    pub fn cursor_key(&self) -> CursorKey {
        CursorKey::new(&self.cursor)
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
}

//! The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when it is lost.

use std::net::IpAddr;

use chrono::Duration;
use domain::ids::{Credential, UserId};
use domain::recovery::{RECOVERY_CODES, RecoveryCode};
use store::{FactorState, FactorTry, SecondFactor, SessionUser};
use totp_rs::{Builder, Totp};

use crate::letters::Changed;
use crate::service::{AccountError, AccountService, SignedIn};
use crate::sessions::Client;

/// How long somebody may take to find the code.
pub(crate) const HALF_SESSION_MINUTES: i64 = 10;
/// What apps call us.
const ISSUER: &str = "Trunkline";
/// Bytes of the secret that codes are made from: as many as SHA-1 gives.
const SECRET_BYTES: usize = 20;
/// Digits of a code, seconds for which it is shown, and how many of those a clock may be wrong by: what every app does.
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
const STEPS_ASIDE: u16 = 1;

/// A second factor that was begun. It can be shown this once.
pub struct BegunFactor {
    /// What a QR code says.
    pub otpauth_url: String,
    /// The secret for who types it.
    pub secret: String,
}

/// A second factor that is asked for from now on.
pub struct ConfirmedFactor {
    /// The recovery codes. They can be shown this once.
    pub recovery_codes: Vec<String>,
    /// How many other sessions ended.
    pub ended: u64,
}

/// What somebody shows beside the password.
enum Shown {
    /// The digits of the app.
    Digits(String),
    /// One of the recovery codes.
    Recovery(RecoveryCode),
}

impl Shown {
    fn read(typed: &str) -> Option<Self> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).take(DIGITS as usize + 1).collect();
        if digits.len() == usize::from(DIGITS) && digits.chars().all(|c| c.is_ascii_digit()) {
            return Some(Self::Digits(digits));
        }
        RecoveryCode::parse(typed).map(Self::Recovery)
    }
}

impl AccountService {
    /// Someone's second factor; `None` when no code is asked for.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn factor_state(&self, person: &SessionUser) -> Result<Option<FactorState>, AccountError> {
        Ok(self.store.factor_state(person.user).await?)
    }

    /// Which of these people have a second factor.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn with_factor(&self, users: &[UserId]) -> Result<Vec<UserId>, AccountError> {
        Ok(self.store.with_factor(users).await?)
    }

    /// Begins a second factor: nothing is asked for until a code shows that the app has the secret.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`], [`AccountError::TooManyAttempts`], [`AccountError::FactorOn`]
    pub async fn begin_factor(
        &self,
        person: &SessionUser,
        password: &str,
        address: IpAddr,
    ) -> Result<BegunFactor, AccountError> {
        self.check_own_password(person, password, address).await?;
        let totp = totp(&self.edge.random::<SECRET_BYTES>(), &person.email)?;
        if !self.store.begin_factor(person.user, totp.secret().as_bytes(), self.edge.now()).await? {
            return Err(AccountError::FactorOn);
        }
        let otpauth_url = totp.to_url().map_err(|_| AccountError::FactorOff)?;
        Ok(BegunFactor { otpauth_url, secret: totp.secret().to_base32() })
    }

    /// Confirms the second factor that was begun. All other sessions end: they were begun without it.
    ///
    /// # Errors
    /// [`AccountError::BadCode`], [`AccountError::TooManyAttempts`], [`AccountError::FactorOff`] when none was begun,
    /// [`AccountError::FactorOn`] when it is confirmed.
    pub async fn confirm_factor(
        &self,
        person: &SessionUser,
        code: &str,
        address: IpAddr,
    ) -> Result<ConfirmedFactor, AccountError> {
        let factor = self.tried(person.user).await?.ok_or(AccountError::FactorOff)?;
        if factor.confirmed_at.is_some() {
            return Err(AccountError::FactorOn);
        }
        let Some(Shown::Digits(digits)) = Shown::read(code) else { return Err(AccountError::BadCode) };
        let step = self.step_of(&factor, &digits)?.ok_or(AccountError::BadCode)?;
        let (codes, hashes) = self.new_recovery_codes(person.user);
        let now = self.edge.now();
        let ended = self.store.confirm_factor(person.user, step, &hashes, person.session, now).await?;
        let ended = ended.ok_or(AccountError::FactorOn)?;
        self.tell_person(person, Changed::FactorOn, address).await;
        Ok(ConfirmedFactor { recovery_codes: codes, ended })
    }

    /// Replaces the recovery codes.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`], [`AccountError::TooManyAttempts`], [`AccountError::FactorOff`]
    pub async fn replace_recovery_codes(
        &self,
        person: &SessionUser,
        password: &str,
        address: IpAddr,
    ) -> Result<Vec<String>, AccountError> {
        self.check_own_password(person, password, address).await?;
        let (codes, hashes) = self.new_recovery_codes(person.user);
        let replaced = self.store.replace_recovery_codes(person.user, &hashes).await?;
        if !replaced {
            return Err(AccountError::FactorOff);
        }
        self.tell_person(person, Changed::RecoveryCodes, address).await;
        Ok(codes)
    }

    /// Ends the second factor.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`], [`AccountError::TooManyAttempts`], [`AccountError::FactorOff`]
    pub async fn end_factor(
        &self,
        person: &SessionUser,
        password: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        self.check_own_password(person, password, address).await?;
        if !self.store.end_factor(person.user).await? {
            return Err(AccountError::FactorOff);
        }
        self.tell_person(person, Changed::FactorOff, address).await;
        Ok(())
    }

    /// Begins a half-session: whoever gave the password owes a code.
    pub(crate) async fn start_half_session(&self, user: UserId) -> Result<Credential, AccountError> {
        let session = Credential::new_session(self.edge.random());
        let now = self.edge.now();
        let expires_at = now + Duration::minutes(HALF_SESSION_MINUTES);
        self.store.create_half_session(user, session.hash(), now, expires_at).await?;
        Ok(session)
    }

    /// Ends a half-session by a code, and begins a session with an id of its own.
    ///
    /// # Errors
    /// [`AccountError::SignInAgain`] without a half-session, [`AccountError::BadCode`], [`AccountError::TooManyAttempts`]
    pub(crate) async fn second_step(
        &self,
        half_session: &Credential,
        code: &str,
        client: &Client,
    ) -> Result<SignedIn, AccountError> {
        let hash = half_session.hash();
        let user = self.store.half_session(hash, self.edge.now()).await?.ok_or(AccountError::SignInAgain)?;
        let factor = self.tried(user).await?.filter(|factor| factor.confirmed_at.is_some());
        let factor = factor.ok_or(AccountError::SignInAgain)?;
        let is_good = match Shown::read(code).ok_or(AccountError::BadCode)? {
            Shown::Digits(digits) => match self.step_of(&factor, &digits)? {
                Some(step) => self.store.use_step(user, step).await?,
                None => false,
            },
            Shown::Recovery(code) => self.store.use_recovery_code(user, code.hash(user)).await?,
        };
        if !is_good {
            return Err(AccountError::BadCode);
        }
        if !self.store.end_half_session(hash).await? {
            return Err(AccountError::SignInAgain);
        }
        self.let_in(user, client).await
    }

    /// The second factor that a code is checked with; the try counts as wrong for now.
    async fn tried(&self, user: UserId) -> Result<Option<SecondFactor>, AccountError> {
        match self.store.try_factor(user, self.edge.now()).await? {
            FactorTry::Check(factor) => Ok(Some(factor)),
            FactorTry::NoFactor => Ok(None),
            FactorTry::TooMany => Err(AccountError::TooManyAttempts),
        }
    }

    /// The step that a code belongs to, if it is one of now.
    fn step_of(&self, factor: &SecondFactor, digits: &str) -> Result<Option<i64>, AccountError> {
        let seconds = u64::try_from(self.edge.now().timestamp()).unwrap_or_default();
        let step = totp(&factor.secret, "")?.check(digits, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn new_recovery_codes(&self, user: UserId) -> (Vec<String>, Vec<[u8; 32]>) {
        let codes = [(); RECOVERY_CODES].map(|()| RecoveryCode::from_random(self.edge.random()));
        codes.iter().map(|code| (code.reveal(), code.hash(user))).unzip()
    }
}

fn totp(secret: &[u8], account: &str) -> Result<Totp, AccountError> {
    let builder = Builder::new().with_digits(DIGITS).with_step_duration(STEP_SECONDS).with_skew(STEPS_ASIDE);
    let builder = builder.with_secret(secret.to_vec()).with_issuer(Some(ISSUER)).with_account_name(account);
    // Fails only for a secret that is too short, which none of ours is.
    builder.build().map_err(|_| AccountError::FactorOff)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the test vectors of RFC 6238, for SHA-1.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard_a_step_to_either_side() {
        let totp = totp(SECRET, "grace@example.com").unwrap();
        // Eight digits in the standard, of which six are the last ones.
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let step = at / STEP_SECONDS;
            for (away, is_good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
                let Some(now) = at.checked_add_signed(away * 30) else { continue };
                let wanted = is_good.then_some(step);
                assert_eq!(totp.check(code, now), wanted, "{code} {away} steps away from {at}");
            }
        }
    }

    #[test]
    fn what_is_shown_is_digits_or_a_recovery_code() {
        let digits = |typed| matches!(Shown::read(typed), Some(Shown::Digits(digits)) if digits == "012345");
        assert!(["012345", " 012 345 ", "0 1 2 3 4 5"].into_iter().all(digits));
        assert!(matches!(Shown::read("0123-4567-89ab-cdef"), Some(Shown::Recovery(_))));
        for nothing in ["", "12345", "1234567", "12345x", "٠١٢٣٤٥", &"1".repeat(10_000)] {
            assert!(Shown::read(nothing).is_none(), "{nothing}");
        }
    }
}

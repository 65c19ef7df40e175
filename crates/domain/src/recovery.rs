//! Recovery codes: each opens an account once when the authenticator app is lost.

use crate::ids::{UserId, base32, sha256};

/// Codes that a person has at first.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a code, without what is put between them.
const CHARS: usize = 16;
/// Characters that stand together when a code is shown.
const GROUP_CHARS: usize = 4;
/// Characters that are looked at: a code with spaces everywhere is shorter.
const TYPED_CHARS_MAX: usize = 64;

/// A recovery code of 80 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    pub fn from_random(random: [u8; 10]) -> Self {
        Self(base32(&random, CHARS))
    }

    /// Reads what somebody typed: case, spaces and hyphens do not matter, and letters that look like digits are them.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.chars().count() > TYPED_CHARS_MAX {
            return None;
        }
        let read = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(read).collect();
        let is_code = code.len() == CHARS && code.chars().all(|c| c.is_ascii_alphanumeric());
        is_code.then_some(Self(code))
    }

    /// The code as it is shown, once.
    pub fn reveal(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = chars.chunks(GROUP_CHARS).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// What is stored: SHA-256 over whose it is and the code. 80 random bits need no slow hash.
    pub fn hash(&self, user: UserId) -> [u8; 32] {
        sha256(&[user.0.as_bytes().as_slice(), self.0.as_bytes()].concat())
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::from_random([0, 1, 2, 3, 4, 5, 6, 7, 8, 255]);
        let shown = code.reveal();
        assert_eq!(shown.len(), 19, "{shown}");
        for typed in [
            shown.clone(),
            shown.to_uppercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            format!("  {shown}\n"),
            shown.replace('0', "o").replace('1', "L"),
        ] {
            assert_eq!(RecoveryCode::parse(&typed), Some(code.clone()), "{typed}");
        }
        for wrong in ["", "123456", &shown[1..], &format!("{shown}0"), &"- ".repeat(100), &"é".repeat(8)] {
            assert_eq!(RecoveryCode::parse(wrong), None, "{wrong}");
        }
        let (one, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        assert_ne!(code.hash(one), code.hash(other), "the same code of two people is stored differently");
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    }
}

//! The audit log: who changed what in a company, from where; each entry is chained to the one before it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::ids::{TenantId, sha256};

macro_rules! audit_actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
        }

        impl AuditAction {
            /// Everything that is written down.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The action with this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.code() == code)
            }

            /// The stable code, in the database and in the API.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

audit_actions! {
    /// Somebody was invited.
    MemberInvited = "MEMBER_INVITED",
    /// An invitation was sent again.
    InvitationResent = "INVITATION_RESENT",
    /// An invitation was taken back.
    InvitationRevoked = "INVITATION_REVOKED",
    /// Somebody came in by an invitation.
    InvitationAccepted = "INVITATION_ACCEPTED",
    /// Somebody came in by the company's provider.
    MemberJoined = "MEMBER_JOINED",
    /// Somebody's role was changed.
    MemberRoleChanged = "MEMBER_ROLE_CHANGED",
    /// Somebody sees the calls of some groups only, or all again.
    MemberScoped = "MEMBER_SCOPED",
    /// Somebody calls themselves something else.
    MemberRenamed = "MEMBER_RENAMED",
    /// Somebody was removed.
    MemberRemoved = "MEMBER_REMOVED",
    /// Somebody has another e-mail address.
    MemberEmailChanged = "MEMBER_EMAIL_CHANGED",
    /// Somebody left.
    MemberLeft = "MEMBER_LEFT",
    /// Somebody deleted their account.
    AccountDeleted = "ACCOUNT_DELETED",
    /// An owner handed the company over.
    OwnershipTransferred = "OWNERSHIP_TRANSFERRED",
    /// The endpoint got another secret.
    SecretReplaced = "SECRET_REPLACED",
    /// The secret that was replaced is accepted no more.
    PreviousSecretEnded = "PREVIOUS_SECRET_ENDED",
    /// The endpoint got another Request URL.
    RequestUrlReplaced = "REQUEST_URL_REPLACED",
    /// The Request URL that was replaced is accepted no more.
    PreviousUrlEnded = "PREVIOUS_URL_ENDED",
    /// An API key was made.
    ApiKeyCreated = "API_KEY_CREATED",
    /// An API key was replaced by a new one.
    ApiKeyRotated = "API_KEY_ROTATED",
    /// An API key was revoked.
    ApiKeyRevoked = "API_KEY_REVOKED",
    /// The name, address or time zone of the company was changed.
    CompanyChanged = "COMPANY_CHANGED",
    /// An owner has the company deleted, from a day on.
    CompanyDeleted = "COMPANY_DELETED",
    /// An owner keeps the company after all.
    CompanyKept = "COMPANY_KEPT",
    /// A shared view was made or changed, or became somebody's own.
    SharedViewKept = "SHARED_VIEW_KEPT",
    /// A shared view was removed.
    SharedViewRemoved = "SHARED_VIEW_REMOVED",
    /// The company asks everybody for a second factor, from a day on.
    SecondFactorRequired = "SECOND_FACTOR_REQUIRED",
    /// The company asks nobody for a second factor any more.
    SecondFactorOptional = "SECOND_FACTOR_OPTIONAL",
    /// The company has a provider by which people sign in, or its provider was changed.
    SingleSignOnSet = "SINGLE_SIGN_ON_SET",
    /// Nobody signs in by a provider of the company any more.
    SingleSignOnEnded = "SINGLE_SIGN_ON_ENDED",
}

/// The digest before the first entry of a company.
pub const FIRST: [u8; 32] = [0; 32];

/// What is written down of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When; to the microsecond.
    pub at: DateTime<Utc>,
    /// The person or the key; `None`: the operator.
    pub actor_id: Option<Uuid>,
    /// What they were called then.
    pub actor: String,
    /// From where; empty when it is not known.
    pub address: String,
    /// The code of what was done.
    pub action: String,
    /// To what or whom.
    pub subject: String,
    /// What it became; may be empty.
    pub detail: String,
}

/// The digest of a company's `number`th entry, which stands behind one with the digest `previous`. Whoever changes, removes,
/// adds or swaps entries would have to write every later digest anew.
pub fn digest(tenant: TenantId, number: i64, previous: &[u8; 32], entry: &AuditEntry) -> [u8; 32] {
    let mut text = previous.to_vec();
    text.extend(tenant.0.as_bytes());
    text.extend(number.to_be_bytes());
    text.extend(entry.at.timestamp_micros().to_be_bytes());
    text.extend(entry.actor_id.unwrap_or_default().as_bytes());
    for field in [&entry.actor, &entry.address, &entry.action, &entry.subject, &entry.detail] {
        // With its length in front, so that no two entries are written the same.
        text.extend((field.len() as u64).to_be_bytes());
        text.extend(field.as_bytes());
    }
    sha256(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            at: DateTime::UNIX_EPOCH,
            actor_id: None,
            actor: "grace@example.com".to_owned(),
            address: "192.0.2.1".to_owned(),
            action: AuditAction::MemberInvited.code().to_owned(),
            subject: "ada@example.com".to_owned(),
            detail: "member".to_owned(),
        }
    }

    #[test]
    fn every_part_of_an_entry_is_in_its_digest() {
        let tenant = TenantId(Uuid::from_u128(7));
        let whole = digest(tenant, 1, &FIRST, &entry());
        assert_eq!(whole, digest(tenant, 1, &FIRST, &entry()));
        let mut changed: Vec<AuditEntry> = vec![entry(); 7];
        changed[0].at += chrono::TimeDelta::microseconds(1);
        changed[1].actor_id = Some(Uuid::from_u128(1));
        changed[2].actor.push('x');
        changed[3].address.push('x');
        changed[4].action.push('x');
        changed[5].subject.push('x');
        changed[6].detail.push('x');
        let mut digests: Vec<_> = changed.iter().map(|entry| digest(tenant, 1, &FIRST, entry)).collect();
        // A letter that moves from one field to the next is a change too.
        let moved =
            AuditEntry { subject: "ada@example.co".to_owned(), detail: "mmember".to_owned(), ..entry() };
        digests.push(digest(tenant, 1, &FIRST, &moved));
        digests.push(digest(tenant, 2, &FIRST, &entry()));
        digests.push(digest(tenant, 1, &whole, &entry()));
        digests.push(digest(TenantId(Uuid::from_u128(8)), 1, &FIRST, &entry()));
        assert!(digests.iter().all(|digest| *digest != whole));
    }

    #[test]
    fn codes_are_told_apart() {
        let codes: std::collections::BTreeSet<_> =
            AuditAction::ALL.iter().map(|action| action.code()).collect();
        assert_eq!(codes.len(), AuditAction::ALL.len());
        assert!(AuditAction::ALL.iter().all(|action| AuditAction::parse(action.code()) == Some(*action)));
        assert_eq!(AuditAction::parse("member_invited"), None);
    }
}

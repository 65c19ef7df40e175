//! Who may do what: one policy, one `match`.

use serde::{Deserialize, Serialize};

/// What a person (or an API key) is in a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Made the company, or was handed it; may do everything.
    Owner,
    /// Runs the company's set-up.
    Admin,
    /// Uses the call history.
    Member,
    /// Reads the call history.
    Viewer,
}

impl Role {
    /// Every role, most powerful first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Viewer];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// Reads the word in the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// What can be done in a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read calls and their events.
    ReadCalls,
    /// See the Request URL and how deliveries fare.
    ReadEndpoint,
    /// See what was posted to the Request URL and what became of it.
    ReadDeliveries,
    /// See the secret in clear.
    RevealSecret,
    /// Replace the secret or the Request URL, send a test call, re-check deliveries.
    ManageEndpoint,
    /// See who is in the company, and who is invited.
    ReadPeople,
    /// Invite and remove people and change their roles, as far as [`check_change`] lets.
    ManagePeople,
    /// Hand the company over to somebody else.
    TransferOwnership,
    /// See, make and revoke API keys.
    ManageApiKeys,
    /// See who changed what.
    ReadAudit,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::ReadCalls,
        Self::ReadEndpoint,
        Self::ReadDeliveries,
        Self::RevealSecret,
        Self::ManageEndpoint,
        Self::ReadPeople,
        Self::ManagePeople,
        Self::TransferOwnership,
        Self::ManageApiKeys,
        Self::ReadAudit,
    ];

    /// What a person reads when it is refused.
    pub fn describe(self) -> &'static str {
        match self {
            Self::ReadCalls => "read calls",
            Self::ReadEndpoint => "see the Request URL",
            Self::ReadDeliveries => "see deliveries",
            Self::RevealSecret => "see the secret",
            Self::ManageEndpoint => "change the endpoint",
            Self::ReadPeople => "see people",
            Self::ManagePeople => "manage people",
            Self::TransferOwnership => "hand the company over",
            Self::ManageApiKeys => "manage API keys",
            Self::ReadAudit => "see the audit log",
        }
    }
}

/// Whether `role` may do `action`.
pub fn allows(role: Role, action: Action) -> bool {
    match action {
        Action::ReadCalls => true,
        Action::ReadEndpoint | Action::ReadDeliveries | Action::ReadPeople => !matches!(role, Role::Viewer),
        Action::RevealSecret
        | Action::ManageEndpoint
        | Action::ManagePeople
        | Action::ManageApiKeys
        | Action::ReadAudit => matches!(role, Role::Owner | Role::Admin),
        Action::TransferOwnership => matches!(role, Role::Owner),
    }
}

/// Why people cannot be changed like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// Only an owner does this to an owner, or makes one.
    AboveYourRole,
    /// Nobody would own the company.
    LastOwner,
}

/// Whether `actor` may make somebody `role`: nobody gives more than they have.
pub fn may_give(actor: Role, role: Role) -> bool {
    match actor {
        Role::Owner => true,
        Role::Admin => role != Role::Owner,
        Role::Member | Role::Viewer => false,
    }
}

/// Whether `actor` may make somebody who is `target` into `to`, or take them out of the company. There are `owners` now.
///
/// # Errors
/// [`PeopleRefusal`]
pub fn check_change(actor: Role, target: Role, to: Option<Role>, owners: usize) -> Result<(), PeopleRefusal> {
    if !may_give(actor, target) || to.is_some_and(|role| !may_give(actor, role)) {
        return Err(PeopleRefusal::AboveYourRole);
    }
    if target == Role::Owner && to != Some(Role::Owner) && owners <= 1 {
        return Err(PeopleRefusal::LastOwner);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole policy, to be read by people.
    const POLICY: &str = include_str!("access/policy.txt");

    #[test]
    fn the_policy_is_the_table() {
        let mut table = String::from("                        owner admin member viewer\n");
        for action in Action::ALL {
            let mark = |role| if allows(role, action) { '✔' } else { '✘' };
            let [owner, admin, member, viewer] = Role::ALL.map(mark);
            table +=
                &format!("{:<21}   {owner}     {admin}      {member}      {viewer}\n", action.describe());
        }
        assert_eq!(table, POLICY);
    }

    #[test]
    fn nobody_is_changed_by_who_is_less_and_somebody_owns_the_company() {
        for (actor, target, owners) in Role::ALL
            .into_iter()
            .flat_map(|a| Role::ALL.map(|t| (a, t)))
            .flat_map(|(a, t)| [(a, t, 1), (a, t, 2)])
        {
            for to in Role::ALL.map(Some).into_iter().chain([None]) {
                let allowed = check_change(actor, target, to, owners).is_ok();
                let is_about_owners = target == Role::Owner || to == Some(Role::Owner);
                let leaves_an_owner = target != Role::Owner || to == Some(Role::Owner) || owners > 1;
                let wanted = match actor {
                    Role::Owner => leaves_an_owner,
                    Role::Admin => !is_about_owners,
                    Role::Member | Role::Viewer => false,
                };
                assert_eq!(allowed, wanted, "{actor:?} makes {target:?} {to:?} of {owners} owners");
            }
        }
    }

    #[test]
    fn words_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}

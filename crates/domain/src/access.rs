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
    /// Read the signed events of calls.
    ReadEvents,
    /// Export calls.
    ExportCalls,
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
    /// Have the company deleted with everything in it, or keep it.
    DeleteCompany,
    /// See, make and revoke API keys.
    ManageApiKeys,
    /// Share saved views with everybody in the company.
    ShareViews,
    /// Change what the company says of itself.
    ManageCompany,
    /// Say how people have to sign in.
    ManageSecurity,
    /// See who changed what.
    ReadAudit,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 16] = [
        Self::ReadCalls,
        Self::ReadEvents,
        Self::ExportCalls,
        Self::ReadEndpoint,
        Self::ReadDeliveries,
        Self::RevealSecret,
        Self::ManageEndpoint,
        Self::ReadPeople,
        Self::ManagePeople,
        Self::TransferOwnership,
        Self::DeleteCompany,
        Self::ManageApiKeys,
        Self::ShareViews,
        Self::ManageCompany,
        Self::ManageSecurity,
        Self::ReadAudit,
    ];

    /// What a person reads when it is refused.
    pub fn describe(self) -> &'static str {
        match self {
            Self::ReadCalls => "read calls",
            Self::ReadEvents => "read events",
            Self::ExportCalls => "export calls",
            Self::ReadEndpoint => "see the Request URL",
            Self::ReadDeliveries => "see deliveries",
            Self::RevealSecret => "see the secret",
            Self::ManageEndpoint => "change the endpoint",
            Self::ReadPeople => "see people",
            Self::ManagePeople => "manage people",
            Self::TransferOwnership => "hand the company over",
            Self::DeleteCompany => "delete the company",
            Self::ManageApiKeys => "manage API keys",
            Self::ShareViews => "share views",
            Self::ManageCompany => "change the company",
            Self::ManageSecurity => "manage security",
            Self::ReadAudit => "see the audit log",
        }
    }
}

/// What somebody is whom the company's provider let in: an admin chooses the provider, and may not become an owner by
/// letting it say who they are.
pub fn by_provider(role: Role) -> Role {
    match role {
        Role::Owner => Role::Admin,
        Role::Admin | Role::Member | Role::Viewer => role,
    }
}

/// What an API key is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Reading calls and conversations.
    CallsRead,
    /// Reading the signed events of calls.
    EventsRead,
    /// Reading deliveries, and how the Request URL fares.
    DeliveriesRead,
    /// Exporting calls.
    Export,
    /// All that an admin does, and that is not for people only.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] =
        [Self::CallsRead, Self::EventsRead, Self::DeliveriesRead, Self::Export, Self::Admin];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CallsRead => "calls:read",
            Self::EventsRead => "events:read",
            Self::DeliveriesRead => "deliveries:read",
            Self::Export => "export",
            Self::Admin => "admin",
        }
    }

    /// Reads the word in the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    /// Whether a key with this scope may do `action`, if its role may.
    pub fn opens(self, action: Action) -> bool {
        match self {
            Self::CallsRead => action == Action::ReadCalls,
            Self::EventsRead => action == Action::ReadEvents,
            Self::DeliveriesRead => matches!(action, Action::ReadDeliveries | Action::ReadEndpoint),
            Self::Export => action == Action::ExportCalls,
            Self::Admin => true,
        }
    }
}

/// Some scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(u8);

impl ScopeSet {
    /// All that reads what members read.
    pub fn of_members() -> Self {
        Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin).collect()
    }

    /// Whether this one is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether one of them opens `action`.
    pub fn opens(self, action: Action) -> bool {
        self.iter().any(|scope| scope.opens(action))
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u8))
    }
}

/// Whether `role` may do `action`.
pub fn allows(role: Role, action: Action) -> bool {
    match action {
        Action::ReadCalls | Action::ReadEvents | Action::ExportCalls => true,
        Action::ReadEndpoint | Action::ReadDeliveries | Action::ReadPeople | Action::ShareViews => {
            !matches!(role, Role::Viewer)
        }
        Action::RevealSecret
        | Action::ManageEndpoint
        | Action::ManagePeople
        | Action::ManageApiKeys
        | Action::ManageCompany
        | Action::ManageSecurity
        | Action::ReadAudit => matches!(role, Role::Owner | Role::Admin),
        Action::TransferOwnership | Action::DeleteCompany => matches!(role, Role::Owner),
    }
}

/// Whether somebody of this role can be scoped to groups: who runs the company sees all of it.
pub fn may_be_scoped(role: Role) -> bool {
    matches!(role, Role::Member | Role::Viewer)
}

/// Whether who sees the calls of some groups only may do `action`, as far as the role may: what is posted to the Request
/// URL is of everybody's calls.
pub fn allows_scoped(role: Role, action: Action) -> bool {
    allows(role, action) && !matches!(action, Action::ReadEndpoint | Action::ReadDeliveries)
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

/// Whether somebody may change a saved view that they see: their own, or as an owner or admin one that is shared.
pub fn may_change_view(role: Role, is_own: bool, is_shared: bool) -> bool {
    is_own || is_shared && matches!(role, Role::Owner | Role::Admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole policy, to be read by people.
    const POLICY: &str = include_str!("access/policy.txt");

    #[test]
    fn the_policy_is_the_table() {
        let mut table = String::from(
            "                        owner admin member viewer   scoped to groups: member viewer\n",
        );
        let mark = |allowed| if allowed { '✔' } else { '✘' };
        for action in Action::ALL {
            let [owner, admin, member, viewer] = Role::ALL.map(|role| mark(allows(role, action)));
            let [scoped_member, scoped_viewer] =
                [Role::Member, Role::Viewer].map(|role| mark(allows_scoped(role, action)));
            table += &format!(
                "{:<21}   {owner}     {admin}      {member}      {viewer}                            {scoped_member}      {scoped_viewer}\n",
                action.describe()
            );
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

    /// What each scope opens, to be read by people.
    const SCOPES: &str = include_str!("access/scopes.txt");

    #[test]
    fn the_scopes_are_the_table() {
        let mut table =
            String::from("                        calls:read events:read deliveries:read export admin\n");
        for action in Action::ALL {
            let mark = |scope: Scope| if ScopeSet::from_iter([scope]).opens(action) { '✔' } else { '✘' };
            let [calls, events, deliveries, export, admin] = Scope::ALL.map(mark);
            table += &format!(
                "{:<21}   {calls}          {events}           {deliveries}               {export}      {admin}\n",
                action.describe()
            );
        }
        assert_eq!(table, SCOPES);
        assert!(!ScopeSet::default().opens(Action::ReadCalls));
        assert_eq!(Scope::ALL.into_iter().collect::<ScopeSet>().iter().count(), Scope::ALL.len());
    }

    #[test]
    fn a_provider_lets_nobody_do_what_only_owners_do() {
        for role in Role::ALL {
            let admitted = by_provider(role);
            assert!(!allows(admitted, Action::TransferOwnership) && !allows(admitted, Action::DeleteCompany));
            assert!(!may_give(admitted, Role::Owner));
            assert!(role == Role::Owner || admitted == role);
        }
    }

    #[test]
    fn words_round_trip() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}

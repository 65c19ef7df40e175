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
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] =
        [Self::ReadCalls, Self::ReadEndpoint, Self::ReadDeliveries, Self::RevealSecret, Self::ManageEndpoint];

    /// What a person reads when it is refused.
    pub fn describe(self) -> &'static str {
        match self {
            Self::ReadCalls => "read calls",
            Self::ReadEndpoint => "see the Request URL",
            Self::ReadDeliveries => "see deliveries",
            Self::RevealSecret => "see the secret",
            Self::ManageEndpoint => "change the endpoint",
        }
    }
}

/// Whether `role` may do `action`.
pub fn allows(role: Role, action: Action) -> bool {
    match action {
        Action::ReadCalls => true,
        Action::ReadEndpoint | Action::ReadDeliveries => !matches!(role, Role::Viewer),
        Action::RevealSecret | Action::ManageEndpoint => matches!(role, Role::Owner | Role::Admin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole policy, to be read by people.
    const POLICY: &str = "                   owner admin member viewer
read calls            ✔     ✔      ✔      ✔
see the Request URL   ✔     ✔      ✔      ✘
see deliveries        ✔     ✔      ✔      ✘
see the secret        ✔     ✔      ✘      ✘
change the endpoint   ✔     ✔      ✘      ✘
";

    #[test]
    fn the_policy_is_the_table() {
        let mut table = String::from("                   owner admin member viewer\n");
        for action in Action::ALL {
            let mark = |role| if allows(role, action) { '✔' } else { '✘' };
            let [owner, admin, member, viewer] = Role::ALL.map(mark);
            table +=
                &format!("{:<19}   {owner}     {admin}      {member}      {viewer}\n", action.describe());
        }
        assert_eq!(table, POLICY);
    }

    #[test]
    fn words_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}

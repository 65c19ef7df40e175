//! The groups and people whose calls somebody sees, as the API says and takes them.

use std::collections::{BTreeSet, HashMap};

use async_graphql::SimpleObject;
use domain::access::{self, may_be_scoped};
use domain::group_scope::GroupScope;
use store::TenantTx;

use crate::error::ApiError;
use crate::mutation::UserError;

/// A group or person of the company whose calls somebody sees.
#[derive(Clone, SimpleObject)]
pub(crate) struct ScopedGroup {
    /// As Dialpad writes groups: `Department:…`, `CallCenter:…`, `User:…`.
    group_id: String,
    /// What it was called on its newest call; null when none is known.
    name: Option<String>,
}

/// The names of groups.
pub(crate) struct GroupNames(HashMap<String, Option<String>>);

impl GroupNames {
    /// Reads the names of all groups of some scopes.
    pub(crate) async fn read<'a>(
        tx: &TenantTx,
        scopes: impl Iterator<Item = Option<&'a [String]>>,
    ) -> Result<Self, ApiError> {
        let groups: BTreeSet<&str> = scopes.flatten().flatten().map(String::as_str).collect();
        if groups.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let groups: Vec<&str> = groups.into_iter().collect();
        let names = tx.group_names(&groups).await?;
        Ok(Self(groups.into_iter().map(str::to_owned).zip(names).collect()))
    }

    /// The groups of a scope; nothing for who sees all calls.
    pub(crate) fn of(&self, scope: Option<&[String]>) -> Option<Vec<ScopedGroup>> {
        let group =
            |id: &String| ScopedGroup { group_id: id.clone(), name: self.0.get(id).cloned().flatten() };
        scope.map(|groups| groups.iter().map(group).collect())
    }
}

/// The scope that somebody of this role is to have; nothing: all calls.
pub(crate) fn scope_for(
    role: access::Role,
    asked: Option<&[String]>,
) -> Result<Option<GroupScope>, UserError> {
    let Some(asked) = asked else { return Ok(None) };
    if !may_be_scoped(role) {
        let message = "Owners and admins see all calls. Only members and viewers can be scoped to groups.";
        return Err(UserError::new(Some("groupScope"), "NOT_SCOPABLE", message));
    }
    let scope = GroupScope::parse(asked.iter().map(String::as_str));
    scope.map(Some).map_err(|wrong| UserError::new(Some("groupScope"), wrong.code, wrong.message))
}

/// As the audit log says it.
pub(crate) fn scope_text(scope: Option<&GroupScope>) -> String {
    scope.map_or_else(|| "all calls".to_owned(), |scope| scope.texts().join(", "))
}

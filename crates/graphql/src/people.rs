//! The people of a company, and whom it has invited.

use async_graphql::{Context, Error, ID, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::Action;
use store::{TenantAccess, TenantTx};

use crate::enums::Role;
use crate::error::ApiError;
use crate::group_scope::{GroupNames, ScopedGroup};
use crate::services::{RequestState, require};

/// Someone in a company.
#[derive(SimpleObject)]
pub(crate) struct Member {
    /// Tells this person from others; the same in every company.
    id: ID,
    /// The address by which the company knows them.
    email: String,
    /// What they are called; null when they did not say.
    name: Option<String>,
    /// What they are in the company.
    role: Role,
    /// The groups and people whose calls they see; null: all calls of the company.
    group_scope: Option<Vec<ScopedGroup>>,
    /// Since when.
    joined_at: DateTime<Utc>,
    /// API keys that they made and that are not revoked; these are revoked when they leave.
    api_key_count: i32,
    /// Whether it is the viewer.
    is_viewer: bool,
}

/// Somebody who was invited and has not come yet.
#[derive(SimpleObject)]
pub(crate) struct Invitation {
    /// Tells it from others of the company; opens nothing.
    id: ID,
    /// To whom.
    email: String,
    /// What they would be.
    role: Role,
    /// The groups and people whose calls they would see; null: all calls of the company.
    group_scope: Option<Vec<ScopedGroup>>,
    /// The address of who invited them. Null when they are gone or may not invite any more: the invitation is good no
    /// more then, until it is sent again.
    invited_by: Option<String>,
    /// When its mail was written.
    sent_at: DateTime<Utc>,
    /// Until when its link is good.
    expires_at: DateTime<Utc>,
    /// Whether its link is good no more.
    is_expired: bool,
}

impl Member {
    fn new(ctx: &Context<'_>, names: &GroupNames, member: store::Member) -> Self {
        let is_viewer = RequestState::of(ctx).person().is_ok_and(|person| person.user == member.user);
        Self {
            id: ID(member.user.to_string()),
            email: member.email,
            name: member.name,
            role: member.role.into(),
            group_scope: names.of(member.group_scope.as_deref()),
            joined_at: member.joined_at,
            api_key_count: i32::try_from(member.api_keys).unwrap_or(i32::MAX),
            is_viewer,
        }
    }

    /// These members.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        tx: &TenantTx,
        members: Vec<store::Member>,
    ) -> Result<Vec<Self>, ApiError> {
        let scopes = members.iter().map(|member| member.group_scope.as_deref());
        let names = GroupNames::read(tx, scopes).await?;
        Ok(members.into_iter().map(|member| Self::new(ctx, &names, member)).collect())
    }

    /// Everybody in the company of `access`.
    pub(crate) async fn load_all(ctx: &Context<'_>, access: TenantAccess) -> Result<Vec<Self>, Error> {
        require(&access, Action::ReadPeople)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let members = tx.members().await.map_err(ApiError::from)?;
        Ok(Self::read(ctx, &tx, members).await?)
    }
}

impl Invitation {
    fn new(ctx: &Context<'_>, names: &GroupNames, invitation: store::Invitation) -> Self {
        let now = RequestState::of(ctx).services.edge.now();
        Self {
            id: ID(invitation.id.to_string()),
            email: invitation.email,
            role: invitation.role.into(),
            group_scope: names.of(invitation.group_scope.as_deref()),
            is_expired: invitation.expires_at <= now || invitation.invited_by.is_none(),
            invited_by: invitation.invited_by,
            sent_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }

    /// These invitations.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        tx: &TenantTx,
        invitations: Vec<store::Invitation>,
    ) -> Result<Vec<Self>, ApiError> {
        let scopes = invitations.iter().map(|invitation| invitation.group_scope.as_deref());
        let names = GroupNames::read(tx, scopes).await?;
        Ok(invitations.into_iter().map(|invitation| Self::new(ctx, &names, invitation)).collect())
    }

    /// All that wait, of the company of `access`.
    pub(crate) async fn load_all(ctx: &Context<'_>, access: TenantAccess) -> Result<Vec<Self>, Error> {
        require(&access, Action::ReadPeople)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let invitations = tx.invitations().await.map_err(ApiError::from)?;
        Ok(Self::read(ctx, &tx, invitations).await?)
    }
}

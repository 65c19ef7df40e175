//! The people of a company, and whom it has invited.

use async_graphql::{Context, Error, ID, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::Action;
use store::TenantAccess;

use crate::enums::Role;
use crate::error::ApiError;
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
    pub(crate) fn new(ctx: &Context<'_>, member: store::Member) -> Self {
        let is_viewer = RequestState::of(ctx).person().is_ok_and(|person| person.user == member.user);
        Self {
            id: ID(member.user.to_string()),
            email: member.email,
            name: member.name,
            role: member.role.into(),
            joined_at: member.joined_at,
            api_key_count: i32::try_from(member.api_keys).unwrap_or(i32::MAX),
            is_viewer,
        }
    }

    /// Everybody in the company of `access`.
    pub(crate) async fn load_all(ctx: &Context<'_>, access: TenantAccess) -> Result<Vec<Self>, Error> {
        require(&access, Action::ReadPeople)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let members = tx.members().await.map_err(ApiError::from)?;
        Ok(members.into_iter().map(|member| Self::new(ctx, member)).collect())
    }
}

impl Invitation {
    pub(crate) fn new(ctx: &Context<'_>, invitation: store::Invitation) -> Self {
        let now = RequestState::of(ctx).services.edge.now();
        Self {
            id: ID(invitation.id.to_string()),
            email: invitation.email,
            role: invitation.role.into(),
            is_expired: invitation.expires_at <= now || invitation.invited_by.is_none(),
            invited_by: invitation.invited_by,
            sent_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }

    /// All that wait, of the company of `access`.
    pub(crate) async fn load_all(ctx: &Context<'_>, access: TenantAccess) -> Result<Vec<Self>, Error> {
        require(&access, Action::ReadPeople)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let invitations = tx.invitations().await.map_err(ApiError::from)?;
        Ok(invitations.into_iter().map(|invitation| Self::new(ctx, invitation)).collect())
    }
}

//! Changing who is in a company. What the rules refuse comes back in `userErrors`; the rules are `domain::access`'.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use domain::access::{self, Action, PeopleRefusal};
use domain::account::Email;
use domain::audit::AuditAction;
use domain::group_scope::GroupScope;
use domain::ids::{InvitationId, UserId};
use store::{INVITATIONS_MAX, MEMBERS_MAX, SessionUser, TenantAccess, TenantTx};

use crate::api_key::named_by;
use crate::enums::Role;
use crate::error::ApiError;
use crate::group_scope::{scope_for, scope_text};
use crate::mutation::UserError;
use crate::node::company_access;
use crate::people::{Invitation, Member};
use crate::services::{RequestState, require};

macro_rules! input {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(InputObject)]
        pub(crate) struct $name {
            /// The company; without one, the viewer's only one.
            company_id: Option<ID>,
            $($(#[$field_doc])* $field: $type,)*
        }
    };
}

macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $type:ty }) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            $(#[$field_doc])*
            $field: Option<$type>,
            /// What went wrong.
            user_errors: Vec<UserError>,
        }

        impl From<Result<$type, UserError>> for $name {
            fn from(changed: Result<$type, UserError>) -> Self {
                match changed {
                    Ok(changed) => Self { $field: Some(changed), user_errors: vec![] },
                    Err(error) => Self { $field: None, user_errors: vec![error] },
                }
            }
        }
    };
}

input! {
    /// Whom to invite.
    InviteMemberInput {
        /// The e-mail address.
        email: String,
        /// What they will be; ownership is handed over, not given by invitation.
        role: Role,
        /// The groups and people whose calls they will see: `Department:…`, `CallCenter:…`, `User:…`; at most 100. Without
        /// it, all calls. For members and viewers.
        group_scope: Option<Vec<String>>,
    }
}
payload! {
    /// An invitation that was sent.
    InviteMemberPayload {
        /// The invitation; null when nobody was invited.
        invitation: Invitation
    }
}
input! {
    /// Which invitation to send again.
    ResendInvitationInput {
        /// The invitation.
        invitation_id: ID,
    }
}
payload! {
    /// An invitation with another link.
    ResendInvitationPayload {
        /// The invitation; null when there is none.
        invitation: Invitation
    }
}
input! {
    /// Which invitation to take back.
    RevokeInvitationInput {
        /// The invitation.
        invitation_id: ID,
    }
}
payload! {
    /// An invitation that was taken back.
    RevokeInvitationPayload {
        /// Its id; null when there is none.
        revoked_invitation_id: ID
    }
}
input! {
    /// Whose role to change.
    ChangeMemberRoleInput {
        /// The person.
        member_id: ID,
        /// What they will be.
        role: Role,
    }
}
payload! {
    /// Somebody whose role was changed.
    ChangeMemberRolePayload {
        /// The person; null when nothing was changed.
        member: Member
    }
}
input! {
    /// Whose calls somebody sees.
    ScopeMemberInput {
        /// The person: a member or viewer.
        member_id: ID,
        /// The groups and people whose calls they see: `Department:…`, `CallCenter:…`, `User:…`; at most 100. Without it,
        /// all calls of the company.
        group_scope: Option<Vec<String>>,
    }
}
payload! {
    /// Somebody who sees other calls from now on.
    ScopeMemberPayload {
        /// The person; null when nothing was changed.
        member: Member
    }
}
input! {
    /// Whom to remove.
    RemoveMemberInput {
        /// The person.
        member_id: ID,
        /// Whether the API keys that they made become the viewer's; otherwise these are revoked.
        keep_api_keys: Option<bool>,
    }
}
payload! {
    /// Somebody who was removed.
    RemoveMemberPayload {
        /// The person's id; null when nobody was removed.
        removed_member_id: ID
    }
}
input! {
    /// Which company to leave.
    LeaveCompanyInput {}
}
payload! {
    /// A company that the viewer is not in any more.
    LeaveCompanyPayload {
        /// Its id; null when the viewer is still there.
        left_company_id: ID
    }
}
input! {
    /// Whom to hand the company over to.
    TransferOwnershipInput {
        /// The person.
        member_id: ID,
    }
}
payload! {
    /// A company that was handed over. The viewer is an admin from now on.
    TransferOwnershipPayload {
        /// The new owner; null when nothing was changed.
        member: Member
    }
}

/// A change of people under way: nobody else changes them meanwhile.
pub(crate) struct Change<'a> {
    pub(crate) state: &'a RequestState,
    pub(crate) person: &'a SessionUser,
    pub(crate) access: TenantAccess,
    pub(crate) tx: TenantTx,
    members: Vec<store::Member>,
}

impl<'a> Change<'a> {
    /// `action` must be allowed to the viewer; none for what everybody may.
    pub(crate) async fn begin(
        ctx: &Context<'a>,
        company: Option<&ID>,
        action: Option<Action>,
    ) -> Result<Self, ApiError> {
        let state = RequestState::of(ctx);
        let person = state.person()?;
        let access =
            company_access(ctx, company).ok_or_else(|| ApiError::input("There is no such company."))?;
        if let Some(action) = action {
            require(&access, action)?;
        }
        let tx = state.begin(&access).await?;
        tx.lock().await?;
        let members = tx.members().await?;
        // Who was let in a moment ago may have been changed since: the role that counts is the one under the lock.
        let own = members.iter().find(|member| member.user == person.user);
        let own = own.map(|own| person.reach.admits(own.role));
        if own.is_none_or(|own| action.is_some_and(|action| !access::allows(own, action))) {
            return Err(ApiError::Forbidden(action.unwrap_or(Action::ReadCalls)));
        }
        Ok(Self { state, person, access, tx, members })
    }

    pub(crate) fn own_role(&self) -> access::Role {
        let own = self.members.iter().find(|member| member.user == self.person.user);
        own.map_or(self.access.role(), |own| self.person.reach.admits(own.role))
    }

    /// The addresses of everybody who is one of these.
    pub(crate) fn emails_of(&self, roles: &[access::Role]) -> Vec<String> {
        let of = self.members.iter().filter(|member| roles.contains(&member.role));
        of.map(|member| member.email.clone()).filter(|email| !email.is_empty()).collect()
    }

    fn owners(&self) -> usize {
        self.members.iter().filter(|member| member.role == access::Role::Owner).count()
    }

    fn member(&self, id: &ID) -> Result<store::Member, UserError> {
        let user = id.parse().map(UserId).ok();
        let found = self.members.iter().find(|member| Some(member.user) == user);
        let error =
            || UserError::new(Some("memberId"), "NOT_FOUND", "There is no such person in the company.");
        found.cloned().ok_or_else(error)
    }

    async fn invitation(&self, id: &ID) -> Result<Result<store::Invitation, UserError>, ApiError> {
        let found = match id.parse().map(InvitationId) {
            Ok(id) => self.tx.invitation(id).await?,
            Err(_) => None,
        };
        let error = || UserError::new(Some("invitationId"), "NOT_FOUND", "There is no such invitation.");
        Ok(found.ok_or_else(error))
    }

    pub(crate) async fn note(
        &self,
        action: AuditAction,
        subject: &str,
        detail: &str,
    ) -> Result<(), ApiError> {
        Ok(self.state.note(&self.tx, action, subject, detail).await?)
    }

    /// The keys that somebody made do not outlast them.
    async fn revoke_keys_of(&self, user: UserId) -> Result<(), ApiError> {
        let now = self.state.services.edge.now();
        for (name, hint) in self.tx.revoke_api_keys_of(user, now).await? {
            self.note(AuditAction::ApiKeyRevoked, &named_by(&name, &hint), "").await?;
        }
        Ok(())
    }

    /// Keeps what was changed of a member, who is like this now.
    async fn done(
        self,
        ctx: &Context<'_>,
        member: store::Member,
    ) -> Result<Result<Member, UserError>, ApiError> {
        let read = Member::read(ctx, &self.tx, vec![member]).await?;
        self.tx.commit().await?;
        let gone =
            || UserError::new(Some("memberId"), "NOT_FOUND", "There is no such person in the company.");
        Ok(read.into_iter().next().ok_or_else(gone))
    }

    async fn company_name(&self) -> Result<String, ApiError> {
        Ok(self.tx.company().await?.map(|company| company.name).unwrap_or_default())
    }

    /// Why nobody can be invited at all, or not this one.
    async fn why_not_invite(&self, email: &Email, role: access::Role) -> Result<Option<UserError>, ApiError> {
        if let Some(error) = unproven(self.person) {
            return Ok(Some(error));
        }
        if role == access::Role::Owner || !access::may_give(self.own_role(), role) {
            return Ok(Some(refused(PeopleRefusal::AboveYourRole, Some("role"))));
        }
        if self.members.iter().any(|member| member.email.eq_ignore_ascii_case(email.as_str())) {
            let message = "This person is in the company already.";
            return Ok(Some(UserError::new(Some("email"), "ALREADY_MEMBER", message)));
        }
        let waiting = self.tx.invitations().await?.len();
        let is_full = |count: usize, most: i64| i64::try_from(count).is_ok_and(|count| count >= most);
        if is_full(waiting, INVITATIONS_MAX) || is_full(self.members.len() + waiting, MEMBERS_MAX) {
            let message =
                format!("A company can have {MEMBERS_MAX} people, and {INVITATIONS_MAX} invitations.");
            return Ok(Some(UserError::new(None, "TOO_MANY", message)));
        }
        Ok(None)
    }
}

/// What somebody cannot do whose address may be somebody else's: let others in, people or programs.
pub(crate) fn unproven(person: &SessionUser) -> Option<UserError> {
    let message = "Confirm your own e-mail address first: the link is in the mail that you got.";
    (!person.is_verified).then(|| UserError::new(None, "VERIFY_FIRST", message))
}

/// An invitation as it was stored a moment ago.
async fn sent(
    ctx: &Context<'_>,
    tx: &TenantTx,
    stored: Option<store::Invitation>,
) -> Result<Result<Invitation, UserError>, ApiError> {
    let gone = UserError::new(None, "NOT_FOUND", "The invitation is gone already.");
    let read = Invitation::read(ctx, tx, stored.into_iter().collect()).await?;
    Ok(read.into_iter().next().ok_or(gone))
}

fn refused(refusal: PeopleRefusal, field: Option<&str>) -> UserError {
    match refusal {
        PeopleRefusal::AboveYourRole => {
            UserError::new(field, "ABOVE_YOUR_ROLE", "Only an owner can do this to an owner, or make one.")
        }
        PeopleRefusal::LastOwner => {
            UserError::new(field, "LAST_OWNER", "A company needs an owner: hand it over to somebody first.")
        }
    }
}

/// Changes of who is in a company.
#[derive(Default)]
pub(crate) struct PeopleMutation;

/// Changes of who is in a company.
#[Object]
impl PeopleMutation {
    /// Invites somebody by mail. The answer is the same whether or not the address has an account.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        input: InviteMemberInput,
    ) -> Result<InviteMemberPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManagePeople)).await?;
        let email = match Email::parse(&input.email) {
            Ok(email) => email,
            Err(wrong) => return Ok(Err(UserError::new(Some("email"), wrong.code, wrong.message)).into()),
        };
        let role = access::Role::from(input.role);
        if let Some(error) = change.why_not_invite(&email, role).await? {
            return Ok(Err(error).into());
        }
        let scope = match scope_for(role, input.group_scope.as_deref()) {
            Ok(scope) => scope,
            Err(error) => return Ok(Err(error).into()),
        };
        let accounts = &change.state.services.accounts;
        let company = change.company_name().await?;
        let invited =
            accounts.invite(&change.tx, &company, change.person, &email, role, scope.as_ref()).await;
        let invited = invited.map_err(ApiError::from)?;
        let detail = match &scope {
            None => role.as_str().to_owned(),
            Some(_) => format!("{}: {}", role.as_str(), scope_text(scope.as_ref())),
        };
        change.note(AuditAction::MemberInvited, email.as_str(), &detail).await?;
        let stored = change.tx.invitation(invited.id).await.map_err(ApiError::from)?;
        let sent = sent(ctx, &change.tx, stored).await?;
        change.tx.commit().await.map_err(ApiError::from)?;
        accounts.mail_invitation(invited).await.map_err(ApiError::from)?;
        Ok(sent.into())
    }

    /// Sends an invitation again: another one, from the viewer, in place of the old one, whose link is good no more.
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        input: ResendInvitationInput,
    ) -> Result<ResendInvitationPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManagePeople)).await?;
        let known = match change.invitation(&input.invitation_id).await? {
            Ok(known) => known,
            Err(error) => return Ok(Err(error).into()),
        };
        let email = Email::parse(&known.email).map_err(|wrong| ApiError::input(wrong.message))?;
        let accounts = &change.state.services.accounts;
        let company = change.company_name().await?;
        // In place of the old one: who sends it answers for it.
        let scope = known.group_scope.as_ref().map(|groups| groups.iter().map(String::as_str));
        let scope =
            scope.map(GroupScope::parse).transpose().map_err(|wrong| ApiError::input(wrong.message))?;
        let invited =
            accounts.invite(&change.tx, &company, change.person, &email, known.role, scope.as_ref()).await;
        let invited = invited.map_err(ApiError::from)?;
        change.note(AuditAction::InvitationResent, &known.email, known.role.as_str()).await?;
        let stored = change.tx.invitation(invited.id).await.map_err(ApiError::from)?;
        let sent = sent(ctx, &change.tx, stored).await?;
        change.tx.commit().await.map_err(ApiError::from)?;
        accounts.mail_invitation(invited).await.map_err(ApiError::from)?;
        Ok(sent.into())
    }

    /// Takes an invitation back: its link is good no more.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        input: RevokeInvitationInput,
    ) -> Result<RevokeInvitationPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManagePeople)).await?;
        let known = match change.invitation(&input.invitation_id).await? {
            Ok(known) => known,
            Err(error) => return Ok(Err(error).into()),
        };
        change.tx.revoke_invitation(known.id).await.map_err(ApiError::from)?;
        change.note(AuditAction::InvitationRevoked, &known.email, "").await?;
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(Ok(input.invitation_id).into())
    }

    /// Makes somebody of the company something else. It counts at once, also for what they have open.
    async fn change_member_role(
        &self,
        ctx: &Context<'_>,
        input: ChangeMemberRoleInput,
    ) -> Result<ChangeMemberRolePayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManagePeople)).await?;
        let mut member = match change.member(&input.member_id) {
            Ok(member) => member,
            Err(error) => return Ok(Err(error).into()),
        };
        let role = access::Role::from(input.role);
        let allowed = access::check_change(change.own_role(), member.role, Some(role), change.owners());
        if let Err(refusal) = allowed {
            return Ok(Err(refused(refusal, Some("role"))).into());
        }
        change.tx.change_role(member.user, role).await.map_err(ApiError::from)?;
        let detail = format!("{} → {}", member.role.as_str(), role.as_str());
        change.note(AuditAction::MemberRoleChanged, &member.email, &detail).await?;
        member.role = role;
        member.group_scope = member.group_scope.filter(|_| access::may_be_scoped(role));
        Ok(change.done(ctx, member).await?.into())
    }

    /// Says whose calls a member or viewer sees: those of some groups and people, or all. It counts at once, also for what
    /// they have open.
    async fn scope_member(
        &self,
        ctx: &Context<'_>,
        input: ScopeMemberInput,
    ) -> Result<ScopeMemberPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManagePeople)).await?;
        let mut member = match change.member(&input.member_id) {
            Ok(member) => member,
            Err(error) => return Ok(Err(error).into()),
        };
        let allowed =
            access::check_change(change.own_role(), member.role, Some(member.role), change.owners());
        if let Err(refusal) = allowed {
            return Ok(Err(refused(refusal, Some("memberId"))).into());
        }
        let scope = match scope_for(member.role, input.group_scope.as_deref()) {
            Ok(scope) => scope,
            Err(error) => return Ok(Err(error).into()),
        };
        change.tx.scope_member(member.user, scope.as_ref()).await.map_err(ApiError::from)?;
        change.note(AuditAction::MemberScoped, &member.email, &scope_text(scope.as_ref())).await?;
        member.group_scope = scope.map(GroupScope::into_texts);
        Ok(change.done(ctx, member).await?.into())
    }

    /// Takes somebody out of the company, and the API keys that they made. What they have open ends within seconds.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveMemberInput,
    ) -> Result<RemoveMemberPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManagePeople)).await?;
        let member = match change.member(&input.member_id) {
            Ok(member) => member,
            Err(error) => return Ok(Err(error).into()),
        };
        let allowed = access::check_change(change.own_role(), member.role, None, change.owners());
        if let Err(refusal) = allowed {
            return Ok(Err(refused(refusal, Some("memberId"))).into());
        }
        change.tx.remove_member(member.user).await.map_err(ApiError::from)?;
        change.note(AuditAction::MemberRemoved, &member.email, member.role.as_str()).await?;
        if input.keep_api_keys == Some(true) {
            let (tx, to) = (&change.tx, change.person);
            tx.hand_over_api_keys(member.user, to.user, &to.email).await.map_err(ApiError::from)?;
        } else {
            change.revoke_keys_of(member.user).await?;
        }
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(Ok(input.member_id).into())
    }

    /// Leaves a company; the API keys that the viewer made are revoked. The last owner hands it over first.
    async fn leave_company(
        &self,
        ctx: &Context<'_>,
        input: LeaveCompanyInput,
    ) -> Result<LeaveCompanyPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), None).await?;
        // To oneself everybody may do it, but nobody takes an owner out by a provider that says who they are.
        let own = change.members.iter().find(|member| member.user == change.person.user);
        let own = own.map_or(change.own_role(), |own| own.role);
        let actor = change.person.reach.admits(access::Role::Owner);
        if let Err(refusal) = access::check_change(actor, own, None, change.owners()) {
            return Ok(Err(refused(refusal, None)).into());
        }
        change.tx.remove_member(change.person.user).await.map_err(ApiError::from)?;
        change.note(AuditAction::MemberLeft, &change.person.email, own.as_str()).await?;
        change.revoke_keys_of(change.person.user).await?;
        let company = domain::ids::GlobalId::Company(change.access.tenant()).encode();
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(Ok(ID(company)).into())
    }

    /// Makes somebody else the owner, and the viewer an admin.
    async fn transfer_ownership(
        &self,
        ctx: &Context<'_>,
        input: TransferOwnershipInput,
    ) -> Result<TransferOwnershipPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::TransferOwnership)).await?;
        let mut member = match change.member(&input.member_id) {
            Ok(member) => member,
            Err(error) => return Ok(Err(error).into()),
        };
        if member.user == change.person.user {
            let message = "You are the owner already. Choose somebody else.";
            return Ok(Err(UserError::new(Some("memberId"), "INVALID", message)).into());
        }
        change.tx.change_role(member.user, access::Role::Owner).await.map_err(ApiError::from)?;
        change.tx.change_role(change.person.user, access::Role::Admin).await.map_err(ApiError::from)?;
        change.note(AuditAction::OwnershipTransferred, &member.email, member.role.as_str()).await?;
        member.role = access::Role::Owner;
        member.group_scope = None;
        Ok(change.done(ctx, member).await?.into())
    }
}

//! Inviting people, and coming in by an invitation.

use chrono::TimeDelta;
use domain::access::Role;
use domain::account::{Email, check_password};
use domain::group_scope::GroupScope;
use domain::ids::{Credential, InvitationId, UserId};
use store::{Mail, NewInvitation, Newcomer, OpenInvitation, Reach, SessionUser, StoreError, TenantTx};

use crate::letters;
use crate::service::{AccountError, AccountService};
use crate::sessions::Client;

/// How long an invitation is good.
const INVITATION_DAYS: i64 = 7;
/// Where its link leads; what opens it stands behind `#`, as in [`crate::links`].
const INVITATION_PAGE: &str = "/invitation#";

/// An invitation that is stored; its mail is written when that is certain.
pub struct Invited {
    /// Its id.
    pub id: InvitationId,
    email_key: String,
    mail: Mail,
}

/// Who comes in, and how they are known.
pub(crate) enum Arrival {
    /// Somebody who is signed in.
    SignedIn(SessionUser),
    /// Somebody who has an account from now on, with this password.
    New(String),
}

/// Somebody who came in.
pub(crate) struct Arrived {
    /// A session for who had none.
    pub(crate) session: Option<Credential>,
    /// The company.
    pub(crate) invitation: OpenInvitation,
}

impl AccountService {
    /// Stores an invitation, in place of one that the address had. [`Self::mail_invitation`] comes after the commit.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn invite(
        &self,
        tx: &TenantTx,
        company: &str,
        inviter: &SessionUser,
        email: &Email,
        role: Role,
        group_scope: Option<&GroupScope>,
    ) -> Result<Invited, AccountError> {
        let (link, now) = (Credential::new_session(self.edge.random()), self.edge.now());
        let id = InvitationId(self.edge.new_uuid());
        let new = NewInvitation {
            id,
            email: email.as_str(),
            email_key: &email.key(),
            role,
            group_scope,
            link_hash: link.hash(),
            invited_by: inviter.user,
            now,
            expires_at: now + TimeDelta::days(INVITATION_DAYS),
        };
        tx.invite(&new).await?;
        Ok(self.invited(id, company, inviter, email, &link))
    }

    fn invited(
        &self,
        id: InvitationId,
        company: &str,
        inviter: &SessionUser,
        email: &Email,
        link: &Credential,
    ) -> Invited {
        let url = format!("{}{INVITATION_PAGE}{}", self.mailing.public_url, link.reveal());
        let mail = letters::invitation(email.as_str(), company, &inviter.email, &url);
        Invited { id, email_key: email.key(), mail }
    }

    /// Writes to who was invited.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn mail_invitation(&self, invited: Invited) -> Result<(), AccountError> {
        self.mail(&invited.email_key, invited.mail).await
    }

    /// What an invitation is to, and whether its address has an account.
    ///
    /// # Errors
    /// [`AccountError::LinkGone`] when it is used, run out, taken back or none, or who invited is gone.
    pub(crate) async fn open_invitation(&self, link: &str) -> Result<(OpenInvitation, bool), AccountError> {
        let link = Credential::parse_session(link).ok_or(AccountError::LinkGone)?;
        let invitation = self.store.open_invitation(link.hash(), self.edge.now()).await?;
        let invitation = invitation.ok_or(AccountError::LinkGone)?;
        let known = self.store.addressee(&invitation.email_key).await?;
        Ok((invitation, known.is_some_and(|known| known.is_verified)))
    }

    /// Comes into a company. The role is the invitation's, whatever is asked for.
    ///
    /// # Errors
    /// [`AccountError::LinkGone`]; [`AccountError::OtherPerson`] when somebody else is signed in than was invited;
    /// [`AccountError::SignInFirst`] when the address has an account; [`AccountError::Invalid`] when the password of a new
    /// account is weak. The invitation stays good then.
    pub(crate) async fn accept_invitation(
        &self,
        link: &str,
        arrival: Arrival,
        client: &Client,
    ) -> Result<Arrived, AccountError> {
        let (invitation, has_account) = self.open_invitation(link).await?;
        let hash = Credential::parse_session(link).ok_or(AccountError::LinkGone)?.hash();
        let (user, password_hash) = match &arrival {
            Arrival::SignedIn(person) => {
                if person.reach != Reach::Account {
                    return Err(AccountError::CompanySession);
                }
                if person.email.to_ascii_lowercase() != invitation.email_key {
                    return Err(AccountError::OtherPerson);
                }
                (person.user, None)
            }
            Arrival::New(_) if has_account => return Err(AccountError::SignInFirst),
            Arrival::New(password) => {
                let email = Email::parse(&invitation.email)?;
                check_password(password, &email, &[&invitation.company])?;
                let password_hash = self.hasher.hash(password, self.edge.random()).await?;
                (UserId(self.edge.new_uuid()), Some(password_hash))
            }
        };
        let newcomer = match &password_hash {
            None => Newcomer::Known(user),
            Some(password_hash) => Newcomer::New { user, password_hash },
        };
        let address = client.address.to_canonical().to_string();
        match self.store.accept_invitation(hash, &newcomer, &address, self.edge.now()).await {
            Ok(true) => {}
            Ok(false) => return Err(AccountError::LinkGone),
            Err(StoreError::Conflict { .. }) => return Err(AccountError::SignInFirst),
            Err(error) => return Err(error.into()),
        }
        let session = match password_hash {
            None => None,
            Some(_) => Some(self.start_session(user, client).await?),
        };
        Ok(Arrived { session, invitation })
    }
}

//! Who someone is: sign-up, sign-in, sessions and API keys; and the mail that proves an address.
//!
//! [`AccountService`] does the work, [`router`] serves it under `/auth/`, [`AccountService::identify`] tells the rest
//! of the server who sends a request. What is absent: any way to learn from an answer whether an e-mail address has an
//! account, and any storage of a password, a session or a key from which it could be used.

mod email_change;
mod ending;
mod factor;
mod identity;
mod letters;
mod links;
mod mailer;
mod origin;
mod password;
mod people;
mod profile;
mod provider;
mod recognised;
mod routes;
mod service;
mod sessions;
mod sign_on;
mod standing;
mod throttle;

pub use ending::COMPANY_GRACE_DAYS;
pub use factor::{BegunFactor, ConfirmedFactor};
pub use identity::{Identity, SESSION_COOKIE};
pub use mailer::{MailServer, MailSettingsError, run_mailer};
pub use origin::{CrossSite, check_same_origin};
pub use people::Invited;
pub use provider::ProviderPlaces;
pub use routes::{Sender, router};
pub use service::{AccountError, AccountService, CreatedCompany, Mailing, NewCompanyRequest};
pub use sign_on::SignOnRefusal;
pub use standing::Pass;

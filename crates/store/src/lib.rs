//! The only door to PostgreSQL.
//!
//! Five roles of the database, five doors, none of which can be used for another's work:
//!
//! | door | may | serves people |
//! |---|---|---|
//! | [`Api`] → [`TenantTx`] | read one company's data, change its settings | yes |
//! | [`Accounts`] | find who someone is, before a company is known | sign-in only |
//! | [`Ingest`] | look up endpoints, insert events | no |
//! | [`Projector`] | read events, write the projection | no |
//! | [`Eraser`] | delete what belongs to companies whose time has come | no |
//!
//! What is absent: a query on tenant data outside of [`TenantTx`] that answers a person, and any other crate that
//! knows SQL.

mod accounts;
mod api;
mod api_keys;
mod arrival;
mod audit;
mod calls;
mod changes;
mod conversations;
mod counts;
mod deliveries;
mod email_change;
mod endpoints;
#[expect(unreachable_pub, reason = "sea-orm's derives make everything of an entity public")]
mod entity;
mod erasure;
mod error;
mod events;
mod export;
mod facets;
mod fill;
mod filter;
mod ingest;
mod insert;
mod keys;
mod links;
mod live;
mod mails;
mod migrate;
mod page;
mod passing;
mod payload;
mod people;
mod pool;
mod profiles;
mod projector;
mod row;
mod saved_views;
mod sealing_keys;
mod search;
mod second_factors;
mod seen;
mod sessions;
mod single_sign_on;
mod standing;
mod transaction;
mod usage;
mod writer;

pub use accounts::{
    Accounts, BarredCompany, CLAIMANTS_MAX, Membership, Memberships, NewApiKey, NewCompany, UserCredentials,
};
pub use api::{Api, Company, TenantAccess, TenantTx};
pub use api_keys::{API_KEYS_MAX, ApiKey, KeyHolder, NewScopedKey};
pub use arrival::{Newcomer, OpenInvitation};
pub use audit::{Actor, AuditFilter, Chain, Note, NumberedEntry};
pub use calls::{Call, Count, Party, TOTAL_COUNT_MAX};
pub use changes::CallChange;
pub use counts::{BucketCounts, BucketedCalls, COUNTED_CALLS_MAX};
pub use deliveries::{
    Delivery, DeliveryFilter, DeliveryHour, HOURS_DAYS, RECHECKED_AT_ONCE_MAX, RING_BYTES_MAX, RING_DAYS,
    RING_ITEMS_MAX, Recheckable,
};
pub use email_change::{EmailChange, EmailReturn, MovedAccount};
pub use endpoints::{Activity, Endpoint, EndpointWithActivity};
pub use erasure::{AccountEnd, Eraser, run_eraser};
pub use error::StoreError;
pub use events::{Event, EventArrival, EventPosition};
pub use export::{EXPORT_CONNECTIONS_MAX, ExportedCall, ExportedCalls};
pub use facets::{Counted, Facets, Group};
pub use fill::{DirectPages, Filling};
pub use ingest::{ActivityDelta, EndpointSecrets, HourDelta, Ingest};
pub use keys::{Keys, SealError};
pub use links::{Addressee, LinkPurpose, NewLink};
pub use live::{Announcer, Heard, SharedTries, Ways, is_redis_url, listen};
pub use mails::{MAIL_DAYS, MAILS_MAX, Mail, StoredMail};
pub use migrate::{Logins, MigrateError, check_logins, migrate};
pub use page::{Page, Slice};
pub use payload::template;
pub use people::{INVITATIONS_MAX, Invitation, MEMBERS_MAX, Member, NewInvitation};
pub use projector::{Projected, Projector};
pub use saved_views::{PRIVATE_VIEWS_MAX, SHARED_VIEWS_MAX, SavedView};
pub use sealing_keys::{Forgotten, SealedAgain, SealingKeys, follow_sealing_keys};
pub use second_factors::{FactorState, FactorTry, SecondFactor};
pub use sessions::{NewSession, Reach, SESSIONS_MAX, Session, SessionUser};
pub use single_sign_on::{Admission, Admitted, NewSignOn, Provider, SignOn};
pub use usage::{MarkerState, TableUsage, Usage};
pub use writer::{Arrival, Stored, Write, WriteKind, Writer};

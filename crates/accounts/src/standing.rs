//! Whether those whose answers take long may still have them: a session can end, a key can be revoked and a role be cut
//! while an export is written or a subscription is open.

use std::collections::HashMap;

use domain::ids::Credential;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use store::TenantAccess;

use crate::identity::{bearer, session_credential};
use crate::service::{AccountError, AccountService};

/// What somebody was let in by. It is a hash, and lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    /// A session.
    Session([u8; 32]),
    /// An API key.
    Key([u8; 32]),
}

impl Pass {
    /// What a request shows, good or not. A bearer key counts before a cookie.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        if let Some(authorization) = headers.get(AUTHORIZATION) {
            let key = authorization.to_str().ok().and_then(bearer).and_then(Credential::parse_api_key)?;
            return Some(Self::Key(key.hash()));
        }
        session_credential(headers).map(|session| Self::Session(session.hash()))
    }
}

impl AccountService {
    /// What each of these opens now; those that open nothing are left out.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`] when the database is away.
    pub async fn open_now(&self, passes: &[Pass]) -> Result<HashMap<Pass, Vec<TenantAccess>>, AccountError> {
        let (mut sessions, mut keys) = (Vec::new(), Vec::new());
        for pass in passes {
            match pass {
                Pass::Session(hash) => sessions.push(*hash),
                Pass::Key(hash) => keys.push(*hash),
            }
        }
        let mut open: HashMap<Pass, Vec<TenantAccess>> = HashMap::new();
        if !sessions.is_empty() {
            for (hash, access) in self.store.sessions_open(&sessions, self.edge.now()).await? {
                open.entry(Pass::Session(hash)).or_default().push(access);
            }
        }
        if !keys.is_empty() {
            for (hash, access) in self.store.api_keys_open(&keys, self.edge.now()).await? {
                open.entry(Pass::Key(hash)).or_default().push(access);
            }
        }
        Ok(open)
    }
}

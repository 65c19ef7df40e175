//! Who is on a call: people, groups, contacts. Loaded once per request, one statement for all of them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader, LruCache};
use async_graphql::{Error, ID, Object};
use uuid::Uuid;

use crate::error::ApiError;
use crate::loader::{Access, by_company};
use crate::phone::PhoneNumber;
use crate::services::Services;

/// Someone or some group on a call, as Dialpad described them in that call.
#[derive(Clone)]
pub(crate) struct Party(pub(crate) Arc<store::Party>);

/// Someone or some group on a call, as Dialpad described them in that call.
#[Object]
impl Party {
    /// Dialpad's id.
    async fn id(&self) -> Option<ID> {
        self.0.dialpad_id.clone().map(ID)
    }

    /// `user`, `office`, `department`, `call_center`, `room`, … or for contacts `local`, `shared`, `google`, ….
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The e-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The number.
    async fn phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::parse(self.0.phone.as_deref())
    }
}

/// Parties that one request, or one subscription, has met already; they never change.
const PARTIES_MAX: usize = 1_000;

/// The parties of one request or subscription.
pub(crate) type Parties = DataLoader<PartyLoader, LruCache>;

/// Loads parties. Made for one request or subscription; the company is part of the key.
pub(crate) struct PartyLoader(Arc<Services>);

impl PartyLoader {
    /// The parties of one request or subscription.
    pub(crate) fn parties(services: &Arc<Services>) -> Arc<Parties> {
        let cache = LruCache::new(PARTIES_MAX);
        Arc::new(DataLoader::with_cache(Self(Arc::clone(services)), tokio::spawn, cache))
    }
}

/// A party of a company.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PartyKey {
    pub(crate) access: Access,
    pub(crate) party: Uuid,
}

impl Loader<PartyKey> for PartyLoader {
    type Value = Party;
    type Error = Error;

    async fn load(&self, keys: &[PartyKey]) -> Result<HashMap<PartyKey, Party>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (access, ids) in by_company(keys.iter().map(|key| (key.access, key.party))) {
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            for party in tx.parties(&ids).await.map_err(ApiError::from)? {
                found.insert(PartyKey { access, party: party.party_id }, Party(Arc::new(party)));
            }
        }
        Ok(found)
    }
}

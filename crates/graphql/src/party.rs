//! Who is on a call: people, groups, contacts. Loaded once per request, one statement for all of them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader, LruCache};
use async_graphql::parser::types::Field;
use async_graphql::{Context, ContextSelectionSet, Error, ID, Lookahead, Object};
use store::{TenantAccess, TenantTx};
use uuid::Uuid;

use crate::error::ApiError;
use crate::loader::{Access, by_company};
use crate::phone::PhoneNumber;
use crate::plain::{Plain, Told};
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
    async fn phone(&self) -> Option<Told<PhoneNumber>> {
        PhoneNumber::parse(self.0.phone.as_deref()).map(Told)
    }
}

impl Plain for Party {
    fn is_known(_: &ContextSelectionSet<'_>, _: &Field) -> bool {
        true
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
            found.extend(read(&tx, access, ids).await?);
        }
        Ok(found)
    }
}

/// Reads parties in a transaction of their company.
async fn read(
    tx: &TenantTx,
    access: Access,
    ids: Vec<Uuid>,
) -> Result<impl Iterator<Item = (PartyKey, Party)>, ApiError> {
    let parties = tx.parties(ids).await?;
    let keyed =
        move |party: store::Party| (PartyKey { access, party: party.party_id }, Party(Arc::new(party)));
    Ok(parties.into_iter().map(keyed))
}

/// The party on one side of a call.
type Side = fn(&store::Call) -> Option<Uuid>;

/// The fields of a call that are parties, and where a call keeps which.
const SIDES: [(&str, Side); 4] = [
    ("target", |call| call.target_party),
    ("proxyTarget", |call| call.proxy_target_party),
    ("entryPointTarget", |call| call.entry_point_party),
    ("contact", |call| call.contact_party),
];

/// Reads whoever is on the calls of a page and is asked for at one of `places`, in the transaction that read the page.
pub(crate) async fn meet<'a>(
    ctx: &Context<'_>,
    tx: &TenantTx,
    access: TenantAccess,
    calls: impl Iterator<Item = &'a store::Call> + Clone,
    places: impl IntoIterator<Item = Lookahead<'_>>,
) -> Result<(), ApiError> {
    let places: Vec<_> = places.into_iter().collect();
    let asked = SIDES.iter().filter(|(field, _)| places.iter().any(|place| place.field(field).exists()));
    let ids: BTreeSet<Uuid> = asked.flat_map(|(_, side)| calls.clone().filter_map(side)).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let parties = read(tx, Access(access), ids.into_iter().collect()).await?;
    ctx.data_unchecked::<Arc<Parties>>().feed_many(parties).await;
    Ok(())
}

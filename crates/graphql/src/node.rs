//! Anything that has a global id.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Error, ID, Interface};
use domain::access::Action;
use domain::ids::GlobalId;
use store::TenantAccess;

use crate::call::{Call, CallLoader};
use crate::company::Company;
use crate::conversation::Conversation;
use crate::delivery::Delivery;
use crate::endpoint::Endpoint;
use crate::event::CallKey;
use crate::loader::Access;
use crate::services::RequestState;

/// Anything that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id: opaque, and the same for ever."))]
pub(crate) enum Node {
    /// A company.
    Company(Company),
    /// An endpoint.
    Endpoint(Endpoint),
    /// A call.
    Call(Call),
    /// A delivery.
    Delivery(Delivery),
    /// A conversation.
    Conversation(Conversation),
}

impl Node {
    /// The objects with these ids. Calls, which programs ask for by the hundred, are read by one statement.
    pub(crate) async fn load_many(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Self>>, Error> {
        let keys: Vec<Option<CallKey>> = ids.iter().map(|id| call_key(ctx, GlobalId::decode(id)?)).collect();
        let loader = ctx.data_unchecked::<DataLoader<CallLoader>>();
        let calls = loader.load_many(keys.iter().flatten().cloned()).await?;
        let mut found = Vec::with_capacity(ids.len());
        for (id, key) in ids.iter().zip(keys) {
            found.push(match key {
                Some(key) => calls.get(&key).cloned().map(Self::Call),
                None => Self::load(ctx, id).await?,
            });
        }
        Ok(found)
    }

    /// The object with this id. What is not there and what is not yours both give nothing.
    pub(crate) async fn load(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>, Error> {
        let Some(id) = GlobalId::decode(id) else { return Ok(None) };
        let Some(access) = access_to(ctx, id) else { return Ok(None) };
        Ok(match id {
            GlobalId::Company(_) => Some(Self::Company(Company::of(ctx, access))),
            GlobalId::Endpoint(_, endpoint) if access.allows(Action::ReadEndpoint) => {
                let found = Endpoint::load(ctx, access).await?;
                found.filter(|found| found.stored().id == endpoint).map(Self::Endpoint)
            }
            GlobalId::Endpoint(..) => None,
            GlobalId::Delivery(_, delivery) if access.allows(Action::ReadDeliveries) => {
                Delivery::load(ctx, access, delivery).await?.map(Self::Delivery)
            }
            GlobalId::Delivery(..) => None,
            GlobalId::Conversation(_, id) => {
                Conversation::load(ctx, access, id).await?.map(Self::Conversation)
            }
            GlobalId::Call(_, call_id) => Company::load_call(ctx, access, call_id).await?.map(Self::Call),
        })
    }
}

/// The call that is meant by `id`, if the viewer may read it.
fn call_key(ctx: &Context<'_>, id: GlobalId) -> Option<CallKey> {
    let access = access_to(ctx, id).filter(|access| access.allows(Action::ReadCalls))?;
    match id {
        GlobalId::Call(_, call_id) => Some(CallKey { access: Access(access), call_id }),
        GlobalId::Company(_)
        | GlobalId::Endpoint(..)
        | GlobalId::Delivery(..)
        | GlobalId::Conversation(..) => None,
    }
}

/// The viewer's right to enter the company of `id`, if there is one.
pub(crate) fn access_to(ctx: &Context<'_>, id: GlobalId) -> Option<TenantAccess> {
    let memberships = RequestState::of(ctx).identity.memberships();
    memberships.iter().map(|membership| membership.access).find(|access| access.tenant() == id.tenant())
}

/// The company that is meant: the one with this id, or without one the only one.
pub(crate) fn company_access(ctx: &Context<'_>, id: Option<&ID>) -> Option<TenantAccess> {
    match id {
        Some(id) => match GlobalId::decode(id)? {
            id @ GlobalId::Company(_) => access_to(ctx, id),
            GlobalId::Endpoint(..)
            | GlobalId::Call(..)
            | GlobalId::Delivery(..)
            | GlobalId::Conversation(..) => None,
        },
        None => match RequestState::of(ctx).identity.memberships() {
            [only] => Some(only.access),
            _ => None,
        },
    }
}

//! Where reading begins.

use async_graphql::{Context, Error, ID, Object};

use crate::company::Company;
use crate::error::ApiError;
use crate::node::{Node, company_access};
use crate::viewer::Viewer;

/// Ids of one `nodes` query.
const NODES_MAX: usize = 100;

/// Where reading begins.
pub(crate) struct Query;

/// Where reading begins.
#[Object]
impl Query {
    /// Who sends the request.
    async fn viewer(&self) -> Viewer {
        Viewer
    }

    /// A company. Without an id: the API key's, or the viewer's only one.
    async fn company(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company's global id.")] id: Option<ID>,
    ) -> Option<Company> {
        company_access(ctx, id.as_ref()).map(|access| Company::of(ctx, access))
    }

    /// The object with this global id; null when there is none that the viewer may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<Node>, Error> {
        Node::load(ctx, &id).await
    }

    /// The objects with these global ids, in the same order.
    #[graphql(complexity = "ids.len().saturating_mul(child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > NODES_MAX {
            return Err(ApiError::input(format!("Ask for at most {NODES_MAX} ids.")).into());
        }
        Node::load_many(ctx, &ids).await
    }
}

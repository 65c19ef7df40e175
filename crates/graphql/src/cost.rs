//! Tells every caller what a query cost, and what it may.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextValidation};
use async_graphql::{Response, ServerError, ValidationResult, value};

use crate::COST_MAX;

/// Puts `cost` into the extensions of every answer to a valid query: fields, times the rows that they were asked for.
pub(crate) struct PublishCost;

impl ExtensionFactory for PublishCost {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Cost(AtomicUsize::new(0)))
    }
}

/// What the query of one request costs; nothing when it is not valid.
struct Cost(AtomicUsize);

#[async_graphql::async_trait::async_trait]
impl Extension for Cost {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let response = next.run(ctx).await;
        match self.0.load(Ordering::Relaxed) {
            0 => response,
            cost => response.extension("cost", value!({ "value": cost, "max": COST_MAX })),
        }
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let valid = next.run(ctx).await?;
        self.0.store(valid.complexity, Ordering::Relaxed);
        Ok(valid)
    }
}

//! Tables as sea-orm sees them. Columns are documented where they are made: in `migrations/`.

#[expect(missing_docs, reason = "the columns are documented where they are made")]
pub(crate) mod call;
pub(crate) mod endpoint;
pub(crate) mod endpoint_activity;
pub(crate) mod event;
#[expect(missing_docs, reason = "the columns are documented where they are made")]
pub(crate) mod party;
pub(crate) mod tenant;

use sea_orm::{ColumnTrait, EntityTrait};

/// A table whose rows belong to a company. Only such tables can be reached through `TenantTx`, and calls, of which not
/// everybody sees all: see `seen`.
pub(crate) trait TenantEntity: EntityTrait {
    /// The column that says which company.
    const TENANT: Self::Column;
}

macro_rules! tenant_entity {
    ($($module:ident),*) => {
        $(impl TenantEntity for $module::Entity {
            const TENANT: Self::Column = $module::Column::TenantId;
        })*
    };
}

tenant_entity!(endpoint, endpoint_activity, event, party, tenant);

/// The condition that every query on a company's data begins with.
pub(crate) fn belongs_to<E: TenantEntity>(tenant: domain::ids::TenantId) -> sea_orm::sea_query::SimpleExpr {
    E::TENANT.eq(tenant.0)
}

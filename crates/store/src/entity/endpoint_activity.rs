//! How deliveries fare.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "endpoint_activity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub endpoint_id: Uuid,
    pub accepted: i64,
    pub refused: i64,
    pub last_event_at: Option<DateTimeUtc>,
    pub last_refused_at: Option<DateTimeUtc>,
    pub last_refusal: Option<String>,
    pub duplicates: i64,
    pub quarantined: i64,
    pub recovered: i64,
    pub previous_secret_used_at: Option<DateTimeUtc>,
    pub previous_url_used_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

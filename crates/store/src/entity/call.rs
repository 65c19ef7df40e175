//! One leg of a call: the fold of its events.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub call_id: i64,
    pub started_at: DateTimeUtc,
    pub direction: String,
    pub state: String,
    pub state_raw: String,
    pub outcome: String,
    pub internal_number: Option<String>,
    pub external_number: Option<String>,
    pub target_party: Option<Uuid>,
    pub proxy_target_party: Option<Uuid>,
    pub entry_point_party: Option<Uuid>,
    pub contact_party: Option<Uuid>,
    pub group_id: Option<String>,
    pub entry_point_call_id: Option<i64>,
    pub master_call_id: Option<i64>,
    pub operator_call_id: Option<i64>,
    pub conversation_id: Option<i64>,
    pub date_started: Option<DateTimeUtc>,
    pub date_queued: Option<DateTimeUtc>,
    pub date_first_rang: Option<DateTimeUtc>,
    pub date_rang: Option<DateTimeUtc>,
    pub date_connected: Option<DateTimeUtc>,
    pub date_ended: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Double", nullable)]
    pub duration_ms: Option<f64>,
    #[sea_orm(column_type = "Double", nullable)]
    pub total_duration_ms: Option<f64>,
    #[sea_orm(column_type = "Double", nullable)]
    pub talk_time_ms: Option<f64>,
    #[sea_orm(column_type = "Double", nullable)]
    pub hold_time_ms: Option<f64>,
    pub was_recorded: Option<bool>,
    pub voicemail_link: Option<String>,
    pub is_transferred: Option<bool>,
    #[sea_orm(column_type = "Array(RcOrArc::new(ColumnType::Text))")]
    pub labels: Vec<String>,
    #[sea_orm(column_type = "Array(RcOrArc::new(ColumnType::Text))")]
    pub label_terms: Vec<String>,
    pub event_count: i32,
    pub updated_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! One leg of a call: the fold of its events.

use sea_orm::entity::prelude::*;

use crate::row::Columns;

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

/// A row read column after column.
macro_rules! in_order {
    ($($field:ident),+ $(,)?) => {
        impl Model {
            /// The columns, in the order in which sea-orm selects them.
            #[cfg(test)]
            const COLUMNS: &[&str] = &[$(stringify!($field)),+];

            /// Reads a row of all columns.
            pub(crate) fn read(row: &QueryResult) -> Result<Self, DbErr> {
                let mut columns = Columns::of(row)?;
                Ok(Self { $($field: columns.take()?),+ })
            }
        }
    };
}

in_order!(
    tenant_id,
    call_id,
    started_at,
    direction,
    state,
    state_raw,
    outcome,
    internal_number,
    external_number,
    target_party,
    proxy_target_party,
    entry_point_party,
    contact_party,
    group_id,
    entry_point_call_id,
    master_call_id,
    operator_call_id,
    conversation_id,
    date_started,
    date_queued,
    date_first_rang,
    date_rang,
    date_connected,
    date_ended,
    duration_ms,
    total_duration_ms,
    talk_time_ms,
    hold_time_ms,
    was_recorded,
    voicemail_link,
    is_transferred,
    labels,
    label_terms,
    event_count,
    updated_at,
);

#[cfg(test)]
mod tests {
    use sea_orm::{IdenStatic as _, Iterable as _};

    use super::*;

    #[test]
    fn columns_are_read_in_the_order_in_which_they_are_selected() {
        let selected: Vec<&str> = Column::iter().map(|column| column.as_str()).collect();
        assert_eq!(Model::COLUMNS, selected);
    }
}

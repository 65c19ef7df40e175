//! The API: one file per noun.
//!
//! Every object of a company hangs under [`company::Company`], which holds the right to enter it; every read is a
//! short transaction in that company. To-one edges go through loaders that are made for each request, so that nothing
//! is shared between companies. What is absent: any query on another company's data, and the receive path.

mod api_key;
mod audit;
mod budget;
mod call;
mod call_query;
mod change;
mod company;
mod company_change;
mod connection;
mod conversation;
mod cost;
mod delivery;
mod endpoint;
mod enums;
mod erasure;
mod error;
mod event;
mod export;
mod facets;
mod filter;
mod group_scope;
mod histogram;
mod http;
mod live;
mod loader;
mod member_order;
mod membership;
mod mutation;
mod node;
mod party;
mod people;
mod phone;
mod plain;
mod precheck;
mod profile;
mod query;
mod saved_view;
mod second_factor;
mod services;
mod session;
mod single_sign_on;
mod subscription;
mod viewer;
mod watch;

use async_graphql::Schema;

pub use crate::http::router;
pub use crate::live::Hearing;
pub use crate::services::{Rechecker, Services, TestCall, TestCaller, TestDelivery};

/// Levels of nesting in a query. The standard introspection query needs 13.
const DEPTH_MAX: usize = 16;
/// Cost of a query: fields, times the number of rows they are asked for.
const COST_MAX: usize = 20_000;

type ApiSchema = Schema<query::Query, mutation::Mutation, subscription::Subscription>;

fn schema() -> async_graphql::SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription> {
    Schema::build(query::Query, mutation::Mutation::default(), subscription::Subscription)
        .limit_depth(DEPTH_MAX)
        .limit_complexity(COST_MAX)
        .disable_suggestions()
        .extension(cost::PublishCost)
}

/// The schema as text, as it is committed for clients.
pub fn sdl() -> String {
    let options =
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    schema().finish().sdl_with_options(options)
}

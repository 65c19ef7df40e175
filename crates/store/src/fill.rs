//! Fills a database with companies of very different sizes, for measuring search. As the owner of the schema; not for
//! production.
//!
//! Rows are made in SQL, so that millions of them take seconds: who called whom follows from the call's number. They
//! look like what the projector writes, except that there are no events behind them.

use std::collections::BTreeSet;

use domain::ids::TenantId;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use uuid::Uuid;

use crate::error::StoreError;
use crate::migrate::{DbRole, Logins};
use crate::pool;

/// Calls for each contact of a company.
const CALLS_PER_CONTACT: u64 = 8;
/// People of a company who take its calls.
const AGENTS: u64 = 20;

/// A connection to fill with.
pub struct Filling(PgConnection);

#[expect(clippy::disallowed_methods, reason = "rows of all companies, as the owner of the schema")]
impl Filling {
    /// Connects.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn open(logins: &Logins) -> Result<Self, StoreError> {
        Ok(Self(logins.admin().connect().await?))
    }

    /// Makes a company that nobody can sign in to.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn company(&mut self, number: u32) -> Result<TenantId, StoreError> {
        let tenant = Uuid::from_u128(0xb_0000_0000_0000_0000_0000 + u128::from(number));
        sqlx::query(
            "INSERT INTO tenants (tenant_id, name, slug, time_zone, created_at)
             VALUES ($1, $2, $2, 'UTC', now()) ON CONFLICT DO NOTHING",
        )
        .bind(tenant)
        .bind(format!("bench-{number}"))
        .execute(&mut self.0)
        .await?;
        Ok(TenantId(tenant))
    }

    /// The company with this slug.
    ///
    /// # Errors
    /// [`StoreError`], also when there is none.
    pub async fn known(&mut self, slug: &str) -> Result<TenantId, StoreError> {
        let tenant = sqlx::query_scalar("SELECT tenant_id FROM tenants WHERE slug = $1").bind(slug);
        Ok(TenantId(tenant.fetch_one(&mut self.0).await?))
    }

    /// Gives a company the calls from number `first` to number `last`, one every two minutes, and their parties. They come
    /// about in the order in which they started, as they do in life.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls(&mut self, tenant: TenantId, first: u64, last: u64) -> Result<(), StoreError> {
        let (tenant, contacts) = (tenant.0, last / CALLS_PER_CONTACT + 1);
        let known = if first <= 1 { 0 } else { (first - 1) / CALLS_PER_CONTACT + 1 };
        let sql = format!(
            "{}{}{}{}",
            parties(tenant, known, contacts),
            agents(tenant),
            calls(tenant, first, last),
            links(tenant)
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.0).await?;
        Ok(())
    }

    /// What autovacuum would do in time.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn settle(&mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut self.0).await?;
        Ok(())
    }
}

/// Contacts: sixteen first names, so that each is common, and as many last names as keep a whole name rare.
fn parties(tenant: Uuid, known: u64, contacts: u64) -> String {
    format!(
        "CREATE TEMP TABLE contact AS
           SELECT id, md5('{tenant}c' || id)::uuid AS party, first, first || ' ' || last AS name,
                  first || '.' || last || '@example.com' AS email, last,
                  '1206' || lpad(((id * 7919) % 10000000)::text, 7, '0') AS digits
           FROM (SELECT id, last || 'son' || id % 5000 AS last, first FROM generate_series({known}, {contacts} - 1) id,
                 LATERAL (SELECT
                   (ARRAY['grace','ada','alan','edsger','barbara','donald','john','ken','linus','margaret','radia',
                          'tim','vint','whitfield','adele','frances'])[1 + (hashint4(id::int) & 15)] AS first,
                   (ARRAY['hopper','lovel','tur','dijk','lisk','knuth','back','ritch','torv','hamil','perl','lee',
                          'cerf','diff','gold','all'])[1 + (hashint4(id::int * 7 + 3) & 15)] AS last) one) two;
         INSERT INTO parties (tenant_id, party_id, kind, dialpad_id, name, email, phone)
           SELECT '{tenant}'::uuid, party, 'local', id::text, name, email, '+' || digits FROM contact;
         INSERT INTO party_terms (tenant_id, party_id, term)
           SELECT DISTINCT '{tenant}'::uuid, party, term FROM contact,
             unnest(ARRAY['n' || name, 'w' || first, 'w' || last, 'e' || email, 'wexample', 'wcom', 'i' || id,
                          'd' || digits, 'd' || substr(digits, 2), 'r' || reverse(digits)]) term;
         DROP TABLE contact;"
    )
}

fn agents(tenant: Uuid) -> String {
    format!(
        "INSERT INTO parties (tenant_id, party_id, kind, dialpad_id, name)
           SELECT '{tenant}'::uuid, md5('{tenant}a' || id)::uuid, 'user', id::text, 'Agent Number' || id
           FROM generate_series(0, {AGENTS} - 1) id ON CONFLICT DO NOTHING;
         INSERT INTO party_terms (tenant_id, party_id, term)
           SELECT '{tenant}'::uuid, md5('{tenant}a' || id)::uuid, term FROM generate_series(0, {AGENTS} - 1) id,
             unnest(ARRAY['nagent number' || id, 'wagent', 'wnumber' || id]) term ON CONFLICT DO NOTHING;"
    )
}

fn calls(tenant: Uuid, first: u64, last: u64) -> String {
    format!(
        "CREATE TEMP TABLE made AS
           SELECT id, timestamptz '2025-02-01' + id * interval '2 minutes'
                        + (hashint4(id::int) & 4095) * interval '1 second' AS started_at,
                  (hashint4(id::int * 5)::bigint + 2147483648) % ({last} / {CALLS_PER_CONTACT} + 1) AS contact,
                  (hashint4(id::int * 3)::bigint + 2147483648) % {AGENTS} AS agent
           FROM generate_series({first}::bigint, {last}::bigint) id;
         INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, internal_number,
                            external_number, target_party, contact_party, group_id, date_started, duration_ms,
                            was_recorded, labels, label_terms, event_count, updated_at, conversation_id)
           SELECT '{tenant}'::uuid, id, started_at, CASE WHEN id % 3 = 0 THEN 'outbound' ELSE 'inbound' END, 'hangup',
                  'hangup', CASE id % 10 WHEN 0 THEN 'missed' WHEN 1 THEN 'voicemail' ELSE 'answered' END,
                  '+14155550101', '+1206' || lpad(((contact * 7919) % 10000000)::text, 7, '0'),
                  md5('{tenant}a' || agent)::uuid, md5('{tenant}c' || contact)::uuid, 'CallCenter:' || agent % 5,
                  started_at, (id % 600) * 1000, id % 4 = 0, '{{}}', '{{}}', 6, started_at, id FROM made;"
    )
}

/// The contact stands with its number, the agent with the company's.
fn links(tenant: Uuid) -> String {
    format!(
        "INSERT INTO call_parties (tenant_id, call_id, party_id, sides, started_at)
           SELECT '{tenant}'::uuid, id, md5('{tenant}c' || contact)::uuid, 5, started_at FROM made
           UNION ALL SELECT '{tenant}'::uuid, id, md5('{tenant}a' || agent)::uuid, 10, started_at FROM made;
         DROP TABLE made;"
    )
}

/// The first page of calls and who is on them, by the statements of the API: what it is compared with.
pub struct DirectPages {
    pool: PgPool,
    tenant: Uuid,
}

#[expect(clippy::disallowed_methods, reason = "the statements that the API's are compared with")]
impl DirectPages {
    /// Reads as people do; connections are opened when they are needed.
    pub fn new(logins: &Logins, tenant: TenantId, connections: u32) -> Self {
        Self { pool: pool::lazy(logins.options(DbRole::Api), connections), tenant: tenant.0 }
    }

    /// Reads the page once; answers how many rows there were.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn read(&self, rows: i64) -> Result<usize, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let begin = format!("BEGIN; SET LOCAL app.tenant_id = '{}'", self.tenant);
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *connection).await?;
        let calls = sqlx::query(
            "SELECT * FROM calls WHERE tenant_id = $1 ORDER BY started_at DESC, call_id DESC LIMIT $2",
        );
        let calls = calls.bind(self.tenant).bind(rows).fetch_all(&mut *connection).await?;
        let mut ids = BTreeSet::new();
        for call in &calls {
            ids.extend(call.try_get::<Option<Uuid>, _>("target_party")?);
            ids.extend(call.try_get::<Option<Uuid>, _>("contact_party")?);
        }
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let parties = sqlx::query("SELECT * FROM parties WHERE tenant_id = $1 AND party_id = ANY ($2)");
        let parties = parties.bind(self.tenant).bind(ids).fetch_all(&mut *connection).await?;
        sqlx::raw_sql("COMMIT").execute(&mut *connection).await?;
        Ok(calls.len() + parties.len())
    }
}

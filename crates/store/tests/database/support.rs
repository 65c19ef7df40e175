//! A fresh database for each test, connections as each of the server's roles, and companies with calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use domain::delivery::DeliveryReason;
use domain::event::{NotUnderstood, read_key};
use domain::ids::{EndpointId, EndpointToken, TenantId, UserId};
use domain::jws::{KeyUsed, Refusal, Secret};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use store::{
    Accounts, Arrival, Ingest, Keys, Logins, NewCompany, Projector, TenantAccess, Write, WriteKind, migrate,
};
use uuid::Uuid;

/// Names the cluster: a superuser's URL of a PostgreSQL that may be thrown away.
const CLUSTER: &str = "TRUNKLINE_TEST_DATABASE_URL";

/// The time of day in these tests.
pub(crate) const NOW_MS: i64 = 1_789_398_245_000;

/// The roles that the server works as.
pub(crate) const ROLES: [&str; 5] = ["api", "accounts", "ingest", "projector", "eraser"];

/// A database; gone when dropped.
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) logins: Logins,
}

impl Database {
    /// An empty database.
    pub(crate) async fn empty() -> Self {
        Self::empty_named("").await
    }

    /// An empty database with more to its name.
    pub(crate) async fn empty_named(suffix: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("st_{}_{count}{suffix}", std::process::id());
        let mut cluster = PgConnection::connect(&cluster()).await.unwrap();
        run(&mut cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        run(&mut cluster, &format!("CREATE DATABASE {name} TEMPLATE template0")).await.unwrap();
        let logins = Logins::new(&url(&name), keys(1)).unwrap();
        Self { name, logins }
    }

    /// A database with the schema.
    pub(crate) async fn new() -> Self {
        let database = Self::empty().await;
        migrate(&database.logins, None).await.unwrap();
        database
    }

    pub(crate) fn url(&self) -> String {
        url(&self.name)
    }

    /// As the user who owns everything.
    pub(crate) async fn owner(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    /// As the login of one of [`ROLES`].
    pub(crate) async fn login(&self, role: &str) -> PgConnection {
        let mut connection = self.owner().await;
        let sql = format!("SET SESSION AUTHORIZATION tl_{}_{role}", self.name);
        run(&mut connection, &sql).await.unwrap();
        connection
    }

    /// Makes a company, the `number`th.
    pub(crate) async fn company(&self, number: u8) -> Company {
        let token = EndpointToken::from_random([number; 16]);
        let secret = Secret::new("a secret of sixteen or more").unwrap();
        let id =
            |kind: u8| Uuid::from_bytes([number, kind, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number]);
        let (slug, email) = (format!("company-{number}"), format!("owner{number}@example.com"));
        let endpoint = EndpointId(id(3));
        let new = NewCompany {
            tenant: TenantId(id(1)),
            name: "Hopper Lines",
            slug: &slug,
            time_zone: "UTC",
            owner: UserId(id(2)),
            owner_email: &email,
            owner_email_key: &email,
            owner_password_hash: "$argon2id$none",
            owner_verified_at: Some(at(0)),
            endpoint,
            token: &token,
            secret: &secret,
            now: at(0),
        };
        let access = Accounts::new(&self.logins).create_company(&new).await.unwrap();
        Company { access, endpoint, token }
    }

    /// Writes deliveries and folds them into calls.
    pub(crate) async fn deliver(&self, writes: &[Write]) {
        Ingest::new(&self.logins).writer().write(writes).await.unwrap();
        while Projector::new(&self.logins).step(100, at(0)).await.unwrap().markers > 0 {}
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A runtime of its own, because this one may be ending. Best effort: the cluster is thrown away anyway.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { run(&mut PgConnection::connect(&cluster()).await.unwrap(), &sql).await })
        });
        dropped.join().ok();
    }
}

/// A company that was made.
pub(crate) struct Company {
    pub(crate) access: TenantAccess,
    pub(crate) endpoint: EndpointId,
    pub(crate) token: EndpointToken,
}

impl Company {
    pub(crate) fn tenant(&self) -> Uuid {
        self.access.tenant().0
    }

    /// An event of a call.
    pub(crate) fn event(&self, payload: &str) -> Write {
        let key = read_key(payload.as_bytes()).unwrap();
        let kind = WriteKind::Event { call_id: key.call_id, occurred_at: key.occurred_at };
        self.write(payload, key.digest.as_bytes(), kind)
    }

    /// A delivery that is no event of a call.
    pub(crate) fn quarantined(&self, payload: &str, number: u8) -> Write {
        self.write(payload, &[number; 16], WriteKind::Quarantined(NotUnderstood::NotJson))
    }

    /// A delivery that is refused; nothing is kept of an empty one.
    pub(crate) fn rejected(&self, body: &str, number: u8) -> Write {
        let reason = DeliveryReason::Refused(Refusal::Signature);
        self.write(body, &[number; 16], WriteKind::Rejected(reason))
    }

    fn write(&self, payload: &str, digest: &[u8; 16], kind: WriteKind) -> Write {
        Write {
            tenant: self.access.tenant(),
            endpoint: self.endpoint,
            received_at: at(0),
            digest: domain::json::Digest::from_bytes(*digest),
            payload: payload.as_bytes().to_vec(),
            kind,
            arrival: Arrival { key: Some(KeyUsed::Current), body_bytes: Some(100), ..Arrival::default() },
        }
    }
}

/// So many milliseconds after [`NOW_MS`].
pub(crate) fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(NOW_MS + milliseconds).unwrap()
}

/// The keys of the `number`th master key.
pub(crate) fn keys(number: u8) -> Arc<Keys> {
    Arc::new(Keys::new(&[number; 32]))
}

/// Runs statements.
pub(crate) async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// The rows of a query, each column as text.
pub(crate) async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Vec<Vec<String>>, sqlx::Error> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await?;
    let text =
        |row: &PgRow| (0..row.len()).map(|at| row.get::<Option<String>, _>(at).unwrap_or_default()).collect();
    Ok(rows.iter().map(text).collect())
}

/// The first column of a query.
pub(crate) async fn column(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows = rows(connection, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.into_iter().map(|row| row.into_iter().next().unwrap_or_default()).collect()
}

/// The code with which statements are refused; fails when they are not.
pub(crate) async fn refusal(connection: &mut PgConnection, sql: &str) -> String {
    match rows(connection, sql).await {
        Ok(rows) => panic!("{sql} is allowed, and gives {rows:?}"),
        Err(sqlx::Error::Database(error)) => error.code().unwrap_or_default().into_owned(),
        Err(error) => panic!("{sql}: {error}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "test.sh says by this variable where PostgreSQL is")]
pub(crate) fn cluster() -> String {
    std::env::var(CLUSTER).unwrap_or_else(|_| {
        panic!("{CLUSTER} is not set: `make test` sets it to a PostgreSQL that may be thrown away")
    })
}

fn url(database: &str) -> String {
    let cluster = cluster();
    let (server, _) = cluster.rsplit_once('/').unwrap();
    format!("{server}/{database}")
}

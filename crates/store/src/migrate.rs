//! Bringing a database to the schema this binary knows, and the logins it serves with.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use crate::error::StoreError;
use crate::keys::Keys;
use crate::sealing_keys;

/// Months of event partitions that are kept ready, the previous month first.
const EVENT_MONTHS_AHEAD: i32 = 4;
/// Statement timeouts, in milliseconds.
const API_STATEMENT_TIMEOUT_MS: u32 = 2_000;
const INGEST_STATEMENT_TIMEOUT_MS: u32 = 1_500;
const BACKGROUND_STATEMENT_TIMEOUT_MS: u32 = 30_000;
/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Held while one process sets up a database, so that replicas that start together take turns.
const SETUP_LOCK: i64 = 0x7472_756e_6b6c_696e;
/// The oldest PostgreSQL that can use an index for `^@`.
const SERVER_VERSION_MIN: i32 = 150_000;

/// A database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The address cannot be read.
    #[error("DATABASE_URL is not a PostgreSQL address")]
    Address(#[source] sqlx::Error),
    /// No connection.
    #[error("the database cannot be reached")]
    Connect(#[source] sqlx::Error),
    /// Too old.
    #[error("PostgreSQL 15 or newer is needed; this server is version {0}")]
    Version(i32),
    /// A migration failed.
    #[error("the schema could not be brought up to date")]
    Schema(#[source] sqlx::migrate::MigrateError),
    /// The logins could not be made.
    #[error(
        "the database logins could not be set up; the user of DATABASE_URL needs the right to create roles"
    )]
    Logins(#[source] sqlx::Error),
    /// Another master key sealed this database.
    #[error("this database was set up with another master key; set TRUNKLINE_MASTER_KEY to that key")]
    WrongMasterKey,
    /// The keys of rows cannot be read.
    #[error("the keys that rows are sealed with cannot be read")]
    Keys(#[source] StoreError),
    /// Row-level security does not hold the login.
    #[error(
        "the database login {0} is above the walls between companies; take SUPERUSER and BYPASSRLS away from it"
    )]
    AboveTheWalls(String),
}

impl MigrateError {
    /// True when the database is away, so that trying again later may work; false when somebody has to do something.
    pub fn is_passing(&self) -> bool {
        let error = match self {
            Self::Connect(error) => error,
            Self::Keys(error) => return matches!(error, StoreError::Unavailable(_)),
            _ => return false,
        };
        error.as_database_error().is_none_or(|error| {
            let code = error.code().unwrap_or_default();
            ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        })
    }
}

/// A role of the database that the server works as. Each has its own login, and none may do another's work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DbRole {
    Api,
    Accounts,
    Ingest,
    Projector,
    Eraser,
}

impl DbRole {
    const ALL: [Self; 5] = [Self::Api, Self::Accounts, Self::Ingest, Self::Projector, Self::Eraser];

    fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Accounts => "accounts",
            Self::Ingest => "ingest",
            Self::Projector => "projector",
            Self::Eraser => "eraser",
        }
    }

    /// A plan that was made while a table was small, or for a small company, must not be kept when it is not.
    fn planner_options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Api => &[("plan_cache_mode", "force_custom_plan")],
            // They only ever look rows up by key. Without statistics of a fresh partition the planner may think that
            // reading all of it is cheaper. What is left for the projector to choose depends on no value, so each of
            // its statements is planned once: planning for all partitions took a fifth of the time of reading events.
            Self::Projector => &[
                ("plan_cache_mode", "force_generic_plan"),
                ("enable_seqscan", "off"),
                ("enable_hashjoin", "off"),
                ("enable_mergejoin", "off"),
                // A commit that a power cut takes away takes the removal of its markers away too: the calls are marked
                // again and folded again. Nothing else is written down on the word of the projector.
                ("synchronous_commit", "off"),
            ],
            Self::Ingest | Self::Eraser => {
                &[("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")]
            }
            Self::Accounts => &[],
        }
    }

    fn statement_timeout_ms(self) -> u32 {
        match self {
            Self::Api | Self::Accounts => API_STATEMENT_TIMEOUT_MS,
            Self::Ingest => INGEST_STATEMENT_TIMEOUT_MS,
            Self::Projector | Self::Eraser => BACKGROUND_STATEMENT_TIMEOUT_MS,
        }
    }
}

/// The logins of one database: how each role connects.
#[derive(Clone)]
pub struct Logins {
    admin: PgConnectOptions,
    database: String,
    keys: Arc<Keys>,
    people_backend: Option<fn(i32)>,
}

impl Logins {
    /// `url` is the address with the user that owns the schema; its user serves nobody.
    ///
    /// # Errors
    /// [`MigrateError::Address`] when `url` cannot be read.
    pub fn new(url: &str, keys: Arc<Keys>) -> Result<Self, MigrateError> {
        let admin: PgConnectOptions = url.parse().map_err(MigrateError::Address)?;
        let admin = admin.application_name("trunkline").disable_statement_logging();
        let database = admin.get_database().unwrap_or_else(|| admin.get_username()).to_owned();
        Ok(Self { admin, database, keys, people_backend: None })
    }

    /// Has `people_backend` called with the process id of PostgreSQL behind each new connection that answers people:
    /// for a PostgreSQL on this machine, whose processes can be told to give way.
    #[must_use]
    pub fn with_people_backend(self, people_backend: fn(i32)) -> Self {
        Self { people_backend: Some(people_backend), ..self }
    }

    pub(crate) fn people_backend(&self) -> Option<fn(i32)> {
        self.people_backend
    }

    /// The keys that these logins follow from.
    pub fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// The owner of the schema: for setting up and measuring, never for serving.
    pub(crate) fn admin(&self) -> &PgConnectOptions {
        &self.admin
    }

    pub(crate) fn options(&self, role: DbRole) -> PgConnectOptions {
        let login = self.login(role);
        self.admin
            .clone()
            .username(&login)
            .password(&self.keys.login_password(&login))
            .application_name(&format!("trunkline {}", role.name()))
            .options([("statement_timeout", role.statement_timeout_ms().to_string())])
            .options(role.planner_options().iter().copied())
    }

    /// Roles belong to the cluster, so the database is in the name. Names are cut at 63 bytes by PostgreSQL: long
    /// database names are replaced by their hash.
    fn login(&self, role: DbRole) -> String {
        let database = &self.database;
        if database.len() <= 40 {
            return format!("tl_{database}_{}", role.name());
        }
        let hash = domain::ids::sha256(database.as_bytes());
        let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("tl_{hash}_{}", role.name())
    }
}

/// Makes the database ready: schema, logins, partitions. Safe to run from many processes at once.
///
/// `public_url` is remembered when given; answers the one that is remembered, so that a command knows the address under
/// which another process serves.
///
/// # Errors
/// [`MigrateError`], each with what to do about it.
pub async fn migrate(logins: &Logins, public_url: Option<&str>) -> Result<Option<String>, MigrateError> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, logins.admin.connect()).await;
    let mut connection = connected
        .unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
        .map_err(MigrateError::Connect)?;
    let version = connection.server_version_num().unwrap_or(0);
    if u32::try_from(SERVER_VERSION_MIN).is_ok_and(|least| version < least) {
        return Err(MigrateError::Version(i32::try_from(version).unwrap_or(0) / 10_000));
    }
    execute(&mut connection, format!("SELECT pg_advisory_lock({SETUP_LOCK})"))
        .await
        .map_err(MigrateError::Connect)?;
    sqlx::migrate!("../../migrations").run(&mut connection).await.map_err(MigrateError::Schema)?;
    let public_url = check_installation(&mut connection, &logins.keys, public_url).await?;
    for role in DbRole::ALL {
        ensure_login(&mut connection, logins, role).await.map_err(MigrateError::Logins)?;
        let login = logins.login(role);
        if is_above_the_walls(&mut connection, &login).await.map_err(MigrateError::Connect)? {
            return Err(MigrateError::AboveTheWalls(login));
        }
    }
    let months =
        format!("SELECT app.make_event_months((now() - interval '1 month')::date, {EVENT_MONTHS_AHEAD})");
    execute(&mut connection, months).await.map_err(MigrateError::Connect)?;
    connection.close().await.map_err(MigrateError::Connect)?;
    sealing_keys::learn_first(logins).await.map_err(MigrateError::Keys)?;
    Ok(public_url)
}

/// Logs in once as each role that the server works as.
///
/// # Errors
/// [`MigrateError::Connect`] when one of them is refused.
pub async fn check_logins(logins: &Logins) -> Result<(), MigrateError> {
    for role in DbRole::ALL {
        let connection = logins.options(role).connect().await.map_err(MigrateError::Connect)?;
        connection.close().await.map_err(MigrateError::Connect)?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the installation belongs to no company")]
async fn check_installation(
    connection: &mut PgConnection,
    keys: &Keys,
    public_url: Option<&str>,
) -> Result<Option<String>, MigrateError> {
    // The address is not touched when the key is wrong: this is somebody else's database then.
    let row = sqlx::query(
        "INSERT INTO app.installation AS known (key_check, public_url) VALUES ($1, $2)
         ON CONFLICT (only_row) DO UPDATE SET public_url = CASE WHEN known.key_check = excluded.key_check
             THEN coalesce(excluded.public_url, known.public_url) ELSE known.public_url END
         RETURNING key_check, public_url",
    )
    .bind(keys.check())
    .bind(public_url)
    .fetch_one(connection)
    .await
    .map_err(MigrateError::Connect)?;
    let stored: Vec<u8> = row.get(0);
    if stored == keys.check() { Ok(row.get(1)) } else { Err(MigrateError::WrongMasterKey) }
}

#[expect(clippy::disallowed_methods, reason = "roles belong to no company")]
/// Creates the login or brings its password up to date. The name and the verifier are ours: letters, digits and
/// base 64, quoted all the same.
async fn ensure_login(
    connection: &mut PgConnection,
    logins: &Logins,
    role: DbRole,
) -> Result<(), sqlx::Error> {
    let login = logins.login(role);
    let exists = sqlx::query("SELECT FROM pg_roles WHERE rolname = $1")
        .bind(&login)
        .fetch_optional(&mut *connection)
        .await?
        .is_some();
    let quoted = format!("\"{}\"", login.replace('"', "\"\""));
    if !exists {
        execute(connection, format!("CREATE ROLE {quoted} LOGIN IN ROLE trunkline_{}", role.name())).await?;
    }
    let verifier = logins.keys.login_verifier(&login);
    execute(connection, format!("ALTER ROLE {quoted} PASSWORD '{verifier}'")).await
}

/// Whether row-level security does not hold a login: nobody is served through it then.
#[expect(clippy::disallowed_methods, reason = "roles belong to no company")]
async fn is_above_the_walls(connection: &mut PgConnection, login: &str) -> Result<bool, sqlx::Error> {
    let sql = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1";
    sqlx::query_scalar(sql).bind(login).fetch_one(connection).await
}

async fn execute(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    // Setting up may have to wait for another process, or for a large index.
    let limit = Duration::from_secs(600);
    tokio::time::timeout(limit, sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection))
        .await
        .map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
    Ok(())
}

//! Proves that a database is made ready once, by however many processes, and never with another master key.

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use store::{Logins, MigrateError, check_logins, migrate};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::support::{Database, cluster, column, keys, run};

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let database = Database::new().await;
    let mut owner = database.owner().await;
    let schema = "SELECT (relname, relkind, relacl, reloptions)::text FROM pg_class
        WHERE relnamespace IN ('public'::regnamespace, 'app'::regnamespace) ORDER BY 1";
    let before = column(&mut owner, schema).await;
    let company = database.company(1).await;
    migrate(&database.logins, None).await.unwrap();
    assert_eq!(column(&mut owner, schema).await, before);
    assert_eq!(
        column(&mut owner, "SELECT tenant_id::text FROM tenants").await,
        [company.tenant().to_string()]
    );
    check_logins(&database.logins).await.unwrap();
}

/// Makes a database ready on a thread of its own, as a process that starts does.
fn start(database: &Database) -> JoinHandle<Result<(), MigrateError>> {
    let logins = database.logins.clone();
    // Made on that thread, because this future cannot move to another.
    let work = move || {
        Handle::current().block_on(async {
            migrate(&logins, None).await?;
            check_logins(&logins).await
        })
    };
    tokio::task::spawn_blocking(work)
}

#[tokio::test]
async fn many_processes_may_start_together() {
    let database = Database::empty().await;
    let starts: Vec<_> = (0..4).map(|_| start(&database)).collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn databases_of_one_cluster_may_be_made_together() {
    let databases = [Database::empty().await, Database::empty().await, Database::empty().await];
    let starts = databases.each_ref().map(start);
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_was_not_understood_before_there_were_deliveries_is_kept() {
    let database = Database::empty().await;
    let mut owner = database.owner().await;
    let mut earlier = sqlx::migrate!("../../migrations");
    earlier.migrations = earlier.iter().filter(|one| one.version <= 4).cloned().collect::<Vec<_>>().into();
    earlier.run(&mut owner).await.unwrap();
    let (tenant, endpoint) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    let old = format!(
        "INSERT INTO quarantine VALUES
             ('{tenant}', '{endpoint}', '\\x01', '2026-01-01', 'NOT_JSON', 'one'),
             ('{tenant}', '{endpoint}', '\\x02', '2026-01-02', 'OTHER_AGENT_STATUS', '{{}}')"
    );
    run(&mut owner, &old).await.unwrap();
    migrate(&database.logins, None).await.unwrap();
    let kept = "SELECT concat_ws(' ', outcome, kind, reason, convert_from(body, 'UTF8'))
                FROM deliveries ORDER BY received_at";
    let expected = ["quarantined unknown NOT_JSON one", "accepted agent_status {}"];
    assert_eq!(column(&mut owner, kept).await, expected);
}

#[tokio::test]
async fn another_master_key_is_refused() {
    let database = Database::empty().await;
    let address = "https://calls.example.com";
    assert_eq!(migrate(&database.logins, Some(address)).await.unwrap().as_deref(), Some(address));
    let other = Logins::new(&database.url(), keys(2)).unwrap();
    let refused = migrate(&other, Some("https://other.example.com")).await;
    assert!(matches!(refused, Err(MigrateError::WrongMasterKey)), "{refused:?}");
    assert!(
        matches!(check_logins(&other).await, Err(MigrateError::Connect(_))),
        "its logins do not work either"
    );
    // Nothing was changed by the attempt.
    check_logins(&database.logins).await.unwrap();
    assert_eq!(migrate(&database.logins, None).await.unwrap().as_deref(), Some(address));
}

#[tokio::test]
async fn a_long_name_of_a_database_is_fine() {
    let database = Database::empty_named("_of_a_customer_with_a_remarkably_long_name").await;
    migrate(&database.logins, None).await.unwrap();
    check_logins(&database.logins).await.unwrap();
}

#[tokio::test]
async fn an_owner_who_is_no_superuser_is_enough() {
    let database = Database::empty().await;
    let owner = format!("owner_{}", database.name);
    let mut superuser = PgConnection::connect(&cluster()).await.unwrap();
    run(&mut superuser, &format!("DROP ROLE IF EXISTS {owner}")).await.unwrap();
    run(&mut superuser, &format!("CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'x'")).await.unwrap();
    run(&mut superuser, &format!("ALTER DATABASE {} OWNER TO {owner}", database.name)).await.unwrap();
    let url = database.url();
    let (_, server) = url.rsplit_once('@').unwrap();
    let logins = Logins::new(&format!("postgres://{owner}:x@{server}"), keys(1)).unwrap();
    migrate(&logins, None).await.unwrap();
    migrate(&logins, None).await.unwrap();
    check_logins(&logins).await.unwrap();
    // An event of a month that has no partition yet: that month stays where it is, the others are made.
    let company = database.company(1).await;
    let late = company.event(r#"{"call_id":1,"event_timestamp":1830297600000}"#); // 2028-01-01
    database.deliver(&[late]).await;
    let mut projector = database.login("projector").await;
    run(&mut projector, "SELECT app.make_event_months('2027-12-01', 3)").await.unwrap();
    let months = "SELECT relname FROM pg_class WHERE relname IN ('events_202712', 'events_202801', 'events_202802') ORDER BY 1";
    assert_eq!(column(&mut projector, months).await, ["events_202712", "events_202802"]);
}

#[tokio::test]
async fn months_are_made_ahead_and_absurd_times_have_a_place() {
    let database = Database::new().await;
    let mut owner = database.owner().await;
    let ready =
        "SELECT to_regclass('events_' || to_char(now() + n * interval '1 month', 'YYYYMM')) IS NOT NULL
        FROM generate_series(-1, 2) n";
    assert_eq!(
        column(
            &mut owner,
            &ready.replace("SELECT to_reg", "SELECT (to_reg").replace("NOT NULL\n", "NOT NULL)::text\n")
        )
        .await,
        ["true"; 4]
    );
    let company = database.company(1).await;
    database
        .deliver(&[
            company.event(r#"{"call_id":1}"#),
            company.event(r#"{"call_id":2,"event_timestamp":4102444799999}"#),
        ])
        .await;
    let places = "SELECT tableoid::regclass::text FROM events ORDER BY call_id";
    assert_eq!(column(&mut owner, places).await, ["events_other", "events_other"]);
}

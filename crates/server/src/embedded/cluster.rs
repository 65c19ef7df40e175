//! Makes the cluster and writes its settings.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::account::{Account, Finished};
use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::home::{Home, write_new};

/// The superuser and the database.
pub(super) const NAME: &str = "trunkline";
const SETTINGS: &str = "trunkline.conf";
const STAGING: &str = "cluster.new";
const DISCARD_SECONDS_MAX: u64 = 30;

/// Settings for one machine that also runs everything else of Trunkline. Durability is PostgreSQL's own: an answered
/// event must survive a power cut. Statements and values stay out of the log because they name people.
const SETTINGS_TEXT: &str = "\
# Written by trunkline at every start. To change a setting use ALTER SYSTEM, which wins over this file.
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
wal_compression = on
min_wal_size = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
";

/// The major version of the existing cluster, or nothing if there is no cluster yet.
pub(super) fn major(home: &Home) -> Result<Option<u32>, EmbeddedError> {
    let cluster = home.cluster();
    if !cluster.exists() {
        return Ok(None);
    }
    let version = fs::read_to_string(cluster.join("PG_VERSION")).ok();
    let major = version.and_then(|text| text.trim().parse().ok());
    let whole = cluster.join("global/pg_control").exists() && cluster.join("postgresql.conf").exists();
    match major {
        Some(major) if whole => Ok(Some(major)),
        Some(_) | None => Err(EmbeddedError::NotACluster { path: cluster }),
    }
}

/// Makes a new cluster with its database, beside its place, and puts it there in one step: a half-made cluster is
/// never taken for one.
pub(super) fn create(home: &Home, binaries: &Binaries, account: &Account) -> Result<(), EmbeddedError> {
    discard_drafts(home)?;
    let made = make(home, binaries, account);
    if made.is_err()
        && let Err(error) = discard_drafts(home)
    {
        tracing::warn!(%error, "what was made of the cluster could not be removed");
    }
    made
}

fn make(home: &Home, binaries: &Binaries, account: &Account) -> Result<(), EmbeddedError> {
    let staging = home.path(&format!("{STAGING}-{}", std::process::id()));
    let password = match home.password()? {
        Some(password) => password,
        None => {
            let password = super::random_hex::<32>()?;
            home.set_password(&password)?;
            password
        }
    };
    // Collation by bytes makes every text index usable for prefixes and immune to changes of the system's locale
    // data. Which characters are letters must still be known beyond ASCII, for trigrams of names.
    let finished = initialise(home, binaries, account, &staging, &password, "C.UTF-8")?;
    let finished = if !finished.status.success() && finished.tail.contains("locale name") {
        initialise(home, binaries, account, &staging, &password, "C")?
    } else {
        finished
    };
    succeeded("initdb", home, finished)?;

    let conf = staging.join("postgresql.conf");
    let mut text = fs::read_to_string(&conf).map_err(EmbeddedError::io("reading", &conf))?;
    // At the end, because the last line that names a setting wins.
    text.push_str(&format!("\ninclude = '{SETTINGS}'\n"));
    fs::write(&conf, text).map_err(EmbeddedError::io("writing", &conf))?;
    configure(&staging, account)?;
    single_user(home, binaries, account, &staging, &format!("CREATE DATABASE {NAME};\n"))?;

    let cluster = home.cluster();
    fs::rename(&staging, &cluster).map_err(EmbeddedError::io("creating", &cluster))?;
    let synced = fs::File::open(home.root()).and_then(|directory| directory.sync_all());
    synced.map_err(EmbeddedError::io("writing", home.root()))
}

/// Writes our settings into the cluster.
pub(super) fn configure(cluster: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let path = cluster.join(SETTINGS);
    write_new(&path, SETTINGS_TEXT.as_bytes()).map_err(EmbeddedError::io("writing", &path))?;
    account.give(&path)
}

/// The superuser's password. One that was lost (a backup restored without it) is replaced by a new one.
pub(super) fn password(home: &Home, binaries: &Binaries, account: &Account) -> Result<String, EmbeddedError> {
    if let Some(password) = home.password()? {
        return Ok(password);
    }
    let password = super::random_hex::<32>()?;
    let sql = format!("ALTER ROLE {NAME} PASSWORD '{password}';\n");
    single_user(home, binaries, account, &home.cluster(), &sql)?;
    home.set_password(&password)?;
    Ok(password)
}

fn initialise(
    home: &Home,
    binaries: &Binaries,
    account: &Account,
    staging: &Path,
    password: &str,
    letters: &str,
) -> Result<Finished, EmbeddedError> {
    discard(staging)?;
    fs::create_dir(staging).map_err(EmbeddedError::io("creating", staging))?;
    account.give(staging)?;
    let secret = PathBuf::from(format!("{}.password", staging.display()));
    write_new(&secret, password.as_bytes()).map_err(EmbeddedError::io("writing", &secret))?;
    account.give(&secret)?;
    let mut command = account.command(&binaries.program("initdb"));
    command.arg("--pgdata").arg(staging).arg("--pwfile").arg(&secret);
    command.args(["--username", NAME, "--auth", "scram-sha-256", "--data-checksums", "--no-instructions"]);
    command.args(["--encoding", "UTF8", "--locale", "C", "--lc-ctype", letters]);
    let finished = account.run("initdb", command, "");
    discard(&secret)?;
    tracing::debug!(path = %home.root().display(), letters, "initdb ended");
    finished
}

/// Runs one statement without a server: nothing listens yet, so nobody else can be first.
fn single_user(
    home: &Home,
    binaries: &Binaries,
    account: &Account,
    cluster: &Path,
    sql: &str,
) -> Result<(), EmbeddedError> {
    let mut command: Command = account.command(&binaries.program("postgres"));
    command.arg("--single").arg("-D").arg(cluster).args(["-c", "exit_on_error=on", "postgres"]);
    let finished = account.run("single-user PostgreSQL", command, sql)?;
    succeeded("single-user PostgreSQL", home, finished)
}

fn succeeded(what: &'static str, home: &Home, finished: Finished) -> Result<(), EmbeddedError> {
    if finished.status.success() {
        return Ok(());
    }
    let tail = format!("{}\n({})", finished.tail, finished.status);
    Err(EmbeddedError::failed(what, home.root(), 0, tail))
}

/// Removes what a killed start left half-made.
fn discard_drafts(home: &Home) -> Result<(), EmbeddedError> {
    let entries = fs::read_dir(home.root()).map_err(EmbeddedError::io("listing", home.root()))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            discard(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file or a directory. The last child of an initdb that was killed may write into it for another moment.
fn discard(path: &Path) -> Result<(), EmbeddedError> {
    let deadline = Instant::now() + Duration::from_secs(DISCARD_SECONDS_MAX);
    loop {
        let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        let Err(error) = removed else { return Ok(()) };
        if !path.exists() {
            return Ok(());
        }
        let changing = matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound);
        if !changing || Instant::now() > deadline {
            return Err(EmbeddedError::io("removing", path)(error));
        }
        thread::sleep(super::POLL);
    }
}

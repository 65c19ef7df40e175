//! Proves with a real PostgreSQL that the private one starts, is shared, survives, and never outlives its owner.

use std::env;
use std::error::Error;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::account::Account;
use super::binaries::Binaries;
use super::home::{Home, State};
use super::process::{answers, running_on, says_ready};
use super::{Embedded, EmbeddedError, Purpose, Usage};

type Outcome = Result<(), Box<dyn Error>>;

/// Tells the test binary, run again as another process, what to do in which data directory.
const CHILD_TASK: &str = "TRUNKLINE_TEST_EMBEDDED_CHILD";
const NOBODY: u32 = 65_534;
const PATIENCE: Duration = Duration::from_secs(90);

#[test]
fn it_starts_answers_and_leaves_nothing_running() -> Outcome {
    let data = tempfile::tempdir()?;
    let embedded = Embedded::start(data.path(), None, Purpose::Serve)?;
    assert!(embedded.started_here());
    assert!(answers(port(&embedded)?));
    assert_eq!(query(&embedded, "show fsync")?, "on");
    assert_eq!(query(&embedded, "show data_checksums")?, "on");
    assert_eq!(query(&embedded, "show max_wal_size")?, "2GB");
    assert_eq!(
        query(&embedded, "select lower('É'), datcollate from pg_database where datname = 'trunkline'")?,
        "é|C"
    );
    assert!(!format!("{embedded:?}").contains("postgres://"), "the password must not be printed");

    let home = data.path().join("postgres");
    assert_eq!(fs::metadata(home.join("password"))?.permissions().mode() & 0o777, 0o600);
    assert_ne!(fs::metadata(home.join("cluster"))?.uid(), 0, "PostgreSQL refuses to run as root");
    embedded.stop()?;
    assert!(running_on(&home.join("cluster")).is_empty());
    assert!(!home.join("cluster/postmaster.pid").exists());
    Ok(())
}

#[test]
fn a_second_start_attaches_and_does_not_stop_the_server() -> Outcome {
    let data = tempfile::tempdir()?;
    let owner = Embedded::start(data.path(), None, Purpose::Serve)?;
    let user = Embedded::start(data.path(), None, Purpose::Command)?;
    assert!(!user.started_here());
    assert_eq!(user.url(), owner.url());
    user.stop()?;
    assert!(answers(port(&owner)?));
    Ok(())
}

#[test]
fn a_command_lets_its_guests_finish_and_serve_takes_over_from_it() -> Outcome {
    let data = tempfile::tempdir()?;
    let owner = Embedded::start(data.path(), None, Purpose::Command)?;
    let guest = Embedded::start(data.path(), None, Purpose::Command)?;
    assert!(!guest.started_here());
    let path = data.path().to_owned();
    let serve = thread::spawn(move || Embedded::start(&path, None, Purpose::Serve));
    let stopping = thread::spawn(move || owner.stop());
    assert_eq!(query(&guest, "select 1")?, "1");
    assert!(!stopping.is_finished(), "the owner waits for its guest");
    guest.stop()?;
    stopping.join().map_err(|_| "the owner's thread panicked")??;
    let serve = serve.join().map_err(|_| "the thread of serve panicked")??;
    assert!(serve.started_here());
    Ok(())
}

#[test]
fn data_password_and_port_survive_a_restart() -> Outcome {
    let data = tempfile::tempdir()?;
    let first = Embedded::start(data.path(), None, Purpose::Serve)?;
    query(&first, "create table kept as select 42 as answer")?;
    let url = first.url().to_owned();
    first.stop()?;
    let second = Embedded::start(data.path(), None, Purpose::Serve)?;
    assert_eq!(second.url(), url);
    assert_eq!(query(&second, "select answer from kept")?, "42");
    Ok(())
}

#[test]
fn a_lost_password_is_replaced_and_a_taken_port_is_left_to_its_owner() -> Outcome {
    let data = tempfile::tempdir()?;
    let first = Embedded::start(data.path(), None, Purpose::Serve)?;
    let former = port(&first)?;
    first.stop()?;
    fs::remove_file(data.path().join("postgres/password"))?;
    let _stranger = TcpListener::bind((Ipv4Addr::LOCALHOST, former))?;
    let second = Embedded::start(data.path(), None, Purpose::Serve)?;
    assert_ne!(port(&second)?, former);
    assert_eq!(query(&second, "select current_user")?, "trunkline");
    Ok(())
}

#[test]
fn kill_9_of_the_owner_leaves_no_server_and_the_next_start_works() -> Outcome {
    let data = tempfile::tempdir()?;
    let mut owner = child("hold", data.path(), None)?;
    let state = until(|| ready_state(data.path()))?;
    let cluster = fs::canonicalize(data.path())?.join("postgres/cluster");
    assert!(answers(state.port));
    assert!(!running_on(&cluster).is_empty());
    owner.kill()?;
    owner.wait()?;
    until(|| running_on(&cluster).is_empty().then_some(()))?;

    let next = Embedded::start(data.path(), None, Purpose::Serve)?;
    assert!(next.started_here());
    assert_eq!(query(&next, "select 1")?, "1");
    Ok(())
}

#[test]
fn a_start_right_after_kill_9_waits_for_the_old_server() -> Outcome {
    let data = tempfile::tempdir()?;
    let mut owner = child("hold", data.path(), None)?;
    until(|| ready_state(data.path()))?;
    owner.kill()?;
    let next = Embedded::start(data.path(), None, Purpose::Serve)?;
    owner.wait()?;
    assert!(next.started_here());
    assert_eq!(query(&next, "select 1")?, "1");
    Ok(())
}

#[test]
fn kill_9_while_the_cluster_is_made_leaves_a_directory_that_can_be_used() -> Outcome {
    let data = tempfile::tempdir()?;
    let mut owner = child("hold", data.path(), None)?;
    let drafts = || fs::read_dir(data.path().join("postgres")).into_iter().flatten().flatten();
    let begun = || drafts().any(|draft| draft.path().join("PG_VERSION").exists());
    until(|| begun().then_some(()))?;
    owner.kill()?;
    let next = Embedded::start(data.path(), None, Purpose::Serve)?;
    owner.wait()?;
    assert_eq!(query(&next, "select 1")?, "1");
    assert!(!drafts().any(|draft| draft.file_name().to_string_lossy().starts_with("cluster.new")));
    Ok(())
}

#[test]
fn another_process_attaches() -> Outcome {
    let data = tempfile::tempdir()?;
    let owner = Embedded::start(data.path(), None, Purpose::Serve)?;
    let guest = child("once", data.path(), None)?.wait()?;
    assert!(guest.success());
    assert_eq!(query(&owner, "select 1")?, "1");
    Ok(())
}

#[test]
fn a_stale_pid_file_that_names_a_living_stranger_does_not_matter() -> Outcome {
    let data = tempfile::tempdir()?;
    Embedded::start(data.path(), None, Purpose::Serve)?.stop()?;
    let cluster = data.path().join("postgres/cluster");
    let stale = cluster.join("postmaster.pid");
    let meta = fs::metadata(&cluster)?;
    // The number of a process of the same user, which PostgreSQL alone would take for a running server.
    let mut sleep = Command::new("sleep");
    if rustix::process::geteuid().is_root() {
        sleep.uid(meta.uid()).gid(meta.gid());
    }
    let mut stranger = sleep.arg("600").spawn()?;
    fs::write(&stale, format!("{}\n{}\n0\n5432\n\n\n0 0\n", stranger.id(), cluster.display()))?;
    chown(&stale, Some(meta.uid()), Some(meta.gid()))?;
    let next = Embedded::start(data.path(), None, Purpose::Serve);
    assert!(stranger.try_wait()?.is_none(), "the stranger must be left alone");
    stranger.kill()?;
    stranger.wait()?;
    next?.stop()?;
    Ok(())
}

#[test]
fn a_server_that_nobody_owns_is_stopped_first() -> Outcome {
    let data = tempfile::tempdir()?;
    Embedded::start(data.path(), None, Purpose::Serve)?.stop()?;
    let cluster = fs::canonicalize(data.path())?.join("postgres/cluster");
    let account = Account::choose(&cluster)?;
    let mut command = account.command(&Binaries::find(None, None, &account)?.program("postgres"));
    command.arg("-D").arg(&cluster).args(["-c", "listen_addresses="]);
    command.arg("-c").arg(format!("unix_socket_directories={}", cluster.display()));
    let mut left = command.process_group(0).stderr(Stdio::null()).spawn()?;
    let pid = Pid::from_child(&left);
    until(|| says_ready(&cluster, pid).then_some(()))?;
    let reaper = thread::spawn(move || left.wait());
    let next = Embedded::start(data.path(), None, Purpose::Serve)?;
    assert!(reaper.join().map_err(|_| "the reaper panicked")?.is_ok());
    assert_eq!(query(&next, "select 1")?, "1");
    Ok(())
}

#[test]
fn a_server_that_is_killed_is_started_again() -> Outcome {
    let data = tempfile::tempdir()?;
    let embedded = Embedded::start(data.path(), None, Purpose::Serve)?;
    let first = server(&embedded)?;
    kill_process(first, Signal::KILL)?;
    until(|| server(&embedded).ok().filter(|pid| *pid != first))?;
    let port = port(&embedded)?;
    until(|| answers(port).then_some(()))?;
    assert_eq!(query(&embedded, "select 1")?, "1");
    Ok(())
}

#[test]
fn what_cannot_be_used_is_said_clearly() -> Outcome {
    let data = tempfile::tempdir()?;
    let nothing = tempfile::tempdir()?;
    let none =
        Embedded::start(data.path(), Some(nothing.path()), Purpose::Serve).expect_err("no binaries there");
    assert!(matches!(none, EmbeddedError::NoBinaries { wanted: None, .. }), "{none}");

    let cluster = data.path().join("postgres/cluster");
    fs::create_dir(&cluster)?;
    if rustix::process::geteuid().is_root() {
        chown(&cluster, Some(NOBODY), Some(NOBODY))?;
    }
    let empty =
        Embedded::start(data.path(), None, Purpose::Serve).expect_err("an empty directory is no cluster");
    assert!(matches!(empty, EmbeddedError::NotACluster { .. }), "{empty}");

    fs::create_dir(cluster.join("global"))?;
    for (name, text) in [("PG_VERSION", "9\n"), ("postgresql.conf", ""), ("global/pg_control", "")] {
        fs::write(cluster.join(name), text)?;
    }
    let old = Embedded::start(data.path(), None, Purpose::Serve).expect_err("no such version");
    assert!(matches!(old, EmbeddedError::NoBinaries { wanted: Some(9), .. }), "{old}");
    assert!(old.to_string().contains("PostgreSQL 9"), "{old}");
    Ok(())
}

#[test]
fn root_finds_another_place_for_a_directory_that_postgresql_cannot_enter() -> Outcome {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let closed = tempfile::tempdir()?;
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700))?;
    let data = closed.path().join("data");
    let embedded = Embedded::start(&data, None, Purpose::Serve)?;
    assert_eq!(query(&embedded, "select 1")?, "1");
    let guest = Embedded::start(&data, None, Purpose::Command)?;
    assert!(!guest.started_here());
    guest.stop()?;
    embedded.stop()?;
    let note = fs::read_to_string(data.join("postgres/location"))?;
    let elsewhere = PathBuf::from(note.lines().next().unwrap_or_default());
    assert!(elsewhere.starts_with("/var/lib/trunkline"));
    assert!(elsewhere.join("cluster/PG_VERSION").exists());
    fs::remove_dir_all(elsewhere)?;
    Ok(())
}

#[test]
fn an_ordinary_user_runs_it_as_oneself() -> Outcome {
    if !rustix::process::geteuid().is_root() {
        // Every other test has just shown it.
        return Ok(());
    }
    let data = tempfile::tempdir()?;
    chown(data.path(), Some(NOBODY), Some(NOBODY))?;
    assert!(child("once", data.path(), Some(NOBODY))?.wait()?.success());
    assert_eq!(fs::metadata(data.path().join("postgres/cluster"))?.uid(), NOBODY);
    // What an ordinary user made stays theirs when root uses it in between.
    Embedded::start(data.path(), None, Purpose::Serve)?.stop()?;
    assert!(child("once", data.path(), Some(NOBODY))?.wait()?.success());
    Ok(())
}

#[test]
fn somebody_elses_directory_is_refused() -> Outcome {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let data = tempfile::tempdir()?;
    Embedded::start(data.path(), None, Purpose::Serve)?.stop()?;
    assert!(!child("once", data.path(), Some(NOBODY))?.wait()?.success());
    Ok(())
}

/// Not a test of its own: what the other process of a test does.
#[test]
fn in_another_process() -> Outcome {
    #[expect(clippy::disallowed_methods, reason = "a test tells its other process what to do")]
    let Ok(task) = env::var(CHILD_TASK) else { return Ok(()) };
    let (task, data) = task.split_once(':').ok_or("a task and a directory")?;
    let embedded = Embedded::start(Path::new(data), None, Purpose::Serve)?;
    if task == "hold" {
        loop {
            thread::park();
        }
    }
    embedded.stop()?;
    Ok(())
}

/// Runs this test binary again, as another user if wished, in [`in_another_process`].
fn child(task: &str, data: &Path, user: Option<u32>) -> Result<Running, Box<dyn Error>> {
    let (_, module) = module_path!().split_once("::").ok_or("a module path")?;
    // Another user may be unable to reach the directory of build results.
    let place = tempfile::tempdir()?;
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755))?;
    let program = place.path().join("program");
    fs::copy(env::current_exe()?, &program)?;
    let mut command = Command::new(program);
    command.args(["--exact", &format!("{module}::in_another_process")]).current_dir("/");
    command.env(CHILD_TASK, format!("{task}:{}", data.display())).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    Ok(Running { child: command.spawn()?, _place: place })
}

/// Another process, ended with the test whatever happens.
struct Running {
    child: Child,
    _place: TempDir,
}

impl Running {
    fn kill(&mut self) -> std::io::Result<()> {
        self.child.kill()
    }

    fn wait(&mut self) -> std::io::Result<std::process::ExitStatus> {
        self.child.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(|_| ()).unwrap_or_default();
    }
}

fn ready_state(data: &Path) -> Option<State> {
    if !data.join("postgres/state.json").exists() {
        return None;
    }
    Home::open(data).ok()?.state().filter(|state| state.ready)
}

fn port(embedded: &Embedded) -> Result<u16, Box<dyn Error>> {
    let (_, rest) = embedded.url().rsplit_once(':').ok_or("a port")?;
    Ok(rest.split('/').next().unwrap_or_default().parse()?)
}

fn server(embedded: &Embedded) -> Result<Pid, &'static str> {
    match &embedded.usage {
        Some(Usage::Owner { postmaster, .. }) => postmaster.pid().ok_or("no server is running"),
        Some(Usage::Attached { .. }) | None => Err("not the owner"),
    }
}

fn query(embedded: &Embedded, sql: &str) -> Result<String, Box<dyn Error>> {
    let account = Account::choose(Path::new("/nowhere"))?;
    let mut psql = Command::new(Binaries::find(None, None, &account)?.program("psql"));
    psql.args(["--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1"]).arg(embedded.url());
    let output = psql.args(["-c", sql]).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Waits until `look` sees something, for a bounded time.
fn until<T>(look: impl Fn() -> Option<T>) -> Result<T, &'static str> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(seen) = look() {
            return Ok(seen);
        }
        thread::sleep(super::POLL);
    }
    Err("it did not come about in time")
}

//! The real binary, started as an operator starts it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Database, setting};

/// How long the binary may take to say that it listens; making a private cluster takes seconds.
const START_TIMEOUT: Duration = Duration::from_secs(90);
/// Lines of the log that are shown when a test fails.
const LOG_LINES_SHOWN: usize = 40;
/// How long an HTTP answer may take.
const HTTP_TIMEOUT: Duration = Duration::from_secs(30);

/// Which database a server uses.
pub(crate) enum Start {
    /// A fresh one in the cluster of the test run.
    Fresh,
    /// The private one in the data directory.
    Embedded,
    /// A fresh one that is reached through this address.
    Through { database: Database, address: SocketAddr },
    /// The one at this URL, which somebody else looks after.
    At(String),
}

/// A running server with its data directory. Stopped when dropped.
pub(crate) struct Server {
    process: Option<Child>,
    address: SocketAddr,
    http: reqwest::Client,
    database_url: Option<String>,
    /// What the binary is started by: a program and its arguments in front of it, and variables.
    wrapper: Vec<String>,
    role: &'static str,
    environment: BTreeMap<&'static str, String>,
    // Dropped after the process has ended, in this order.
    _database: Option<Database>,
    data: TempDir,
}

impl Server {
    /// A server on a fresh database.
    pub(crate) fn start() -> Self {
        Self::start_on(Start::Fresh)
    }

    pub(crate) fn start_on(start: Start) -> Self {
        let mut server = Self::prepared(start);
        server.begin();
        server
    }

    /// Another process of the same installation: it has the same database and key, and a directory of its own.
    pub(crate) fn replica(&self) -> Self {
        let mut other = Self::prepared(Start::At(self.database_url.clone().unwrap()));
        let key = std::fs::read_to_string(self.data_dir().join("data/master.key")).unwrap();
        other.set_variable("TRUNKLINE_MASTER_KEY", Some(key.trim().to_owned()));
        other.begin();
        other
    }

    /// A server that does not run yet: [`Server::begin`] starts it.
    pub(crate) fn prepared(start: Start) -> Self {
        let data = readable_directory();
        let (database, database_url) = match start {
            Start::Embedded => (None, None),
            Start::Fresh => {
                let database = Database::new();
                let url = database.url();
                (Some(database), Some(url))
            }
            Start::Through { database, address } => {
                let url = database.url_through(address);
                (Some(database), Some(url))
            }
            Start::At(url) => (None, Some(url)),
        };
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(HTTP_TIMEOUT)
            .build()
            .unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let (wrapper, role, environment) = (Vec::new(), "all", BTreeMap::new());
        Self {
            process: None,
            address,
            http,
            database_url,
            wrapper,
            role,
            environment,
            _database: database,
            data,
        }
    }

    /// Has it do a part of the work only.
    pub(crate) fn set_role(&mut self, role: &'static str) {
        self.role = role;
    }

    /// Starts the binary by another program from now on; by none when `wrapper` is empty.
    pub(crate) fn set_wrapper(&mut self, wrapper: Vec<String>) {
        self.wrapper = wrapper;
    }

    /// Sets a variable for the binary from now on, or takes it away.
    pub(crate) fn set_variable(&mut self, name: &'static str, value: Option<String>) {
        match value {
            Some(value) => drop(self.environment.insert(name, value)),
            None => drop(self.environment.remove(name)),
        }
    }

    /// Starts the process; a restart listens on the same address again.
    pub(crate) fn begin(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_file()).unwrap();
        let listen = self.address.to_string();
        let mut command = self.command(&["serve", "--listen", &listen, "--role", self.role]);
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let stdout = process.stdout.take().unwrap();
        self.process = Some(process);
        let (sender, receiver) = mpsc::channel();
        // Reads until the process ends, so that it can always write.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("listening on http://") {
                    sender.send(address.to_owned()).ok();
                }
            }
        });
        let address = receiver.recv_timeout(START_TIMEOUT);
        self.address =
            address.expect_or_log(self, "the server does not say that it listens").parse().unwrap();
    }

    /// Ends the process as an operator does, and checks that it says all is well.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().unwrap();
        kill_process(pid(&process), Signal::TERM).unwrap();
        let status = process.wait().unwrap();
        assert!(status.success(), "the server ended with {status}\n{}", self.log_tail());
    }

    /// Ends the process as a power cut does.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        kill_process(pid(&process), Signal::KILL).unwrap();
        process.wait().unwrap();
    }

    /// Where it is reached, without a slash at the end.
    /// Its database; none when it is the private one.
    pub(crate) fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The process, while it runs.
    pub(crate) fn pid(&self) -> Option<Pid> {
        self.process.as_ref().map(pid)
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.data.path()
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Everything the server has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Runs another command of the binary on the same data directory and database.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match self.wrapper.split_first() {
            None => Command::new(binary()),
            Some((program, before)) => {
                let mut command = Command::new(program);
                command.args(before).arg(binary());
                command
            }
        };
        command.args(arguments).arg("--data-dir").arg(self.data.path().join("data"));
        // A setting of the person's own installation must not reach what is tested.
        for name in ["DATABASE_URL", "LISTEN", "DATA_DIR", "MASTER_KEY", "PUBLIC_URL", "LOG", "LOG_FORMAT"] {
            command.env_remove(format!("TRUNKLINE_{name}"));
        }
        command.env_remove("REDIS_URL").env_remove("TRUNKLINE_REDIS_URL");
        match &self.database_url {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        command.envs(&self.environment);
        command
    }

    fn log_file(&self) -> PathBuf {
        self.data.path().join("log")
    }

    fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
    }
}

impl Drop for Server {
    #[expect(clippy::print_stderr, reason = "what the server logged explains why a test failed")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the server's log ends with\n{}\n---", self.log_tail());
        }
        if let Some(mut process) = self.process.take() {
            kill_process(pid(&process), Signal::TERM).ok();
            process.wait().ok();
        }
    }
}

trait OrLog<T> {
    fn expect_or_log(self, server: &Server, what: &str) -> T;
}

impl<T, E: std::fmt::Debug> OrLog<T> for Result<T, E> {
    fn expect_or_log(self, server: &Server, what: &str) -> T {
        self.unwrap_or_else(|error| panic!("{what} ({error:?})\n{}", server.log_tail()))
    }
}

/// Sends bytes as they are, says that no more will come, and reads everything that is answered.
pub(crate) async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn pid(process: &Child) -> Pid {
    Pid::from_child(process)
}

/// A directory that the user PostgreSQL runs as can pass through.
fn readable_directory() -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::Builder::new().prefix("trunkline-it.").tempdir().unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    directory
}

fn binary() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/trunkline");
    let binary = setting("TRUNKLINE_BIN").map_or_else(built, PathBuf::from);
    assert!(binary.is_file(), "{} is missing: cargo build -p server", binary.display());
    binary
}

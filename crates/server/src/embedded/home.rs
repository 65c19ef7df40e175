//! The directory that holds everything of the private PostgreSQL: who owns it at the moment, its password and port,
//! its log, and the cluster itself.
//!
//! ```text
//! <data_dir>/postgres/      normally; see below
//!   lock                    held (flock) by the process that runs PostgreSQL
//!   users                   held shared by processes that use somebody else's
//!   state.json              who holds the lock and on which port; outlives the owner to remember the port
//!   password                of the cluster's superuser `trunkline`, readable by the owner only
//!   server.log              what PostgreSQL says, and server.log.1 before that
//!   cluster/                PGDATA
//! ```
//!
//! PostgreSQL refuses to run as root, and the user it runs as instead may be unable to enter the data directory (one
//! under `/root`, for example). The directory then lies under `/var/lib/trunkline`, and `<data_dir>/postgres/location`
//! says where. All of it moves, the locks too, so that a copied data directory meets the same locks.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Purpose;
use super::account::Account;
use super::error::EmbeddedError;

/// Where the directory goes when it cannot lie in the data directory.
const ELSEWHERE: &str = "/var/lib/trunkline";
const NOTE: &str = "location";

/// What the owner tells others. Only the lock says whether it still is the owner.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) owner_pid: u32,
    pub(super) purpose: Purpose,
    pub(super) port: u16,
    pub(super) ready: bool,
}

/// The directory, and the user its files belong to.
#[derive(Debug, Clone)]
pub(super) struct Home {
    root: PathBuf,
    owner: (u32, u32),
}

impl Home {
    /// Finds or makes the directory for `data_dir`.
    pub(super) fn open(data_dir: &Path) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(data_dir).map_err(EmbeddedError::io("creating", data_dir))?;
        let data_dir = fs::canonicalize(data_dir).map_err(EmbeddedError::io("finding", data_dir))?;
        let near = data_dir.join("postgres");
        make_directory(&near)?;
        if let Ok(text) = fs::read_to_string(near.join(NOTE)) {
            return Self::at(PathBuf::from(text.lines().next().unwrap_or_default()));
        }
        let account = Account::choose(&near.join("cluster"))?;
        // Only root acts for another user. Passing through its own two directories gives that user no view of them.
        if rustix::process::geteuid().is_root() {
            let_others_pass(&data_dir)?;
            let_others_pass(&near)?;
        }
        if account.can_enter(&near) {
            return Self::at(near);
        }
        if near.join("cluster").exists() {
            return Err(EmbeddedError::Unreachable { path: near, user: account.name().to_owned() });
        }
        Self::elsewhere(&near, &account)
    }

    fn at(root: PathBuf) -> Result<Self, EmbeddedError> {
        let meta = fs::metadata(&root).map_err(EmbeddedError::io("opening", &root))?;
        let me = rustix::process::geteuid();
        if !me.is_root() && meta.uid() != me.as_raw() {
            return Err(EmbeddedError::WrongOwner { path: root, owner: meta.uid() });
        }
        Ok(Self { root, owner: (meta.uid(), meta.gid()) })
    }

    /// Makes a directory of its own under [`ELSEWHERE`] and leaves a note of it in `near`.
    fn elsewhere(near: &Path, account: &Account) -> Result<Self, EmbeddedError> {
        let root = Path::new(ELSEWHERE).join(super::random_hex::<8>()?);
        let unreachable =
            || EmbeddedError::Unreachable { path: near.into(), user: account.name().to_owned() };
        fs::create_dir_all(&root).map_err(|_| unreachable())?;
        let_others_pass(Path::new(ELSEWHERE))?;
        let_others_pass(&root)?;
        let belongs = format!("The PostgreSQL data of {}.\n", near.display());
        let about = root.join("README");
        fs::write(&about, belongs).map_err(EmbeddedError::io("writing", &about))?;
        if !account.can_enter(&root) {
            return Err(unreachable());
        }
        let note = near.join(NOTE);
        let text = format!(
            "{}\nThe user PostgreSQL runs as may not enter this directory, so its data lies there.\n",
            root.display()
        );
        let draft = near.join(format!("{NOTE}.{}", std::process::id()));
        write_new(&draft, text.as_bytes()).map_err(EmbeddedError::io("writing", &draft))?;
        // A link, unlike a rename, fails if another process was first; then its place is taken and ours given up.
        let linked = fs::hard_link(&draft, &note);
        fs::remove_file(&draft).map_err(EmbeddedError::io("removing", &draft))?;
        match linked {
            Ok(()) => {
                tracing::warn!(path = %root.display(), "PostgreSQL may not enter the data directory; its data is placed elsewhere");
                Self::at(root)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::remove_dir_all(&root).map_err(EmbeddedError::io("removing", &root))?;
                let text = fs::read_to_string(&note).map_err(EmbeddedError::io("reading", &note))?;
                Self::at(PathBuf::from(text.lines().next().unwrap_or_default()))
            }
            Err(error) => Err(EmbeddedError::io("writing", &note)(error)),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.path("cluster")
    }

    /// Takes the owner's lock unless another process has it. It is let go when the file is closed, so also by
    /// `kill -9`.
    pub(super) fn try_own(&self) -> Result<Option<File>, EmbeddedError> {
        let file = self.lock_file("lock")?;
        taken(file.try_lock(), &self.path("lock")).map(|yes| yes.then_some(file))
    }

    /// Joins those who use the running PostgreSQL; fails while its owner is stopping it.
    pub(super) fn try_join(&self) -> Result<Option<File>, EmbeddedError> {
        let file = self.lock_file("users")?;
        taken(file.try_lock_shared(), &self.path("users")).map(|yes| yes.then_some(file))
    }

    /// Keeps others from joining; fails while somebody is joined.
    pub(super) fn try_close(&self) -> Result<Option<File>, EmbeddedError> {
        let file = self.lock_file("users")?;
        taken(file.try_lock(), &self.path("users")).map(|yes| yes.then_some(file))
    }

    fn lock_file(&self, name: &str) -> Result<File, EmbeddedError> {
        let path = self.path(name);
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(EmbeddedError::io("opening", &path))?;
        self.adopt(&path)?;
        Ok(file)
    }

    /// The last state written, if there is a readable one.
    pub(super) fn state(&self) -> Option<State> {
        serde_json::from_slice(&fs::read(self.path("state.json")).ok()?).ok()
    }

    pub(super) fn set_state(&self, state: State) -> Result<(), EmbeddedError> {
        let path = self.path("state.json");
        let text = serde_json::to_vec(&state)
            .map_err(io::Error::other)
            .map_err(EmbeddedError::io("writing", &path))?;
        self.write("state.json", &text)
    }

    /// The superuser's password, if one was ever set.
    pub(super) fn password(&self) -> Result<Option<String>, EmbeddedError> {
        let path = self.path("password");
        match fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(EmbeddedError::io("reading", &path)(error)),
        }
    }

    pub(super) fn set_password(&self, password: &str) -> Result<(), EmbeddedError> {
        self.write("password", password.as_bytes())
    }

    /// Replaces a small file whole: after a crash there is the old content or the new, never half of one.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), EmbeddedError> {
        let path = self.path(name);
        let draft = self.path(&format!("{name}.new"));
        let written = write_new(&draft, content).and_then(|()| fs::rename(&draft, &path));
        written.map_err(EmbeddedError::io("writing", &path))?;
        self.adopt(&path)
    }

    /// Root may act in a directory an ordinary user made; what it makes there stays that user's.
    fn adopt(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !rustix::process::geteuid().is_root() || self.owner.0 == 0 {
            return Ok(());
        }
        chown(path, Some(self.owner.0), Some(self.owner.1))
            .map_err(EmbeddedError::io("changing the owner of", path))
    }
}

fn make_directory(path: &Path) -> Result<(), EmbeddedError> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(EmbeddedError::io("creating", path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Lets others pass through a directory without listing it.
fn let_others_pass(path: &Path) -> Result<(), EmbeddedError> {
    let meta = fs::metadata(path).map_err(EmbeddedError::io("opening", path))?;
    let mode = meta.permissions().mode() & 0o7777;
    if mode & 0o001 != 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode | 0o001))
        .map_err(EmbeddedError::io("opening", path))
}

fn taken(outcome: Result<(), TryLockError>, path: &Path) -> Result<bool, EmbeddedError> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(EmbeddedError::io("locking", path)(error)),
    }
}

/// Writes a file that only its owner may read, and waits until it is on disk.
pub(super) fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Random bytes of the operating system.
pub(super) fn random_bytes<const N: usize>() -> Result<[u8; N], EmbeddedError> {
    let path = Path::new("/dev/urandom");
    let mut bytes = [0; N];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(EmbeddedError::io("reading", path)).map(|()| bytes)
}

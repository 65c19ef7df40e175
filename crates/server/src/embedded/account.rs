//! The user PostgreSQL runs as, and how its programs are run as that user.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::error::EmbeddedError;
use super::{POLL, tail_of};

/// The longest a helper program (initdb, single-user PostgreSQL) may run.
const PROGRAM_SECONDS_MAX: u64 = 180;

/// A user of this machine, and whether this process must become it.
#[derive(Debug, Clone)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
    name: String,
    /// True when this process is root and every PostgreSQL program is run as somebody else.
    switch: bool,
}

/// What a finished program left behind.
pub(super) struct Finished {
    pub(super) status: ExitStatus,
    pub(super) tail: String,
}

impl Account {
    /// The user for the cluster at `cluster`: its owner if it exists, else oneself, and for root, whom PostgreSQL
    /// refuses, the system user `postgres` or `nobody`.
    pub(super) fn choose(cluster: &Path) -> Result<Self, EmbeddedError> {
        let me = rustix::process::geteuid();
        let owner = fs::metadata(cluster).ok().map(|meta| (meta.uid(), meta.gid()));
        if !me.is_root() {
            return match owner {
                Some((uid, _)) if uid != me.as_raw() => {
                    Err(EmbeddedError::WrongOwner { path: cluster.into(), owner: uid })
                }
                _ => {
                    let (uid, gid) = (me.as_raw(), rustix::process::getegid().as_raw());
                    Ok(Self { uid, gid, name: uid.to_string(), switch: false })
                }
            };
        }
        match owner {
            Some((0, _)) => Err(EmbeddedError::WrongOwner { path: cluster.into(), owner: 0 }),
            Some((uid, gid)) => Ok(Self { uid, gid, name: uid.to_string(), switch: true }),
            None => ["postgres", "nobody"].into_iter().find_map(Self::named).ok_or(EmbeddedError::NoUser),
        }
    }

    fn named(name: &str) -> Option<Self> {
        let number = |flag: &str| -> Option<u32> {
            let output = Command::new("id").args([flag, name]).stderr(Stdio::null()).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse().ok()
        };
        Some(Self { uid: number("-u")?, gid: number("-g")?, name: name.to_owned(), switch: true })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Gives a file or directory this process made to the account.
    pub(super) fn give(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.switch {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(EmbeddedError::io("changing the owner of", path))
    }

    /// True if the account may enter `directory`. The kernel is asked, by entering it, rather than the permission
    /// bits, because access lists and mount options count too.
    pub(super) fn can_enter(&self, directory: &Path) -> bool {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", ":"]).current_dir(directory).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// A command that runs `program` as this account, with nothing of our environment: PostgreSQL's programs read
    /// many variables (PGPORT, PGOPTIONS, ...) that an operator may have set for another server.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir("/").stdin(Stdio::null());
        if self.switch {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Runs a helper program to its end, feeding it `input`, and keeps the tail of what it says.
    ///
    /// It is killed when this process dies, and when it takes too long.
    pub(super) fn run(
        &self,
        what: &'static str,
        mut command: Command,
        input: &str,
    ) -> Result<Finished, EmbeddedError> {
        die_with_parent(&mut command, Signal::KILL);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
        let program = Path::new(command.get_program()).to_owned();
        let failed = || EmbeddedError::io("running", &program);
        let mut child = command.spawn().map_err(failed())?;
        let errors = child.stderr.take();
        let reader = thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut errors) = errors {
                // A broken pipe only shortens the message.
                errors.read_to_end(&mut text).unwrap_or_default();
            }
            text
        });
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ended early is reported by its exit status and its words, not by the broken pipe.
            stdin.write_all(input.as_bytes()).unwrap_or_default();
        }
        let deadline = Instant::now() + Duration::from_secs(PROGRAM_SECONDS_MAX);
        loop {
            if let Some(status) = child.try_wait().map_err(failed())? {
                let text = reader.join().unwrap_or_default();
                return Ok(Finished { status, tail: tail_of(&text) });
            }
            if Instant::now() > deadline {
                child.kill().map_err(failed())?;
                child.wait().map_err(failed())?;
                return Err(EmbeddedError::TimedOut {
                    what,
                    waited_s: PROGRAM_SECONDS_MAX,
                    tail: String::new(),
                });
            }
            thread::sleep(POLL);
        }
    }
}

/// Makes the kernel send `signal` to the command's process when the *thread* that spawns it ends, however it ends:
/// also by `kill -9`, when no code of ours runs any more.
///
/// The kernel forgets the wish on every change of user, so it is made after that change: the standard library runs
/// `pre_exec` after `uid` and `gid`. Elsewhere than on Linux there is nothing like it, and what a killed process
/// leaves running is found and stopped by the next start.
pub(super) fn die_with_parent(command: &mut Command, signal: Signal) {
    #[cfg(target_os = "linux")]
    {
        let parent = rustix::process::getpid();
        let ask = move || -> io::Result<()> {
            rustix::process::set_parent_process_death_signal(Some(signal))?;
            // The parent may have died before the wish was made; then nobody would ever send the signal.
            if rustix::process::getppid() == Some(parent) {
                Ok(())
            } else {
                Err(rustix::io::Errno::SRCH.into())
            }
        };
        #[expect(unsafe_code, reason = "the closure makes two system calls and neither allocates nor locks")]
        // SAFETY: between fork and exec only async-signal-safe calls are allowed; prctl and getppid are.
        unsafe {
            command.pre_exec(ask);
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        (command, signal);
    }
}

//! A small disk that can be filled up and freed.
//!
//! It is mounted over a directory in a mount namespace of its own, which a keeper holds open: programs are started
//! inside, everybody else goes on seeing what is below. The keeper ends when its input is closed, at the latest with
//! this process, and the mount with it. So nothing is left behind, whatever happens.
//!
//! Where mounting is not allowed, the size of files is limited instead: what would make a file longer fails.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, RawPid};

use crate::support::setting;

const KEEPER: &str = r#"mount -t tmpfs -o "size=$1,mode=711" tmpfs "$0" && echo mounted && exec cat"#;
/// Fills what is free.
const BALLAST: &str = ".ballast";

/// The programs inside.
pub(crate) struct Inside {
    pub(crate) pids: Vec<Pid>,
    /// What a program is started by to be theirs.
    pub(crate) user: Vec<String>,
}

pub(crate) enum Volume {
    Mounted {
        keeper: Child,
        directory: PathBuf,
    },
    /// Files of programs that are started inside can be limited.
    Limited,
}

impl Volume {
    /// A volume of `bytes` more than what `directory` holds, with a copy of that.
    pub(crate) fn over(directory: &Path, bytes: u64) -> Self {
        if setting("TRUNKLINE_CHAOS_NO_MOUNT").is_some() {
            return Self::Limited;
        }
        let size = used(directory) + bytes;
        let mut unshare = Command::new("unshare");
        unshare.args(["--mount", "sh", "-c", KEEPER]).arg(directory).arg(size.to_string());
        let started = unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut keeper) = started else { return Self::Limited };
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.trim() != "mounted" {
            keeper.wait().unwrap();
            return Self::Limited;
        }
        let volume = Self::Mounted { keeper, directory: directory.to_owned() };
        copy(directory, &volume.seen_from_outside());
        volume
    }

    /// What a program is started by to be inside.
    pub(crate) fn wrapper(&self) -> Vec<String> {
        match self {
            Self::Mounted { keeper, .. } => {
                let target = keeper.id().to_string();
                ["nsenter", "--target", &target, "--mount", "--"].map(str::to_owned).to_vec()
            }
            // A program that is not asked would be killed by the signal that comes with the limit.
            Self::Limited => ["sh", "-c", r#"trap "" XFSZ; exec "$@""#, "sh"].map(str::to_owned).to_vec(),
        }
    }

    /// Leaves no room. What a file may have where only that can be limited is `bytes`.
    pub(crate) fn fill(&self, inside: &Inside, bytes: u64) {
        match self {
            Self::Mounted { .. } => {
                let mut ballast = File::create(self.seen_from_outside().join(BALLAST)).unwrap();
                let chunk = vec![0; 64 * 1_024];
                while ballast.write_all(&chunk).is_ok() {}
                while ballast.write_all(&chunk[..512]).is_ok() {}
            }
            Self::Limited => limit(inside, &bytes.to_string()),
        }
    }

    /// Makes room again.
    pub(crate) fn free(&self, inside: &Inside) {
        match self {
            Self::Mounted { .. } => std::fs::remove_file(self.seen_from_outside().join(BALLAST)).unwrap(),
            Self::Limited => limit(inside, "unlimited"),
        }
    }

    /// Copies what it holds back to where it lay, and ends. Nothing may run inside any more.
    pub(crate) fn leave(self) {
        let Self::Mounted { directory, .. } = &self else { return };
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                std::fs::remove_dir_all(path).unwrap()
            } else {
                std::fs::remove_file(path).unwrap()
            }
        }
        copy(&self.seen_from_outside(), directory);
    }

    fn seen_from_outside(&self) -> PathBuf {
        match self {
            Self::Mounted { keeper, directory } => {
                let inside = directory.strip_prefix("/").unwrap();
                Path::new("/proc").join(keeper.id().to_string()).join("root").join(inside)
            }
            Self::Limited => PathBuf::new(),
        }
    }

    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Mounted { .. } => "a volume of its own",
            Self::Limited => "a limit on the size of files",
        }
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        if let Self::Mounted { keeper, .. } = self {
            drop(keeper.stdin.take());
            keeper.wait().ok();
        }
    }
}

fn limit(inside: &Inside, bytes: &str) {
    for pid in &inside.pids {
        let pid = RawPid::from(pid.as_raw_nonzero()).to_string();
        let (soft, prlimit) = (format!("--fsize={bytes}:"), "prlimit".to_owned());
        let words: Vec<&String> = inside.user.iter().chain([&prlimit]).collect();
        let mut command = Command::new(words[0]);
        let output = command.args(&words[1..]).args(["--pid", &pid, &soft]).output().unwrap();
        // It may have ended meanwhile.
        let is_there = Path::new("/proc").join(&pid).exists();
        assert!(output.status.success() || !is_there, "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Copies everything in a directory with its owners and modes.
fn copy(from: &Path, to: &Path) {
    let output = Command::new("cp").arg("--archive").arg(from.join(".")).arg(to).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn used(directory: &Path) -> u64 {
    let output = Command::new("du").args(["--summarize", "--block-size=1"]).arg(directory).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

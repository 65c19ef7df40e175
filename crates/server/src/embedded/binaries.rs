//! Finds PostgreSQL's programs on this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::EmbeddedError;

/// The oldest PostgreSQL the schema works on.
const MAJOR_MIN: u32 = 15;

/// Where packages put versioned binaries: the directory that holds the versions, how an entry begins, and where its
/// binaries lie.
const PACKAGED: [(&str, &str, &str); 8] = [
    ("/usr/lib/postgresql", "", "bin"), // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),          // PostgreSQL's own RPMs
    ("/usr/lib", "postgresql", "bin"),  // SUSE
    ("/usr/libexec", "postgresql", ""), // Alpine
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/usr/local", "pgsql", "bin"), // built from source
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A directory with `initdb` and `postgres` of one major version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    directory: PathBuf,
    major: u32,
}

impl Binaries {
    /// The newest binaries that `account` can run, or those of exactly `wanted`, which an existing cluster needs.
    ///
    /// A directory named by the operator is the only place looked at; packaged versions win over `PATH`.
    pub(super) fn find(
        named: Option<&Path>,
        wanted: Option<u32>,
        account: &Account,
    ) -> Result<Self, EmbeddedError> {
        let candidates = match named {
            Some(directory) => vec![directory.to_owned()],
            None => packaged(),
        };
        let mut found = usable(&candidates, account);
        if named.is_none() && !found.iter().any(|one| one.suits(wanted)) {
            found.extend(usable(&on_path(), account));
        }
        let searched = describe(named, &found);
        let suitable = found.into_iter().filter(|one| one.suits(wanted));
        suitable.max_by_key(|one| one.major).ok_or(EmbeddedError::NoBinaries { wanted, searched })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn suits(&self, wanted: Option<u32>) -> bool {
        self.major >= MAJOR_MIN && wanted.is_none_or(|major| major == self.major)
    }
}

fn packaged() -> Vec<PathBuf> {
    let mut directories = Vec::new();
    for (parent, prefix, below) in PACKAGED {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        directories.extend(
            entries
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
                .map(|entry| entry.path().join(below)),
        );
    }
    directories
}

fn on_path() -> Vec<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "where programs are is a fact of the machine, not a setting"
    )]
    let path = env::var_os("PATH");
    path.map(|path| env::split_paths(&path).filter(|entry| entry.is_absolute()).collect()).unwrap_or_default()
}

/// Those of `directories` that hold both programs, with the version `postgres` itself states. It is asked as the
/// account that will run it, so binaries in a directory closed to it are not taken.
fn usable(directories: &[PathBuf], account: &Account) -> Vec<Binaries> {
    let complete =
        directories.iter().filter(|dir| dir.join("postgres").exists() && dir.join("initdb").exists());
    complete
        .filter_map(|directory| {
            // Programs are run from `/`, so a relative directory must be made absolute first.
            let directory = fs::canonicalize(directory).ok()?;
            let output = account.command(&directory.join("postgres")).arg("--version").output().ok()?;
            let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
            Some(Binaries { directory, major })
        })
        .collect()
}

/// The major version in `postgres (PostgreSQL) 17.2 (Debian 17.2-1)`, also in `18beta1`.
fn major_of(version: &str) -> Option<u32> {
    let (_, rest) = version.split_once("(PostgreSQL)")?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn describe(named: Option<&Path>, found: &[Binaries]) -> String {
    if !found.is_empty() {
        let versions: Vec<String> =
            found.iter().map(|one| format!("{} in {}", one.major, one.directory.display())).collect();
        return format!("found only {}", versions.join(", "));
    }
    match named {
        Some(directory) => format!("{} holds none that can be run", directory.display()),
        None => "looked at the usual package directories and at PATH".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    //! Proves that versions are read from what `postgres --version` prints.

    use super::major_of;

    #[test]
    fn the_major_version_is_read_from_every_packaging() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("postgres (PostgreSQL) 17.6"), Some(17));
        assert_eq!(major_of("something else"), None);
    }
}

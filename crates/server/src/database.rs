//! Which database, and the master key that belongs to it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::edge::Edge;
use store::{Keys, Logins};

use crate::config::Settings;
use crate::embedded::{Embedded, Purpose};
use crate::priority;

/// Where a master key that nobody set is kept, below the data directory.
const MASTER_KEY_FILE: &str = "master.key";

/// A database that is there, and how to log in to it.
pub(crate) struct Database {
    pub(crate) logins: Logins,
    /// Held while it is used; `None` when the database is not ours to run.
    embedded: Option<Embedded>,
}

impl Database {
    /// Finds the database of the settings, or starts the private one. Blocks; call it on a thread that lives as long as
    /// the process, because a private PostgreSQL ends with that thread.
    ///
    /// # Errors
    /// With a sentence that says what to do.
    pub(crate) fn open(settings: &Settings, edge: Edge, purpose: Purpose) -> anyhow::Result<Self> {
        let keys = keys(settings, edge)?;
        if !settings.database_url.is_empty() {
            return Ok(Self { logins: Logins::new(&settings.database_url, keys)?, embedded: None });
        }
        let embedded = Embedded::start(&settings.data_dir, settings.postgres_bin_dir(), purpose)?;
        let logins = Logins::new(embedded.url(), keys)?.with_people_backend(priority::lower_process);
        Ok(Self { logins, embedded: Some(embedded) })
    }

    /// True for the private PostgreSQL.
    pub(crate) fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// What kind of database it is, for people.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.embedded {
            None => "the database of DATABASE_URL",
            Some(embedded) if embedded.started_here() => "a private PostgreSQL in the data directory",
            Some(_) => "the private PostgreSQL that another process runs",
        }
    }

    /// Ends the use of the database; a private one that was started here is stopped.
    ///
    /// # Errors
    /// When it could not be stopped.
    pub(crate) fn close(self) -> anyhow::Result<()> {
        match self.embedded {
            Some(embedded) => Ok(embedded.stop()?),
            None => Ok(()),
        }
    }
}

/// The keys of this installation. Makes the data directory, where the master key may be.
///
/// # Errors
/// When the directory or the key cannot be read or made.
pub(crate) fn keys(settings: &Settings, edge: Edge) -> anyhow::Result<Arc<Keys>> {
    fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("the data directory {} cannot be made", settings.data_dir.display()))?;
    Ok(Arc::new(Keys::new(&master_key(settings, edge)?)))
}

/// The master key of the settings; else the one of the data directory, which is made when there is none.
fn master_key(settings: &Settings, edge: Edge) -> anyhow::Result<[u8; 32]> {
    if !settings.master_key.is_empty() {
        return decode(&settings.master_key).context("master_key must be 32 bytes in base64");
    }
    let path = settings.data_dir.join(MASTER_KEY_FILE);
    let cannot = |what: &str| format!("{} cannot be {what}", path.display());
    if !path.try_exists().with_context(|| cannot("read"))? {
        make_master_key(&path, edge).with_context(|| cannot("made"))?;
    }
    let text = fs::read_to_string(&path).with_context(|| cannot("read"))?;
    decode(text.trim()).with_context(|| format!("{} is not a master key", path.display()))
}

/// Makes a master key unless another process is faster. The file has its name only when it is whole, so that nobody
/// ever reads a part of it.
fn make_master_key(path: &Path, edge: Edge) -> std::io::Result<()> {
    let unfinished = path.with_extension(edge.new_uuid().to_string());
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    writeln!(file, "{}", STANDARD.encode(edge.random::<32>()))?;
    file.sync_all()?;
    let named = match fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    };
    fs::remove_file(&unfinished)?;
    named
}

fn decode(text: &str) -> anyhow::Result<[u8; 32]> {
    match <[u8; 32]>::try_from(STANDARD.decode(text)?) {
        Ok(key) => Ok(key),
        Err(other) => bail!("it has {} bytes", other.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use crate::edge::edge;

    #[test]
    fn many_who_make_a_master_key_at_once_read_the_same() {
        let directory = tempfile::tempdir().unwrap();
        let overrides = Overrides { data_dir: Some(directory.path().to_owned()), ..Overrides::default() };
        let mut settings = Settings::read(&overrides).unwrap();
        settings.master_key.clear();
        let start = std::sync::Barrier::new(16);
        let keys: Vec<_> = std::thread::scope(|scope| {
            let read = || {
                start.wait();
                master_key(&settings, edge()).unwrap()
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(read)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        let files: Vec<_> =
            fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(files, [MASTER_KEY_FILE], "nothing else is left");
    }
}

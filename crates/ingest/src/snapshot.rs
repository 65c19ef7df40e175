//! What is known about endpoints, sealed on disk, so that a process that starts while PostgreSQL is away can verify.
//!
//! A cache like the one in memory: losing it loses no event, so a file that cannot be read is a warning.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{EndpointId, EndpointToken, TenantId};
use domain::jws::{LiveSecrets, Secret};
use serde::{Deserialize, Serialize};
use store::{EndpointSecrets, Keys};
use tokio_util::sync::CancellationToken;

use crate::endpoints::Endpoints;

/// The snapshot's file, below the data directory.
pub const SNAPSHOT_FILE: &str = "endpoints.snapshot";
/// How often it is written at most.
const WRITE_EVERY: Duration = Duration::from_secs(2);
/// Bytes that are read; [`crate::endpoints::ENDPOINTS_MAX`] endpoints with the longest secrets stay below.
const SNAPSHOT_BYTES_MAX: u64 = 256 * 1_024 * 1_024;
/// What binds the sealed content to this use.
const PLACE: &str = "endpoints.snapshot";

#[derive(Serialize, Deserialize)]
struct Line {
    token: String,
    tenant: TenantId,
    endpoint: EndpointId,
    current: String,
    previous: Option<String>,
    previous_until: Option<DateTime<Utc>>,
    #[serde(default)]
    url_until: Option<DateTime<Utc>>,
}

/// Reads the snapshot; nothing when there is none, or none of ours.
pub(crate) fn load(file: &Path, keys: &Keys) -> Vec<(EndpointToken, EndpointSecrets)> {
    match read(file, keys) {
        Ok(known) => known,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            tracing::warn!(%error, file = %file.display(), "the snapshot of endpoints cannot be read; a new one is made");
            Vec::new()
        }
    }
}

fn read(file: &Path, keys: &Keys) -> io::Result<Vec<(EndpointToken, EndpointSecrets)>> {
    let mut sealed = Vec::new();
    File::open(file)?.take(SNAPSHOT_BYTES_MAX).read_to_end(&mut sealed)?;
    let plain = keys.open(PLACE, &sealed).map_err(io::Error::other)?;
    let lines: Vec<Line> = serde_json::from_slice(&plain)?;
    lines.into_iter().map(|line| line.read().ok_or_else(|| io::Error::other("a line is wrong"))).collect()
}

/// Writes the snapshot whenever something changed, until `stop`, then once more.
pub(crate) async fn keep_writing(
    endpoints: Arc<Endpoints>,
    file: PathBuf,
    keys: Arc<Keys>,
    stop: CancellationToken,
) {
    loop {
        let goes_on = stop.run_until_cancelled(tokio::time::sleep(WRITE_EVERY)).await.is_some();
        if let Some(known) = endpoints.if_changed() {
            let (file, keys) = (file.clone(), Arc::clone(&keys));
            let written = tokio::task::spawn_blocking(move || write(&file, &keys, &known)).await;
            if let Err(error) = written.unwrap_or_else(|error| Err(io::Error::other(error))) {
                tracing::warn!(%error, "the snapshot of endpoints cannot be written");
                endpoints.set_changed();
            }
        }
        if !goes_on {
            return;
        }
    }
}

/// Replaces the file: at every moment there is a whole one, the old or the new.
fn write(file: &Path, keys: &Keys, known: &[(EndpointToken, Arc<EndpointSecrets>)]) -> io::Result<()> {
    let lines: Vec<Line> = known.iter().map(|(token, endpoint)| Line::of(token, endpoint)).collect();
    let sealed = keys.seal(PLACE, &serde_json::to_vec(&lines)?);
    let fresh = file.with_extension("new");
    let mut options = OpenOptions::new();
    let mut out = options.write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    out.write_all(&sealed)?;
    out.sync_all()?;
    fs::rename(&fresh, file)?;
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

impl Line {
    fn of(token: &EndpointToken, endpoint: &EndpointSecrets) -> Self {
        let text = |secret: &Secret| String::from_utf8_lossy(secret.expose_bytes()).into_owned();
        Self {
            token: token.as_str().to_owned(),
            tenant: endpoint.tenant,
            endpoint: endpoint.endpoint,
            current: text(&endpoint.secrets.current),
            previous: endpoint.secrets.previous.as_ref().map(text),
            previous_until: endpoint.previous_until,
            url_until: endpoint.url_until,
        }
    }

    fn read(self) -> Option<(EndpointToken, EndpointSecrets)> {
        let previous = self.previous.map(|text| Secret::new(&text)).transpose().ok()?;
        let secrets = LiveSecrets { current: Secret::new(&self.current).ok()?, previous };
        let Self { tenant, endpoint, previous_until, url_until, .. } = self;
        Some((
            EndpointToken::parse(&self.token)?,
            EndpointSecrets { tenant, endpoint, secrets, previous_until, url_until },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_read_by_its_own_installation_only() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(SNAPSHOT_FILE);
        let (keys, token) = (Keys::new(&[1; 32]), EndpointToken::from_random([5; 16]));
        let secrets = LiveSecrets {
            current: Secret::new("a current one").unwrap(),
            previous: Some(Secret::new("the one before").unwrap()),
        };
        let endpoint = EndpointSecrets {
            tenant: TenantId(uuid::Uuid::from_u128(1)),
            endpoint: EndpointId(uuid::Uuid::from_u128(2)),
            secrets,
            previous_until: DateTime::from_timestamp(1_800_000_000, 0),
            url_until: DateTime::from_timestamp(1_900_000_000, 0),
        };
        assert!(load(&file, &keys).is_empty(), "there is none yet");
        write(&file, &keys, &[(token.clone(), Arc::new(endpoint))]).unwrap();
        let known = load(&file, &keys);
        assert_eq!(known[0].0, token);
        assert_eq!(known[0].1.secrets.current.expose_bytes(), b"a current one");
        assert_eq!(known[0].1.url_until, DateTime::from_timestamp(1_900_000_000, 0));
        assert_eq!(known[0].1.secrets.previous.as_ref().unwrap().expose_bytes(), b"the one before");
        assert!(load(&file, &Keys::new(&[2; 32])).is_empty(), "another key");
        fs::write(&file, b"something else").unwrap();
        assert!(load(&file, &keys).is_empty(), "damaged");
    }
}

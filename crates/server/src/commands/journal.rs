//! `trunkline journal`: what waits for the database, and moving it by hand.

use std::sync::Arc;

use anyhow::bail;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use ingest::Drainer;
use ingest::journal::{JOURNAL_FILE, Journal, JournalError, Limits, ReadBounds, Record};
use serde_json::json;
use store::Ingest;

use super::{Format, print_result, with_database};
use crate::config::Settings;
use crate::database::keys;
use crate::edge::edge;

/// Records looked at together.
const READ_BOUNDS: ReadBounds = ReadBounds { records_max: 1_000, bytes_max: 16 * 1_024 * 1_024 };

/// What to do with the journal.
#[derive(Subcommand)]
pub(crate) enum JournalCommand {
    /// How much waits, of which kind, and since when.
    Ls,
    /// Check that every record can be read.
    Verify,
    /// Move everything into the database now.
    Drain,
}

/// Runs the command.
///
/// # Errors
/// When a server holds the journal, when something in it cannot be read, or when it cannot be moved.
pub(crate) fn run(command: &JournalCommand, settings: &Settings, format: Format) -> anyhow::Result<()> {
    match command {
        JournalCommand::Ls => ls(settings, format),
        JournalCommand::Verify => verify(settings, format),
        JournalCommand::Drain => drain(settings, format),
    }
}

/// Opens the journal of the settings; makes it when there is none.
///
/// # Errors
/// When another process holds it, or it cannot be read; says what to do.
pub(crate) fn open(settings: &Settings) -> anyhow::Result<Journal> {
    let keys = keys(settings, edge())?;
    let limits = Limits { bytes_max: settings.journal_bytes_max, ..Limits::default() };
    Ok(Journal::open(&settings.data_dir.join(JOURNAL_FILE), keys, limits)?)
}

/// Tries the journal out, unless a server holds it, which does so itself.
///
/// # Errors
/// When it does not work.
pub(crate) fn check(settings: &Settings) -> anyhow::Result<()> {
    match open(settings) {
        Ok(journal) => block_on(async {
            let beaten = journal.beat(edge().now()).await;
            journal.close().await;
            Ok(beaten?)
        }),
        Err(error) if matches!(error.downcast_ref(), Some(JournalError::Held(_))) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What the records of a journal are, counted.
#[derive(Default)]
struct Counts {
    verified: u64,
    unverified: u64,
    unreadable: u64,
    oldest: Option<DateTime<Utc>>,
}

async fn count(journal: &Journal) -> Result<Counts, JournalError> {
    let (mut counts, mut after) = (Counts::default(), 0);
    loop {
        let entries = journal.read(after, READ_BOUNDS).await?;
        let Some(last) = entries.last() else { return Ok(counts) };
        after = last.sequence;
        for entry in entries {
            match entry.record {
                Ok(Record::Verified { .. }) => counts.verified += 1,
                Ok(Record::Unverified { .. }) => counts.unverified += 1,
                Ok(Record::Heartbeat { .. }) => continue,
                Err(_) => counts.unreadable += 1,
            }
            counts.oldest = [counts.oldest, entry.received_at].into_iter().flatten().min();
        }
    }
}

fn ls(settings: &Settings, format: Format) -> anyhow::Result<()> {
    let journal = open(settings)?;
    let counts = block_on(async { Ok(count(&journal).await?) })?;
    let bytes = journal.usage().bytes;
    let age_s = counts.oldest.map(|oldest| (edge().now() - oldest).num_seconds());
    let json = json!({
        "verified": counts.verified,
        "unverified": counts.unverified,
        "unreadable": counts.unreadable,
        "bytes": bytes,
        "oldest": counts.oldest.map(|oldest| oldest.to_rfc3339()),
        "oldestAgeSeconds": age_s,
    });
    let text = format!(
        "{} verified, {} unverified, {} unreadable; {bytes} bytes{}",
        counts.verified,
        counts.unverified,
        counts.unreadable,
        age_s.map(|age_s| format!("; the oldest is {age_s} s old")).unwrap_or_default()
    );
    print_result(format, &json, &text);
    block_on(async {
        journal.close().await;
        Ok(())
    })
}

fn verify(settings: &Settings, format: Format) -> anyhow::Result<()> {
    let journal = open(settings)?;
    let counts = block_on(async {
        let counts = count(&journal).await;
        journal.close().await;
        Ok(counts?)
    })?;
    let (good, bad) = (counts.verified + counts.unverified, counts.unreadable);
    print_result(
        format,
        &json!({ "ok": bad == 0, "readable": good, "unreadable": bad }),
        &format!("{good} records can be read, {bad} cannot."),
    );
    if bad > 0 {
        bail!("{bad} records of the journal cannot be read");
    }
    Ok(())
}

fn drain(settings: &Settings, format: Format) -> anyhow::Result<()> {
    let journal = Arc::new(open(settings)?);
    with_database(settings, async |database| {
        store::migrate(&database.logins, None).await?;
        let store = Ingest::new(&database.logins);
        let drained = Drainer::new(Arc::clone(&journal), &store, edge()).drain(&store).await;
        journal.close().await;
        let drained = drained?;
        print_result(
            format,
            &json!({ "stored": drained.stored, "refused": drained.refused, "kept": drained.kept }),
            &format!(
                "{} deliveries stored, {} refused, {} records kept.",
                drained.stored, drained.refused, drained.kept
            ),
        );
        Ok(())
    })
}

fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

//! `trunkline keys`: replaces the keys that rows are sealed with, while everything runs.

use anyhow::bail;
use clap::Subcommand;
use serde_json::json;
use store::{Forgotten, SealedAgain, SealingKeys};

use super::{Format, print_result};
use crate::database::Database;
use crate::edge::edge;

/// Replace the keys that rows are sealed with.
#[derive(Clone, Copy, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a new key and seal everything again with it. The keys of before still open.
    Rotate,
    /// Take the keys of before away, but for those with which something is sealed that was refused lately.
    Forget,
}

/// Runs the command.
///
/// # Errors
/// When something can be opened with no key, or the database fails; calling it again goes on.
pub(crate) async fn run(command: KeysCommand, database: &Database, format: Format) -> anyhow::Result<()> {
    store::migrate(&database.logins, None).await?;
    let keys = SealingKeys::new(&database.logins);
    match command {
        KeysCommand::Rotate => {
            let wait = keys.add(&edge().random()).await?;
            tokio::time::sleep(wait).await;
            keys.learn().await?;
            let values = seal_again(&keys).await?;
            let text = format!(
                "A new key seals. Sealed again: {values}. `trunkline keys forget` takes the old away."
            );
            print_result(format, &json!({ "sealedAgain": values }), &text);
        }
        KeysCommand::Forget => {
            let values = seal_again(&keys).await?;
            let Forgotten { keys: gone, kept } = keys.forget_old().await?;
            let mut text = format!("Sealed again: {values}. Keys that are gone: {gone}.");
            if kept > 0 {
                text +=
                    " Others are kept for what was refused, which goes by itself: run this again in a week.";
            }
            print_result(format, &json!({ "sealedAgain": values, "forgotten": gone, "kept": kept }), &text);
        }
    }
    Ok(())
}

/// Seals again until nothing is left, because others write meanwhile. Says how many values.
async fn seal_again(keys: &SealingKeys) -> anyhow::Result<u64> {
    let mut values = 0;
    loop {
        let done = keys.seal_again().await?;
        values += done.values;
        match done {
            SealedAgain { values: 0, unopened: 0 } => return Ok(values),
            SealedAgain { values: 0, unopened } => {
                bail!("{unopened} values can be opened with no key that is known; no key was taken away")
            }
            SealedAgain { .. } => {}
        }
    }
}

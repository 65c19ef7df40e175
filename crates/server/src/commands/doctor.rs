//! `trunkline doctor`: is everything there that this server needs?

use std::process::ExitCode;

use serde_json::json;

use super::{Format, print_result};
use crate::config::Settings;
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;

/// Checks settings, journal, database, schema and logins; the exit code says whether all is well.
///
/// # Errors
/// Never for something that is wrong with the server: that is the result.
pub(crate) fn run(settings: &Settings, format: Format) -> anyhow::Result<ExitCode> {
    let checked = check(settings);
    let (json, text) = match &checked {
        Ok(served_at) => (
            json!({ "ok": true, "publicUrl": served_at }),
            format!("All is well. Served at {}.", served_at.as_deref().unwrap_or("no address yet")),
        ),
        Err(error) => (
            json!({ "ok": false, "problem": format!("{error:#}") }),
            format!("Something is wrong: {error:#}"),
        ),
    };
    print_result(format, &json, &text);
    Ok(if checked.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(settings: &Settings) -> anyhow::Result<Option<String>> {
    super::journal::check(settings)?;
    let database = Database::open(settings, edge(), Purpose::Command)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served_at = runtime.block_on(async {
        let served_at = store::migrate(&database.logins, None).await?;
        store::check_logins(&database.logins).await?;
        anyhow::Ok(served_at)
    });
    drop(runtime);
    database.close()?;
    served_at
}

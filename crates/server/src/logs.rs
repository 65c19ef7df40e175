//! Logs go to standard error: text for people, JSON for machines. Text from outside is escaped by the formatter.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::Settings;

/// Starts logging.
///
/// # Errors
/// When the filter cannot be read.
pub(crate) fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log)?;
    let is_terminal = std::io::stderr().is_terminal();
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal).with_writer(std::io::stderr);
    let started = if settings.log_format == "json" { logs.json().try_init() } else { logs.try_init() };
    started.map_err(|error| anyhow::anyhow!("logging could not be started: {error}"))
}

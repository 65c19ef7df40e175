//! `trunkline bench`: measures on a private PostgreSQL.

use clap::Args;

use super::Format;

/// Arguments of `trunkline bench`.
#[derive(Args)]
pub(crate) struct BenchArguments {
    /// Calls that are sent.
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
}

/// Runs the command.
pub(crate) fn run(_arguments: &BenchArguments, _format: Format) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}

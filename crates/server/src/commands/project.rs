//! `trunkline project --rebuild`: folds calls again from their events, while everything else goes on.

use anyhow::bail;
use clap::Args;
use domain::ids::{GlobalId, TenantId};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use store::Projector;

use super::{Format, print_result};
use crate::database::Database;
use crate::edge::edge;

/// Calls that are marked at once; bounds memory, and how long others wait for their turn.
const CALLS_MAX: i64 = 500;

/// Arguments of `trunkline project`.
#[derive(Args)]
pub(crate) struct ProjectArguments {
    /// Fold every call again.
    #[arg(long, required = true)]
    rebuild: bool,
    /// Only of this company (its id in the API).
    #[arg(long)]
    company: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the company's id cannot be read, or the database fails; calling it again goes on.
pub(crate) async fn run(
    arguments: ProjectArguments,
    database: &Database,
    format: Format,
) -> anyhow::Result<()> {
    let company = arguments.company.as_deref().map(company_id).transpose()?;
    store::migrate(&database.logins, None).await?;
    let projector = Projector::new(&database.logins);
    // On standard error, and only for people: nothing is drawn when that is no terminal.
    let style = "{wide_bar} {percent} %  {human_pos} of {human_len} calls, {eta} left";
    let bar = ProgressBar::new(projector.count_calls(company).await?);
    bar.set_style(ProgressStyle::with_template(style)?);
    let (mut after, mut calls) = (None, 0_usize);
    while let Some(last) = projector.mark_again(company, after, CALLS_MAX).await? {
        after = Some(last);
        // A server that runs may take some of the markers; the rest is folded here.
        loop {
            let step = projector.step(CALLS_MAX, edge().now()).await?;
            calls += step.calls.len();
            if step.markers == 0 {
                break;
            }
        }
        bar.inc(CALLS_MAX.unsigned_abs().min(bar.length().unwrap_or(0).saturating_sub(bar.position())));
    }
    bar.finish_and_clear();
    print_result(format, &json!({ "calls": calls }), &format!("{calls} calls were folded here."));
    Ok(())
}

fn company_id(text: &str) -> anyhow::Result<TenantId> {
    match GlobalId::decode(text) {
        Some(GlobalId::Company(tenant)) => Ok(tenant),
        Some(
            GlobalId::Endpoint(..) | GlobalId::Call(..) | GlobalId::Delivery(..) | GlobalId::Conversation(..),
        )
        | None => {
            bail!("{text} is not the id of a company")
        }
    }
}

//! The subcommands.

mod bench;
mod company;
mod demo;
mod doctor;
mod journal;
mod keys;
mod mailbox;
mod project;
mod serve;
mod simulate;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;

use crate::config::{Overrides, Settings};
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;
use crate::logs;

/// Call history for companies that use Dialpad.
#[derive(Parser)]
#[command(name = "trunkline", version, about)]
pub(crate) struct Arguments {
    /// A file of settings; deploy/trunkline.default.toml explains them.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The directory of everything that is kept on disk.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Receive events, project them, answer people.
    Serve(serve::ServeArguments),
    /// Bring the database to the schema of this binary.
    Migrate,
    /// Check settings, database and schema.
    Doctor,
    /// Look after the journal: deliveries that wait for the database. No server may be running on it.
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// Manage companies.
    #[command(subcommand)]
    Company(company::CompanyCommand),
    /// Replace the keys that what is secret in the database is sealed with, while everything runs.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Read the mail that waits: all that was written when there is no mail server.
    #[command(subcommand)]
    Mailbox(mailbox::MailboxCommand),
    /// Make the projection again.
    Project(project::ProjectArguments),
    /// Act as Dialpad: sign and post realistic events.
    Simulate(simulate::SimulateArguments),
    /// Serve a company with simulated live traffic.
    Demo(serve::ServeArguments),
    /// Measure on a private PostgreSQL.
    Bench(bench::BenchArguments),
    /// Measure search on a private PostgreSQL.
    BenchSearch(bench::search::SearchArguments),
    /// Print the GraphQL schema.
    Schema,
}

/// Runs the command.
///
/// # Errors
/// With a sentence for the person who ran it.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut overrides = Overrides { file: arguments.config, listen: None, data_dir: arguments.data_dir };
    if let Command::Serve(serve) | Command::Demo(serve) = &arguments.command {
        overrides.listen.clone_from(&serve.listen);
    }
    let settings = Settings::read(&overrides)?;
    let format = arguments.format;
    let done = match arguments.command {
        Command::Schema => {
            print(format_args!("{}", graphql::sdl().trim_end()));
            Ok(())
        }
        Command::Simulate(simulate) => simulate::run(simulate, format),
        Command::Bench(bench) => bench::run(&bench, format),
        Command::BenchSearch(bench) => bench::search::run(&bench, format),
        Command::Serve(serve) => {
            logs::start(&settings)?;
            serve::run(&settings, serve.role, |_| Ok(()))
        }
        Command::Demo(serve) => {
            logs::start(&settings)?;
            serve::run(&settings, serve.role, demo::begin)
        }
        Command::Doctor => return doctor::run(&settings, format),
        Command::Migrate => with_database(&settings, async |database| {
            store::migrate(&database.logins, None).await?;
            print_result(format, &serde_json::json!({ "migrated": true }), "The schema is up to date.");
            Ok(())
        }),
        Command::Project(project) => {
            with_database(&settings, async |database| project::run(project, database, format).await)
        }
        Command::Journal(command) => journal::run(&command, &settings, format),
        Command::Keys(command) => {
            with_database(&settings, async |database| keys::run(command, database, format).await)
        }
        Command::Mailbox(command) => {
            with_database(&settings, async |database| mailbox::run(command, database, format).await)
        }
        Command::Company(command) => with_database(&settings, async |database| {
            company::run(command, &settings, database, format).await
        }),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Opens the database for a short command, runs it, closes the database.
fn with_database(
    settings: &Settings,
    command: impl AsyncFnOnce(&Database) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let database = Database::open(settings, edge(), Purpose::Command)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(command(&database));
    // Connections are closed before the server that they lead to.
    drop(runtime);
    database.close()?;
    result
}

/// Prints a result in the wanted form.
fn print_result(format: Format, json: &impl Serialize, text: &str) {
    match format {
        Format::Text => print(format_args!("{text}")),
        Format::Json => print(format_args!("{}", serde_json::to_string(json).unwrap_or_default())),
    }
}

#[expect(clippy::print_stdout, reason = "results of commands go to standard output")]
fn print(text: std::fmt::Arguments<'_>) {
    println!("{text}");
}

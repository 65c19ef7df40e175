//! The binary `trunkline`: configuration, HTTP shell, embedded web app, subcommands.
//!
//! This crate is the edge: the only one that reads the clock, chance and the environment. What they give is handed to
//! the others as values.

mod commands;
mod config;
mod database;
mod edge;
mod embedded;
mod http;
mod logs;
mod priority;
mod services;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed already");
    }
    match commands::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "this is what a person reads when a command fails")]
            {
                eprintln!("trunkline: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

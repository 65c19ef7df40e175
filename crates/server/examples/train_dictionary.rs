//! Trains the dictionary that events are compressed with: `cargo run --release -p server --example train_dictionary`.
//!
//! Rows keep the version of the dictionary they were written with, so a new one is a new file and a new version beside
//! the old (`store::payload`); an old file is never changed.
#![expect(clippy::print_stdout, reason = "says what it did")]

use chrono::DateTime;
use simulator::{Office, Rng, Scenario, generate};

/// Bytes of the dictionary. A larger one hardly compresses better, and this one stays in the processor's cache.
const DICTIONARY_BYTES: usize = 32 * 1_024;
/// Companies and calls that it is trained on: many companies, so that it learns shapes rather than names.
const COMPANIES: u64 = 200;
const CALLS_OF_COMPANY: u64 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = DateTime::from_timestamp(1_780_000_000, 0).ok_or("a time")?;
    let mut samples = Vec::new();
    for company in 0..COMPANIES {
        let office = Office::new(company);
        for call in 0..CALLS_OF_COMPANY {
            let steps = generate(Scenario::Mix, &office, &mut Rng::nth(company, call), start);
            samples
                .extend(steps.into_iter().map(|step| store::template(step.payload.to_string().as_bytes())));
        }
    }
    let dictionary = zstd::dict::from_samples(&samples, DICTIONARY_BYTES)?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/src/payload/events-2.dict");
    std::fs::write(path, &dictionary)?;
    println!("{} bytes from {} events", dictionary.len(), samples.len());
    Ok(())
}

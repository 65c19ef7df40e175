//! Proves that the two walls between companies stand: whatever one company asks, by whichever role, key and route, what
//! another one holds is answered like what nobody holds, nothing of the other is ever seen, and nothing of it changes.

mod mutants;
mod routes;
mod schema;
mod suite;
mod values;
mod wire;
mod world;

use mutants::{forgotten, mutants, noticed};
use schema::Schema;
use suite::{Spot, Suite, assert_covered};
use values::{Kind, uuid};
use wire::{Cut, Wire};
use world::{OWNER, Side, World};

use crate::support::database::psql;
use crate::support::{Database, Server, Start, setting};

/// Probes of a run; `make walls` asks for more.
const PROBES: usize = 5_000;
const SEED: u64 = 20_260_914;
/// Characters of a finding that are printed beside its hole.
const SHOWN: usize = 160;

fn number(name: &str) -> Option<u64> {
    setting(name).map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is a number, not {value}")))
}

fn seed() -> u64 {
    number("TRUNKLINE_WALLS_SEED").unwrap_or(SEED)
}

fn probes() -> usize {
    number("TRUNKLINE_WALLS_PROBES").map_or(PROBES, |probes| usize::try_from(probes).unwrap())
}

/// Everything that can be asked and done.
async fn spots(world: &World) -> (Schema, Vec<Spot>) {
    let schema = Schema::read(&world.server, world.owner()).await;
    let own = &world.own.held;
    let mut spots: Vec<Spot> = schema.everything(own).into_iter().map(Spot::plain).collect();
    spots.extend(schema.places(own).into_iter().map(Spot::asking));
    spots.extend(routes::spots());
    spots.extend(schema.deeds(own).into_iter().map(Spot::doing));
    (schema, spots)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_company_holds_is_what_nobody_holds() {
    let world = World::new(Database::new(), None).await;
    let (schema, spots) = spots(&world).await;
    schema.subscriptions(&world.own.held);
    let suite = Suite::begin(world, spots, probes(), seed()).await;
    // Ids of keys are asked for where something is done; elsewhere they stand only where no address is.
    assert_eq!(suite.undiscerned().await, [Kind::ApiKey]);
    let other = suite.world.other().await;
    suite.world.keep();
    let before = suite.world.digests(&other);
    let findings = suite.findings(&other, suite.probes(), false).await;
    assert!(findings.is_empty(), "seed {}: {}", seed(), findings.join("\n\n"));
    assert_eq!(suite.world.digests(&other), before, "seed {}: nothing of the other company changes", seed());
    assert_covered(&schema);
    assert!(suite.probes().len() >= probes());
}

/// A world whose server reaches its database by a wire on which the first wall can be taken away, and the other company.
/// Few ask, at some places.
async fn wired(askers: &[&str], places: impl Fn(&Spot) -> bool) -> (Suite, Wire, Side) {
    let database = Database::new();
    let wire = Wire::to(database.address()).await;
    let mut world = World::new(database, Some(wire.address)).await;
    world.askers.retain(|asker| askers.contains(&asker.name.as_str()));
    let (_, mut spots) = spots(&world).await;
    spots.retain(places);
    let suite = Suite::begin(world, spots, 0, seed()).await;
    let other = suite.world.other().await;
    suite.world.keep();
    (suite, wire, other)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wall_is_enough_alone() {
    let (suite, wire, other) = wired(&[OWNER, "key for CALLS_READ"], |_| true).await;
    let before = suite.world.digests(&other);

    suite.world.raise_second_wall(false);
    let findings = suite.findings(&other, suite.probes(), false).await;
    assert!(findings.is_empty(), "with the first wall only, seed {}: {}", seed(), findings.join("\n\n"));
    assert_eq!(suite.world.digests(&other), before, "with the first wall only, seed {}", seed());
    suite.world.raise_second_wall(true);
    suite.restore().await;

    wire.set(Cut::All);
    let findings = suite.findings(&other, suite.probes(), false).await;
    assert!(findings.is_empty(), "with the second wall only, seed {}: {}", seed(), findings.join("\n\n"));
    assert_eq!(suite.world.digests(&other), before, "with the second wall only, seed {}", seed());
    assert_eq!(forgotten(&suite.world, &other), None);
    // The first wall was away: no table is read by a statement that still names the company.
    let rewritten = wire.rewritten();
    assert!(rewritten.len() > 50, "{} statements were rewritten", rewritten.len());
    let mut tables: Vec<_> = rewritten.values().flatten().cloned().collect();
    tables.sort_unstable();
    tables.dedup();
    assert_eq!(tables, suite.world.tables_of_people(), "of all tables from which people are answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hole_in_a_wall_is_found() {
    let (suite, wire, other) = wired(&[OWNER], Spot::is_singular).await;
    // Only the other one has a provider: a hole shows it to who has none. Whoever signs in may know that it has one, so
    // this is not there where routes are probed.
    suite.world.run(&format!(
        "INSERT INTO single_sign_on (tenant_id, issuer, client_id, client_secret, domains, default_role)
         VALUES ('{}', 'https://{word}.example', '{word}', '{word}', '{{{word}.example}}', 'viewer')",
        uuid(&other.held.tenant),
        word = other.held.marks.word
    ));
    suite.world.keep();
    let whole = async || suite.findings(&other, suite.probes(), false).await;
    assert_eq!(whole().await, Vec::<String>::new(), "with whole walls there is nothing to be found");
    suite.world.restore();
    let holes = mutants(&suite.world);
    let mut unnoticed = Vec::new();
    for mutant in &holes {
        let found = noticed(mutant, &suite, &wire, &other).await;
        let shown: String = found.as_deref().unwrap_or("nobody noticed").chars().take(SHOWN).collect();
        // Which probe killed which mutant: read with `--no-capture`.
        println!("{}: {}", mutant.name, shown.replace('\n', " "));
        if found.is_none() {
            unnoticed.push(&mutant.name);
        }
    }
    assert!(unnoticed.is_empty(), "seed {}: nobody noticed {unnoticed:?}", seed());
    assert!(holes.len() >= 25, "{} holes", holes.len());
    assert_eq!(whole().await, Vec::<String>::new(), "and afterwards there is nothing again");
}

#[test]
fn a_login_above_the_walls_serves_nobody() {
    let database = Database::new();
    let server = Server::start_on(Start::At(database.url()));
    let name = psql(&database.url(), "SELECT current_database()").unwrap();
    for right in ["BYPASSRLS", "SUPERUSER"] {
        let role = |no: &str| format!("ALTER ROLE tl_{}_api {no}{right}", name.trim());
        psql(&database.url(), &role("")).unwrap();
        let refused = server.run(&["migrate"]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("above the walls"), "{right}: {said}");
        psql(&database.url(), &role("NO")).unwrap();
        assert!(server.run(&["migrate"]).status.success(), "{right} was taken away");
    }
}

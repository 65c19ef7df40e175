//! Walls with a hole, one after the other, while the other wall is away: each hole must be found.

use super::suite::Suite;
use super::values::uuid;
use super::wire::{Cut, Wire};
use super::world::{Side, World};
use crate::support::database::psql;

/// Tables whose holes these probes do not notice, and why. This list only shrinks.
const LED_TO: [(&str, &str); 8] = [
    ("call_parties", "leads to calls, whose company is said"),
    ("conversation_legs", "leads to calls, whose company is said"),
    ("parties", "read by ids that calls name, whose company is said"),
    ("party_terms", "leads to parties and calls, whose company is said"),
    ("endpoint_activity", "read by the id of an endpoint, whose company is said"),
    ("event_duplicates", "read by ids of calls; no call of both companies was repeated"),
    ("tenants", "the first row is taken, and it is the own one"),
    ("delivery_hours", "no probe asks for the hours in which the other company received"),
];

/// A hole in a wall.
pub(super) struct Mutant {
    pub(super) name: String,
    hole: Hole,
}

enum Hole {
    /// In the first wall: the conditions on one table are not said. The second one is away.
    Unsaid(String),
    /// In the second wall: what the superuser does, and undoes. The first one is away.
    Deed { deed: String, undo: String },
}

/// What goes wrong while a hole is open; nothing, if nobody noticed.
pub(super) async fn noticed(mutant: &Mutant, suite: &Suite, wire: &Wire, other: &Side) -> Option<String> {
    let world = &suite.world;
    match &mutant.hole {
        Hole::Unsaid(table) => {
            world.raise_second_wall(false);
            wire.set(Cut::Table(table.clone()));
        }
        Hole::Deed { deed, .. } => {
            wire.set(Cut::All);
            world.run(deed);
        }
    }
    let before = world.digests(other);
    let mut found = suite.findings(other, suite.probes(), true).await;
    if found.is_empty() && world.digests(other) != before {
        found.push("something of the other company changed".to_owned());
    }
    match &mutant.hole {
        Hole::Unsaid(_) => world.raise_second_wall(true),
        Hole::Deed { undo, .. } => {
            found.extend(forgotten(world, other));
            world.run(undo);
        }
    }
    wire.set(Cut::Nothing);
    world.restore();
    found.into_iter().next()
}

/// What the role that answers people sees by SQL of its own: without a company it must be an error, and text in the middle
/// is found in one company only.
pub(super) fn forgotten(world: &World, other: &Side) -> Option<String> {
    let tenant = uuid(&world.own.held.tenant);
    let word = &other.held.marks.word;
    let as_role =
        |sql: &str| psql(&world.database.url(), &format!("BEGIN; SET LOCAL ROLE trunkline_api; {sql}"));
    match as_role("SELECT count(*) FROM calls") {
        Err(error) if error.contains("no tenant is set") => {}
        answer => return Some(format!("without a company: {answer:?}")),
    }
    let sql =
        format!("SET LOCAL app.tenant_id = '{tenant}'; SELECT app.parties_containing('n', '{word}', 10)");
    match as_role(&sql) {
        Ok(found) if found.is_empty() => None,
        answer => Some(format!("text in the middle: {answer:?}")),
    }
}

/// Every hole that is tried.
pub(super) fn mutants(world: &World) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let led_to = |table: &String| LED_TO.iter().any(|(known, _)| known == table);
    for table in world.tables_of_people().into_iter().filter(|table| !led_to(table)) {
        mutants.push(Mutant {
            name: format!("{table}: its company is not said"),
            hole: Hole::Unsaid(table.clone()),
        });
        mutants.push(deed(
            format!("{table}: row-level security is off"),
            format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
            format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        ));
    }
    let (role, own) = (world.role("api"), "USING (tenant_id = app.tenant())");
    mutants.extend(["calls", "memberships"].map(|table| {
        deed(
            format!("{table}: no restrictive policy, and a permissive one for all"),
            format!("DROP POLICY tenant_wall ON {table}; CREATE POLICY wide ON {table} TO trunkline_api USING (true)"),
            format!("DROP POLICY wide ON {table}; CREATE POLICY tenant_wall ON {table} AS RESTRICTIVE TO trunkline_api
                     {own} WITH CHECK (tenant_id = app.tenant())"),
        )
    }));
    mutants.push(deed(
        "calls: policies that hold for all".to_owned(),
        "ALTER POLICY tenant ON calls USING (true); ALTER POLICY tenant_wall ON calls USING (true)"
            .to_owned(),
        format!("ALTER POLICY tenant ON calls {own}; ALTER POLICY tenant_wall ON calls {own}"),
    ));
    mutants.push(deed(
        "calls: belongs to the role, and is not forced".to_owned(),
        format!("ALTER TABLE calls OWNER TO {role}; ALTER TABLE calls NO FORCE ROW LEVEL SECURITY"),
        "ALTER TABLE calls OWNER TO CURRENT_USER; ALTER TABLE calls FORCE ROW LEVEL SECURITY".to_owned(),
    ));
    for right in ["BYPASSRLS", "SUPERUSER"] {
        mutants.push(deed(
            format!("the role has {right}"),
            format!("ALTER ROLE {role} {right}"),
            format!("ALTER ROLE {role} NO{right}"),
        ));
    }
    mutants.extend(functions(world));
    mutants.push(deed(
        "an address is invited once anywhere".to_owned(),
        "CREATE UNIQUE INDEX once_anywhere ON invitations (email_key)".to_owned(),
        "DROP INDEX once_anywhere".to_owned(),
    ));
    mutants
}

/// Functions that forget the company.
fn functions(world: &World) -> [Mutant; 2] {
    let kept = |name: &str| world.run(&format!("SELECT pg_get_functiondef('{name}'::regproc)"));
    let (tenant, containing) = (kept("app.tenant"), kept("app.parties_containing"));
    let nobody = "CREATE OR REPLACE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog
        AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$";
    let anybody = containing.replace("tenant_id = $1 AND", "$1 IS NOT NULL AND");
    assert_ne!(anybody, containing, "the function names the company");
    [
        deed("the context does not raise".to_owned(), nobody.to_owned(), tenant),
        deed("a function that works as its owner forgets the company".to_owned(), anybody, containing),
    ]
}

fn deed(name: String, deed: String, undo: String) -> Mutant {
    Mutant { name, hole: Hole::Deed { deed, undo } }
}

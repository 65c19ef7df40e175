//! The run: one fault after the other, then the audit.

use std::time::{Duration, Instant};

use crate::audit::Finding;
use crate::chance::Chance;
use crate::script::{Extent, Fault};
use crate::support::setting;
use crate::world::World;

/// Events of the short profile, and the seed it always has.
const EVENTS: usize = 20_000;
const SEED: u64 = 20_260_914;
const AWAY: Duration = Duration::from_secs(15);
/// How long PostgreSQL is away in the long profile.
const AWAY_LONG: Duration = Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_answered_200_is_lost() {
    let begun = Instant::now();
    let number = |name: &str| setting(name).map(|value| value.parse::<u64>().expect(name));
    let long = number("TRUNKLINE_CHAOS_EVENTS").map(|events| usize::try_from(events).unwrap());
    let seed = number("TRUNKLINE_CHAOS_SEED").unwrap_or(SEED);
    let events = long.unwrap_or(EVENTS);
    let extent = Extent {
        events: EVENTS / (Fault::SHORT.len() - 2),
        away: if long.is_some() { AWAY_LONG } else { AWAY },
    };
    println!("seed {seed}, at least {events} events");
    let mut world = World::new(seed, &[]).await;
    let mut chance = Chance::new(seed);
    let mut faults = Vec::new();
    while world.events() < events || !faults.is_empty() {
        if faults.is_empty() {
            faults.extend(Fault::SHORT);
            if long.is_some() {
                chance.shuffle(&mut faults);
            }
            faults.reverse();
        }
        let fault = faults.pop().expect("some are left");
        let at = begun.elapsed();
        world.suffer(fault, extent).await;
        println!("{:>6.1} s  {fault:?}: {:.1} s, {} events so far", at.as_secs_f64(),
            (begun.elapsed() - at).as_secs_f64(), world.events());
    }
    let report = world.audit().await;
    world.load.end().await;
    println!("{report}  {:<34} {:>6} s", "the whole run took", begun.elapsed().as_secs());
    for finding in Finding::ALL {
        assert_eq!(report.count(finding), 0, "{finding:?}; seed {seed}");
    }
    let done = |fault: &str| world.faults.get(fault).copied().unwrap_or_default();
    assert!(done("kill -9 of the server") >= 6 && done("pg_ctl stop -m immediate") >= 2, "all faults struck");
}

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
        // Some faults take more than once that many.
        events: EVENTS / (Fault::SHORT.len() + 3),
        away: if long.is_some() { AWAY_LONG } else { AWAY },
    };
    println!("seed {seed}, at least {events} events");
    let mut world = World::new(seed, &[]).await;
    let mut chance = Chance::new(seed);
    let chosen = setting("TRUNKLINE_CHAOS_FAULTS").unwrap_or_default();
    let is_chosen =
        |fault: &Fault| chosen.split(',').any(|name| name.is_empty() || name == format!("{fault:?}"));
    loop {
        let mut faults: Vec<Fault> = Fault::SHORT.into_iter().filter(is_chosen).collect();
        if long.is_some() {
            chance.shuffle(&mut faults);
        }
        for fault in faults {
            let at = begun.elapsed();
            world.suffer(fault, extent).await;
            let (at_s, took_s) = (at.as_secs_f64(), (begun.elapsed() - at).as_secs_f64());
            println!("{at_s:>6.1} s  {fault:?}: {took_s:.1} s, {} events so far", world.events());
        }
        if long.is_none() || world.events() >= events {
            break;
        }
    }
    world.release(events.saturating_sub(world.events()));
    let report = world.audit().await;
    world.load.end().await;
    println!("{report}  {:<34} {:>6} s", "the whole run took", begun.elapsed().as_secs());
    for finding in Finding::ALL {
        assert_eq!(report.count(finding), 0, "{finding:?}; seed {seed}");
    }
    let done = |fault: &str| world.faults.get(fault).copied().unwrap_or_default();
    let is_complete = done("kill -9 of the server") >= 6 && done("pg_ctl stop -m immediate") >= 2;
    assert!(is_complete || !chosen.is_empty(), "all faults struck");
}

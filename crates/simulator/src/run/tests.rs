//! Proves that a run waits, retries and gives up as Dialpad does, on a paused clock and without a network.

use std::collections::HashMap;
use std::sync::Mutex;

use bytes::Bytes;
use chrono::DateTime;
use domain::jws::{LiveSecrets, Secret, verify};

use super::*;
use crate::deliver::Attempt;
use crate::misbehave::{Form, Misbehave};
use crate::plan::EVENTS_PER_CALL;
use crate::scenario::Scenario;

const SECRET: &str = "a secret of sixteen or more";

/// Answers each body's tries from a list (the last answer repeats) and writes down when they came.
struct Stand<F> {
    answer: F,
    seen: Arc<Mutex<HashMap<Bytes, Vec<Instant>>>>,
}

impl<F: Fn(usize) -> Attempt + Send + Sync + 'static> Transport for Stand<F> {
    async fn post(&self, body: Bytes) -> Attempt {
        let mut seen = self.seen.lock().unwrap();
        let tries = seen.entry(body).or_default();
        tries.push(Instant::now());
        (self.answer)(tries.len())
    }
}

fn plan(calls: u64) -> Plan {
    let start = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    Plan { calls, ..Plan::new("http://localhost/", SECRET, start) }
}

/// Plays the plan; returns the report and, for each body, the seconds at which it was tried.
async fn play_with<F>(plan: &Plan, answer: F) -> (Report, Vec<Vec<u64>>)
where
    F: Fn(usize) -> Attempt + Send + Sync + 'static,
{
    let begun = Instant::now();
    let seen = Arc::new(Mutex::new(HashMap::new()));
    let stand = Stand { answer, seen: Arc::clone(&seen) };
    let report = play(plan, Timeline::new(plan).unwrap(), stand).await;
    let seen = seen.lock().unwrap();
    let seconds = |at: &Instant| (*at - begun).as_secs();
    (report, seen.values().map(|tries| tries.iter().map(seconds).collect()).collect())
}

#[tokio::test(start_paused = true)]
async fn two_500_then_200_waits_two_and_four_seconds() {
    let (report, tries) = play_with(&plan(3), |n| Attempt::Answered(if n <= 2 { 500 } else { 200 })).await;
    assert!(tries.iter().all(|tries| *tries == [0, 2, 6]), "{tries:?}");
    assert_eq!(report.retries, 2 * report.sent);
    assert_eq!(report.accepted, report.sent);
    assert_eq!(report.server_errors, report.retries);
}

#[tokio::test(start_paused = true)]
async fn a_dead_receiver_is_tried_four_times_in_fourteen_seconds() {
    let (report, tries) = play_with(&plan(2), |_| Attempt::Answered(503)).await;
    assert!(tries.iter().all(|tries| *tries == [0, 2, 6, 14]), "{tries:?}");
    assert_eq!(report.failed_after_retries, report.sent);
    assert_eq!(report.accepted, 0);
}

#[tokio::test(start_paused = true)]
async fn a_failed_connection_is_tried_twice_more_at_once() {
    let (report, tries) = play_with(&plan(2), |_| Attempt::Unreachable("refused".to_owned())).await;
    assert!(tries.iter().all(|tries| *tries == [0, 0, 0]), "{tries:?}");
    assert_eq!((report.failed_after_retries, report.unreachable), (report.sent, 3 * report.sent));
}

#[tokio::test(start_paused = true)]
async fn both_kinds_of_retry_have_their_own_budget() {
    let (report, tries) = play_with(&plan(1), |n| match n {
        1 => Attempt::TimedOut,
        2 => Attempt::Answered(502),
        3 => Attempt::TimedOut,
        _ => Attempt::Answered(204),
    })
    .await;
    assert!(tries.iter().all(|tries| *tries == [0, 0, 2, 2]), "{tries:?}");
    assert_eq!((report.accepted, report.timeouts), (report.sent, 2 * report.sent));
}

#[tokio::test(start_paused = true)]
async fn nothing_below_500_is_tried_again() {
    for status in [301, 302, 400, 401, 404, 413, 429] {
        let (report, tries) = play_with(&plan(2), move |_| Attempt::Answered(status)).await;
        assert!(tries.iter().all(|tries| tries.len() == 1), "{status}");
        assert_eq!((report.refused, report.retries), (report.sent, 0), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_kept() {
    let (report, _) =
        play_with(&Plan { rate_per_second: 50.0, ..plan(40) }, |_| Attempt::Answered(200)).await;
    let expected_ms = (report.sent - 1) as f64 / 50.0 * 1_000.0;
    assert!(
        (report.elapsed_ms - expected_ms).abs() < 5.0,
        "{} instead of {expected_ms} ms",
        report.elapsed_ms
    );
}

#[tokio::test(start_paused = true)]
async fn real_time_follows_the_calls_and_speed_shortens_it() {
    let slow = Plan { realtime: true, rate_per_second: 2.0, ..plan(500) };
    let (report, _) = play_with(&slow, |_| Attempt::Answered(200)).await;
    let rate = report.events_per_second;
    assert!((0.9..2.3).contains(&rate), "{rate} events per second, the last calls' late additions included");
    let per_call = report.sent as f64 / report.calls as f64;
    assert!((per_call / EVENTS_PER_CALL - 1.0).abs() < 0.1, "{per_call} events per call");
    let fast = Plan { speed: 100.0, call_gap: Some(Duration::from_secs(3)), ..slow };
    let (quick, _) = play_with(&fast, |_| Attempt::Answered(200)).await;
    assert!(
        quick.elapsed_ms < report.elapsed_ms / 50.0,
        "{} against {}",
        quick.elapsed_ms,
        report.elapsed_ms
    );
}

#[tokio::test(start_paused = true)]
async fn misbehaviour_is_counted_apart() {
    let plan = Plan { misbehave: Misbehave::ALL.to_vec(), ..plan(200) };
    let (report, _) = play_with(&plan, |n| Attempt::Answered(if n % 2 == 0 { 401 } else { 200 })).await;
    assert!(report.duplicates > 0 && report.sent_bad > 0);
    assert_eq!(report.sent_bad, report.bad_accepted + report.bad_refused + report.bad_failed);
    assert_eq!(report.sent, report.accepted + report.refused + report.failed_after_retries);
    let good = play_with(&Plan { misbehave: Vec::new(), ..plan }, |_| Attempt::Answered(200)).await.0;
    assert_eq!(good.sent, report.sent - report.duplicates, "every event still arrives once");
}

#[test]
fn good_bodies_verify_and_bad_ones_do_not() {
    let secrets = LiveSecrets { current: Secret::new(SECRET).unwrap(), previous: None };
    let plan = Plan { misbehave: Misbehave::ALL.to_vec(), scenario: Scenario::Mix, ..plan(600) };
    let (mut good, mut again, mut bad) = (0_u32, 0_u32, 0_u32);
    for delivery in Timeline::new(&plan).unwrap() {
        let verdict = verify(&delivery.body, &secrets);
        match delivery.form {
            Form::Good => good += u32::from(verdict.is_ok()),
            Form::Duplicate => again += u32::from(verdict.is_ok()),
            Form::Bad => {
                bad += 1;
                assert!(verdict.is_err(), "accepted {:?}", delivery.body);
            }
        }
    }
    assert!(good > 1_500, "{good}");
    assert!((6..14).contains(&(again * 100 / good)), "{again} duplicates of {good}");
    assert!((20..40).contains(&(bad * 100 / good)), "{bad} bad ones of {good}: three kinds of a tenth each");
}

#[test]
fn a_timeline_is_in_order_and_follows_from_its_seed() {
    let bodies = |seed| -> Vec<(DateTime<chrono::Utc>, Bytes)> {
        let plan = Plan { seed, misbehave: Misbehave::ALL.to_vec(), ..plan(50) };
        Timeline::new(&plan).unwrap().map(|delivery| (delivery.at, delivery.body)).collect()
    };
    let first = bodies(7);
    assert!(first.is_sorted_by_key(|(at, _)| *at));
    assert_eq!(first, bodies(7));
    assert_ne!(first, bodies(8));
}

#[test]
fn an_impossible_plan_is_refused() {
    let refused = |plan: Plan| Timeline::new(&plan).is_err();
    assert!(refused(Plan { concurrency: 0, ..plan(1) }));
    assert!(refused(Plan { rate_per_second: f64::NAN, ..plan(1) }));
    assert!(refused(Plan { rate_per_second: -1.0, ..plan(1) }));
    assert!(refused(Plan { speed: 0.0, ..plan(1) }));
    assert!(refused(Plan { secret: String::new(), ..plan(1) }));
    assert!(!refused(plan(0)));
}
